/** CORS (fetch.spec.whatwg.org, 3.2) in one hook: @fastify/cors builds its options anew for every request, which is felt at our rates. */
import type { FastifyInstance } from 'fastify';

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
/** Of answers: what our clients read besides the body (tus 1.0.0 among it). */
const EXPOSED = [
  'Location, Retry-After, X-Request-Id, Idempotency-Replayed, ETag, Content-Range, Accept-Ranges',
  'Tus-Resumable, Tus-Version, Tus-Extension, Tus-Max-Size, Upload-Offset, Upload-Length, Upload-Expires, Upload-Metadata, Upload-Clip',
].join(', ');
const MAX_AGE_SECONDS = 3600;

/** Lets pages of `origins` call; `*` is every page. No cookies are used, so no credentials are allowed. */
export function allowOrigins(app: FastifyInstance, origins: readonly string[]): void {
  const allowed = new Set(origins.map((origin) => origin.toLowerCase().replace(/\/$/, '')));
  const everybody = allowed.has('*');

  app.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers;
    if (!everybody) {
      reply.header('vary', 'Origin');
    }
    if (origin === undefined || !(everybody || allowed.has(origin.toLowerCase()))) {
      done();
      return;
    }
    reply.header('access-control-allow-origin', everybody ? '*' : origin);
    reply.header('access-control-expose-headers', EXPOSED);
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) {
      done();
      return;
    }
    reply
      .code(204)
      .header('access-control-allow-methods', METHODS)
      .header('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '*')
      .header('access-control-max-age', MAX_AGE_SECONDS)
      .send();
  });
}
