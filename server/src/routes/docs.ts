/** `/openapi.json` and `/docs`, a page that needs nothing from elsewhere. Both are made when first asked for: Scalar is 4 MB of script. */
import { once } from 'node:events';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { gunzip } from 'node:zlib';
import { endpoints } from '@2t1l/contract/endpoints';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../config.ts';
import { checkHost } from './gate.ts';
import { openApiDocument } from './openapi.ts';
import { pageHeaders } from './page-headers.ts';
import type { App } from './route.ts';

const SCRIPT = '/docs/scalar.js';
const DAY_SECONDS = 24 * 60 * 60;
const SETTINGS = { withDefaultFonts: false, hideClientButton: true, telemetry: false, agent: { disabled: true }, mcp: { disabled: true } };
const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>2Truths-1Lie API</title></head>
<body><div id="api-reference" data-url="/openapi.json" data-configuration='${JSON.stringify(SETTINGS)}'></div><script src="${SCRIPT}"></script></body></html>`;

export function docsRoutes(app: App, config: Pick<Config, 'tls' | 'public_url'>): void {
  let document: string | null = null;
  let script: Promise<Buffer> | null = null;
  const headers = pageHeaders(PAGE, config.tls !== null);
  const onRequest = async (request: FastifyRequest) => checkHost(app.edge, request);

  app.get('/openapi.json', { onRequest }, async (_request, reply) => {
    document ??= JSON.stringify(openApiDocument(endpoints, config.public_url ?? '/'));
    return reply.header('content-type', 'application/json; charset=utf-8').header('cache-control', 'no-cache').send(document);
  });
  app.get('/docs', { onRequest }, async (_request, reply) =>
    reply.headers(headers).header('content-type', 'text/html; charset=utf-8').header('cache-control', 'no-cache').send(PAGE),
  );
  app.get(SCRIPT, { onRequest }, async (request, reply) => {
    script ??= loadScript().catch((error: unknown) => {
      script = null;
      throw error;
    });
    const gzipped = await script;
    const isGzip = (request.headers['accept-encoding'] ?? '').includes('gzip');
    reply
      .header('content-type', 'text/javascript; charset=utf-8')
      .header('cache-control', `public, max-age=${DAY_SECONDS}`)
      .header('vary', 'Accept-Encoding');
    return isGzip ? reply.header('content-encoding', 'gzip').send(gzipped) : reply.send(await promisify(gunzip)(gzipped));
  });
}

async function loadScript(): Promise<Buffer> {
  const thread = new Worker(new URL('./scalar-script.ts', import.meta.url));
  const [gzipped] = (await once(thread, 'message')) as [Uint8Array];
  return Buffer.from(gzipped);
}
