/** A thread that hands over Scalar's script, gzipped, and ends: the 60 MB that reading the package takes go with it. */
import { parentPort } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import scalar from '@scalar/fastify-api-reference';
import Fastify from 'fastify';

// The package gives its script away through its own plugin only, so a server that never listens is asked for it.
const app = Fastify();
await app.register(scalar, { routePrefix: '/docs', configuration: { url: '/openapi.json' } });
const { body, statusCode } = await app.inject('/docs/js/scalar.js');
if (statusCode !== 200) {
  throw new Error(`@scalar/fastify-api-reference answered ${statusCode} for its script`);
}
parentPort?.postMessage(gzipSync(body));
