/** `GET /challenges/:id/events`: what happens to a challenge, as it happens (html.spec.whatwg.org, 9.2 Server-sent events). */
import { API_PREFIX } from '@2t1l/contract/endpoints';
import { Problem } from '@2t1l/contract/problems';
import { Id } from '@2t1l/contract/schemas';
import { mayReveal, viewFor } from '@2t1l/game/view';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Ports } from '../ports.ts';
import { loadFacts } from '../store/facts.ts';
import { eventHub } from './event-hub.ts';
import { addressKey, gate, type Player } from './gate.ts';
import { openPlaces, type Place } from './places.ts';
import type { App } from './route.ts';

const Params = z.strictObject({ id: Id });
const EventId = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const Query = z.strictObject({ last_event_id: EventId.optional() });
const RETRY_MS = 2000;
/** A heartbeat later at the most, a stream whose other end is gone has been closed. */
const RETRY_SECONDS = 15;
const PLAYER_STREAMS_MAX = 20;
/** Of guests, who can be made at will; a party stands behind one address. */
const ADDRESS_STREAMS_MAX = 100;

/** Read by fetch streaming, because EventSource cannot send the token. Without `Last-Event-ID` it begins with what comes next. */
export function eventRoutes(app: App, ports: Ports): void {
  const hub = eventHub(ports);
  const places = openPlaces({ code: 'too_many_streams', what: 'event streams', retry_after_seconds: RETRY_SECONDS });
  app.addHook('preClose', (done) => {
    hub.close();
    done();
  });
  app.get<{ Params: z.output<typeof Params>; Querystring: z.output<typeof Query> }>(
    `${API_PREFIX}/challenges/:id/events`,
    {
      schema: { params: Params, querystring: Query },
      onRequest: gate(app, { auth: 'player', scope: 'read', rate: 'read' }),
      exposeHeadRoute: false,
    },
    async (request, reply) => {
      const { player } = request;
      if (player === null) {
        throw new Problem('unauthenticated');
      }
      const { id } = request.params;
      // Before the look at the challenge: what comes after this id is news, what came up to it is in the facts.
      const newest = await ports.events.lastId(id);
      const facts = await loadFacts(ports.db, id, player.id);
      const viewer = { player_id: player.id, has_guessed: facts?.has_guessed ?? false };
      const view = facts === null ? null : viewFor(facts, viewer);
      if (facts === null || view === null) {
        throw new Problem('challenge_not_found');
      }
      const given = request.query.last_event_id ?? headerId(request);
      const response = reply.raw;
      if (app.edge.limits) {
        places.take(response, placesOf(request, player));
      }
      reply.hijack();
      response.writeHead(200, {
        ...reply.getHeaders(),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store, no-transform',
        // nginx would wait for a buffer to fill.
        'x-accel-buffering': 'no',
      } as Record<string, string>);
      response.write(`retry: ${RETRY_MS}\n\n`);
      const may = { isAuthor: view.is_author, mayReveal: mayReveal(facts, viewer) };
      hub.join(id, { response, player, ...may, last_id: Math.min(given ?? newest, newest), seen_id: newest });
    },
  );
}

function placesOf(request: FastifyRequest, player: Player): Place[] {
  const own = { key: player.id, most: PLAYER_STREAMS_MAX };
  return player.role === 'guest' ? [own, { key: addressKey(request.ip), most: ADDRESS_STREAMS_MAX }] : [own];
}

function headerId(request: FastifyRequest): number | null {
  const header = request.headers['last-event-id'];
  if (header === undefined || header === '') {
    return null;
  }
  const parsed = EventId.safeParse(header);
  if (!parsed.success) {
    throw new Problem('invalid_request', { errors: [{ pointer: '#/headers/last-event-id', detail: 'the id of an event' }] });
  }
  return parsed.data;
}
