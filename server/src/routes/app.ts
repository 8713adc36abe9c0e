/** The HTTP edge: one Fastify, the hooks that every request passes, the routes of every resource. */
import { isUtf8 } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { API_PREFIX } from '@2t1l/contract/endpoints';
import { Problem } from '@2t1l/contract/problems';
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import type { Config } from '../config.ts';
import { accessTokens } from '../players/access-tokens.ts';
import type { Ports } from '../ports.ts';
import { appLinkRoutes } from './app-links.ts';
import { authRoutes } from './auth.ts';
import { challengeRoutes } from './challenges.ts';
import { allowOrigins } from './cors.ts';
import { docsRoutes } from './docs.ts';
import { eventRoutes } from './events.ts';
import { formUploadRoutes } from './form-upload.ts';
import { guessRoutes } from './guesses.ts';
import { healthRoutes } from './health.ts';
import { linkRoutes } from './link/routes.ts';
import { answerMalformed } from './malformed-http.ts';
import { meRoutes } from './me.ts';
import { mediaRoutes } from './media.ts';
import { metricsRoutes } from './metrics.ts';
import { answerUnknown } from './not-found.ts';
import { playerRoutes } from './players.ts';
import { answerErrors, PROBLEM_TYPE, problemOf, problemText } from './problem-handler.ts';
import type { App } from './route.ts';
import { serializerCompiler, validatorCompiler } from './schemas.ts';
import { uploadRoutes } from './uploads.ts';
import { appShell, pageFallback, webRoutes } from './web.ts';

const JSON_BODY_BYTES = 64 * 1024;
const PARAM_LENGTH_MAX = 300;
/** A clip of 100 MB over half a megabit a second. */
const REQUEST_TIMEOUT_MS = 30 * 60 * 1000;
/** The specification's addresses without prefix; the same handlers answer. */
const BARE = /^\/(?:auth|challenges)(?:[/?]|$)/;

/** Everything registered, not yet listening. */
export async function buildApp(ports: Ports, config: Config): Promise<App> {
  const options: FastifyServerOptions = {
    bodyLimit: JSON_BODY_BYTES,
    trustProxy: trusted(config.trust_proxy),
    genReqId: requestIds(),
    rewriteUrl: (request) => withPrefix(request.url ?? '/'),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: PARAM_LENGTH_MAX },
    forceCloseConnections: true,
    requestTimeout: REQUEST_TIMEOUT_MS,
    clientErrorHandler: answerMalformed,
    frameworkErrors: (error, request, reply) => {
      const problem = problemOf(error);
      reply.raw.writeHead(problem.status, { 'content-type': PROBLEM_TYPE }).end(problemText(problem, request));
    },
  };
  const app: FastifyInstance = Fastify(
    config.tls === null ? options : ({ ...options, https: await readTls(config.tls) } as FastifyServerOptions),
  );
  app.decorate('edge', {
    ports,
    tokens: accessTokens(ports, config.token_minutes),
    hosts: config.allowed_hosts === null ? null : new Set(config.allowed_hosts),
    limits: config.limits,
    min_client_version: config.min_client_version,
  });
  app.decorateRequest('player', null);
  app.decorateRequest('idempotencyClaim', null);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerErrors(ports.log));
  acceptBodies(app);
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
    done();
  });
  allowOrigins(app, config.cors_origins);
  const shell = appShell(config);
  answerUnknown(app, pageFallback(shell, config));

  await metricsRoutes(app, config);
  healthRoutes(app, ports, config);
  docsRoutes(app, config);
  appLinkRoutes(app, config);
  authRoutes(app, ports, config);
  meRoutes(app, ports, config);
  challengeRoutes(app, ports);
  uploadRoutes(app, ports, config);
  formUploadRoutes(app, ports, config);
  guessRoutes(app, ports);
  playerRoutes(app, ports);
  mediaRoutes(app, ports);
  eventRoutes(app, ports);
  await linkRoutes(app, ports, { ...config, shell });
  await webRoutes(app, config);
  await app.ready();
  return app;
}

/** A number is how many proxies stand in front: the hops nearest to us. */
function trusted(setting: Config['trust_proxy']): NonNullable<FastifyServerOptions['trustProxy']> {
  return typeof setting === 'number' ? (_address, hop) => hop < setting : setting;
}

async function readTls({ cert_path, key_path }: NonNullable<Config['tls']>): Promise<{ cert: Buffer; key: Buffer }> {
  return { cert: await readFile(cert_path), key: await readFile(key_path) };
}

function withPrefix(url: string): string {
  return BARE.test(url) ? API_PREFIX + url : url;
}

/** Ids that tell processes and requests apart, at the price of an addition. */
function requestIds(): () => string {
  const start = randomBytes(6).toString('hex');
  let count = 0;
  return () => `${start}-${(count++).toString(36)}`;
}

/** JSON, where an empty body is no body; of any other kind nothing but an empty one. */
function acceptBodies(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (body.length === 0) {
      done(null, undefined);
      return;
    }
    // RFC 8259, 8.1. Read as text at once, what is no UTF-8 would pass with other characters in its place.
    if (!isUtf8(body)) {
      done(new Problem('malformed_json', { detail: 'The body is not UTF-8.' }));
      return;
    }
    parseJson(request, body.toString(), done);
  });
  app.addContentTypeParser('*', (request, _payload, done) => {
    if (request.headers['content-length'] === '0') {
      done(null, undefined);
      return;
    }
    done(new Problem('media_type_unsupported', { detail: 'This address reads application/json.' }));
  });
}
