/** What a player watches: blobs under signed addresses, and a challenge's video, poster and captions. */
import { API_PREFIX } from '@2t1l/contract/endpoints';
import { Problem } from '@2t1l/contract/problems';
import { Id } from '@2t1l/contract/schemas';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Ports } from '../ports.ts';
import { POSTER_TYPE, VIDEO_TYPE } from '../store/present.ts';
import { byteRange, isKnown, mayBePart } from './byte-range.ts';
import { webVtt } from './captions.ts';
import { viewChallenge } from './challenges.ts';
import { type Guard, gate } from './gate.ts';
import type { App } from './route.ts';

/** Nothing else is ever sent as what it says it is. */
const TYPES: ReadonlySet<string> = new Set([VIDEO_TYPE, POSTER_TYPE]);
/** Shorter than an address lives; the bytes under it never change. */
const CACHE_CONTROL = 'private, max-age=21600, immutable';

const SIGNED: Guard = { auth: 'none', scope: 'read', rate: 'read' };
const LOOK: Guard = { auth: 'optional', scope: 'read', rate: 'read' };
const Params = z.object({ id: Id });

export function mediaRoutes(app: App, ports: Ports): void {
  app.route({
    method: ['GET', 'HEAD'],
    url: `${API_PREFIX}/blobs/:hash`,
    onRequest: gate(app, SIGNED),
    handler: (request, reply) => sendBlob(request, reply, ports),
  });
  const look = (path: string, answer: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>) =>
    app.get(`${API_PREFIX}/challenges/:id/${path}`, { onRequest: gate(app, LOOK), schema: { params: Params }, handler: answer });
  look('video', async (request, reply) => goTo((await challengeOf(request, ports)).video_url, reply));
  look('poster', async (request, reply) => goTo((await challengeOf(request, ports)).poster_url, reply));
  look('captions', async (request, reply) => {
    const { statements, segments } = await challengeOf(request, ports);
    return reply.header('cache-control', 'no-store').type('text/vtt; charset=utf-8').send(webVtt(statements, segments));
  });
}

async function sendBlob(request: FastifyRequest, reply: FastifyReply, { blobs }: Ports): Promise<FastifyReply> {
  const { hash } = request.params as { hash: string };
  const mediaType = blobs.verify(hash, request.query as Record<string, string | undefined>);
  if (mediaType === null || !TYPES.has(mediaType)) {
    throw new Problem('address_invalid');
  }
  const found = await blobs.stat(hash);
  if (found === null) {
    throw new Problem('not_found');
  }
  const etag = `"${hash}"`;
  reply.headers({
    etag,
    'cache-control': CACHE_CONTROL,
    'accept-ranges': 'bytes',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'cross-origin',
  });
  if (isKnown(request.headers['if-none-match'], etag)) {
    return reply.code(304).send();
  }
  const size = found.size_bytes;
  const range = mayBePart(request.headers['if-range'] as string | undefined, etag) ? byteRange(request.headers.range, size) : null;
  if (range === 'unsatisfiable') {
    reply.header('content-range', `bytes */${size}`);
    throw new Problem('range_unsatisfiable', { detail: `The file has ${size} bytes.` });
  }
  reply.type(mediaType).header('content-length', range === null ? size : range.end - range.start + 1);
  if (range !== null) {
    reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${size}`);
  }
  return request.method === 'HEAD' ? reply.send() : reply.send(await blobs.read(hash, range ?? undefined));
}

function challengeOf(request: FastifyRequest, ports: Ports) {
  const { id } = request.params as z.output<typeof Params>;
  return viewChallenge(id, request.player?.id ?? null, ports);
}

/** The signed address changes with time, so nobody keeps the way to it. */
function goTo(url: string | null, reply: FastifyReply): FastifyReply {
  if (url === null) {
    throw new Problem('not_found', { detail: 'It has not been made yet.' });
  }
  return reply.header('cache-control', 'no-store').redirect(url, 302);
}
