/** How a contract endpoint becomes a route: what goes in is checked, what comes out is an allow-list, both by the contract's schemas. */
import { API_PREFIX, type Endpoint } from '@2t1l/contract/endpoints';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { z } from 'zod';
import { gate, type Player } from './gate.ts';
import { idempotencyHooks } from './idempotency.ts';

/** The HTTP server with what its hooks need (`edge`); routes get ports and config as arguments. */
export type App = FastifyInstance;

/** What a handler gets: checked input, typed by the endpoint, and who asks. */
export interface Call<E extends Endpoint> {
  params: Part<E, 'params'>;
  query: Part<E, 'query'>;
  body: Part<E, 'body'>;
  /** Null where the endpoint needs no token and none was sent (or none is looked at). */
  player: E['auth'] extends 'player' ? Player : E['auth'] extends 'none' ? null : Player | null;
  request: FastifyRequest;
  reply: FastifyReply;
}

type Part<E extends Endpoint, K extends 'params' | 'query' | 'body'> =
  E extends Record<K, infer S extends z.ZodType> ? z.output<S> : undefined;
type AnswerOf<E extends Endpoint> = null extends z.output<E['answer']> ? null | undefined : z.output<E['answer']>;

/** Registers `endpoint` below `API_PREFIX`. The order: limits 429, host 400, token 401, scope 403, body 400, then `handler`. */
export function mount<const E extends Endpoint>(app: App, endpoint: E, handler: (call: Call<E>) => Promise<AnswerOf<E>>): void {
  const route: RouteOptions = {
    method: endpoint.method,
    url: API_PREFIX + endpoint.path,
    config: { endpoint },
    schema: {
      ...(endpoint.params === undefined ? {} : { params: endpoint.params }),
      ...(endpoint.query === undefined ? {} : { querystring: endpoint.query }),
      ...(endpoint.body === undefined ? {} : { body: endpoint.body }),
      ...(endpoint.status === 204 ? {} : { response: { [endpoint.status]: endpoint.answer } }),
    },
    onRequest: gate(app, endpoint),
    ...(endpoint.idempotent === true ? idempotencyHooks(app, endpoint) : {}),
    handler: async (request, reply) => {
      const call = {
        params: request.params,
        query: request.query,
        body: request.body,
        player: request.player,
        request,
        reply,
      };
      // The schemas of this very route have made these what `Call<E>` says.
      const answer = await handler(call as Call<E>);
      reply.code(endpoint.status);
      return endpoint.status === 204 ? reply.send() : answer;
    },
  };
  app.route(route);
}
