/** The HTTP edge: one Fastify, the hooks that every request passes, the routes of every resource. */
import { randomBytes } from 'node:crypto';
import { API_PREFIX } from '@2t1l/contract/endpoints';
import { Problem } from '@2t1l/contract/problems';
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { accessTokens } from '../players/access-tokens.ts';
import type { Ports } from '../ports.ts';
import { authRoutes } from './auth.ts';
import { allowOrigins } from './cors.ts';
import { meRoutes } from './me.ts';
import { answerUnknown } from './not-found.ts';
import { answerErrors, problemOf, problemText } from './problem-handler.ts';
import type { App } from './route.ts';
import { serializerCompiler, validatorCompiler } from './schemas.ts';

/** What of the configuration the edge asks for. */
export interface AppConfig {
  /** Host names to answer for, without port; null: all. */
  hosts: readonly string[] | null;
  cors_origins: readonly string[];
  /** What Fastify's `trustProxy` takes. */
  trust_proxy: boolean | string;
  limits: boolean;
  token_minutes: number;
  /** PEM texts; null: plain http. */
  tls: { cert: string; key: string } | null;
}

const JSON_BODY_BYTES = 64 * 1024;
const PARAM_LENGTH_MAX = 300;
/** The specification's addresses without prefix; the same handlers answer. */
const BARE = /^\/(?:auth|challenges)(?:[/?]|$)/;

/** Everything registered, not yet listening. */
export async function buildApp(ports: Ports, config: AppConfig): Promise<App> {
  const options: FastifyServerOptions = {
    bodyLimit: JSON_BODY_BYTES,
    trustProxy: config.trust_proxy,
    genReqId: requestIds(),
    rewriteUrl: (request) => withPrefix(request.url ?? '/'),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: PARAM_LENGTH_MAX },
    forceCloseConnections: true,
    frameworkErrors: (error, request, reply) => {
      const problem = problemOf(error);
      reply.raw.writeHead(problem.status, { 'content-type': 'application/problem+json' }).end(problemText(problem, request));
    },
  };
  const app: FastifyInstance = Fastify(config.tls === null ? options : ({ ...options, https: config.tls } as FastifyServerOptions));
  app.decorate('edge', {
    ports,
    tokens: accessTokens(ports, config.token_minutes),
    hosts: config.hosts === null ? null : new Set(config.hosts.map((host) => host.toLowerCase())),
    limits: config.limits,
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
  answerUnknown(app, () => null);

  authRoutes(app, ports);
  meRoutes(app, ports);
  await app.ready();
  return app;
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
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') {
      done(null, undefined);
      return;
    }
    parseJson(request, body, done);
  });
  app.addContentTypeParser('*', (request, _payload, done) => {
    if (request.headers['content-length'] === '0') {
      done(null, undefined);
      return;
    }
    done(new Problem('media_type_unsupported', { detail: 'This address reads application/json.' }));
  });
}
