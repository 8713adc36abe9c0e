/**
 * `Idempotency-Key`: a repeated POST gets the first one's answer for 24 h. Only what succeeded is kept; a refusal may be tried again.
 *
 * The first request of a key draws the id of what will be made, and commits it before the work begins. So a request that died
 * between the work and its stored answer, wherever that was, is simply done again: the step finds what bears the id already.
 */
import { createHash } from 'node:crypto';
import type { Endpoint } from '@2t1l/contract/endpoints';
import { Problem } from '@2t1l/contract/problems';
import type { FastifyInstance, FastifyRequest, onSendAsyncHookHandler, preHandlerAsyncHookHandler } from 'fastify';
import type { Db } from '../ports.ts';
import { transact } from '../store/transact.ts';

const SECOND = 1000;
const KEPT_MS = 24 * 60 * 60 * SECOND;
const KEY = /^[\x21-\x7e]{1,255}$/;

/** The row of a request that is not answered yet. */
interface Claim {
  user_id: string;
  key: string;
  endpoint: string;
  request_hash: string;
  /** The id of what the request makes. */
  resource_id: string;
  created_at: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    idempotencyClaim: Claim | null;
  }
}

interface Hooks {
  preHandler: preHandlerAsyncHookHandler;
  onSend: onSendAsyncHookHandler;
}

/** The id for what this request makes; the same for every repetition. Undefined without a key. The step must pass over what is made already. */
export function repeatableId(request: FastifyRequest): string | undefined {
  return request.idempotencyClaim?.resource_id;
}

/** The hooks of a route whose endpoint is `idempotent`. */
export function idempotencyHooks(app: FastifyInstance, endpoint: Endpoint): Hooks {
  const { db, clock, ids, log } = app.edge.ports;
  const name = `${endpoint.method} ${endpoint.path}`;
  return {
    async preHandler(request, reply) {
      const key = keyOf(request);
      const { player } = request;
      if (key === null || player === null) {
        return;
      }
      const now = clock.now();
      const found = await claim(db, now, {
        user_id: player.id,
        key,
        endpoint: name,
        request_hash: hashOf(name, request),
        resource_id: ids.next(),
        created_at: new Date(now).toISOString(),
      });
      if ('resource_id' in found) {
        request.idempotencyClaim = found;
        return;
      }
      // Our own answer, serialised by the endpoint's schema when it was first given.
      return reply.code(found.status).header('idempotency-replayed', 'true').type('application/json; charset=utf-8').send(found.body);
    },
    async onSend(request, reply, payload) {
      const held = request.idempotencyClaim;
      if (held === null) {
        return;
      }
      request.idempotencyClaim = null;
      try {
        if (reply.statusCode < 300 && typeof payload === 'string') {
          await keep(db, held, { status: reply.statusCode, body: payload });
        } else if (reply.statusCode < 500) {
          await forget(db, held);
        }
        // After a failure of ours nobody knows how far it came: the claim stays, and the repetition finds what was made.
      } catch (err) {
        // What was done is done: the caller gets the answer, and a repetition will find it made.
        log.error({ err }, 'an idempotent answer could not be stored');
      }
    },
  };
}

function keyOf(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key'];
  if (key === undefined) {
    return null;
  }
  if (typeof key !== 'string' || !KEY.test(key)) {
    throw new Problem('invalid_request', {
      errors: [{ pointer: '#/headers/idempotency-key', detail: '1 to 255 visible ASCII characters' }],
    });
  }
  return key;
}

/** The body has passed its schema, which puts the fields into one order. */
function hashOf(name: string, request: FastifyRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([name, request.params ?? null, request.body ?? null]))
    .digest('hex');
}

/** The claim of a request that is to be done (perhaps again), or the answer of one that was. Throws `idempotency_conflict`. */
async function claim(db: Db, now: number, wanted: Claim): Promise<Claim | { status: number; body: string }> {
  const fresh = { ...wanted, status: null, body: null };
  return transact(db, async (tx) => {
    const inserted = await tx
      .insertInto('idempotency_keys')
      .values(fresh)
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (inserted.numInsertedOrUpdatedRows === 1n) {
      return wanted;
    }
    const row = await tx
      .selectFrom('idempotency_keys')
      .selectAll()
      .where('user_id', '=', wanted.user_id)
      .where('key', '=', wanted.key)
      .executeTakeFirstOrThrow();
    if (row.resource_id === null || now - Date.parse(row.created_at) >= KEPT_MS) {
      await tx.updateTable('idempotency_keys').set(fresh).where('user_id', '=', wanted.user_id).where('key', '=', wanted.key).execute();
      return wanted;
    }
    if (row.endpoint !== wanted.endpoint || row.request_hash !== wanted.request_hash) {
      throw new Problem('idempotency_conflict');
    }
    if (row.status !== null && row.body !== null) {
      return { status: row.status, body: row.body };
    }
    return { ...wanted, resource_id: row.resource_id, created_at: row.created_at };
  });
}

/** Keeps the first answer, also where a refusal of the same request has let the key go in the meantime. */
async function keep(db: Db, held: Claim, answer: { status: number; body: string }): Promise<void> {
  await transact(db, (tx) =>
    tx
      .insertInto('idempotency_keys')
      .values({ ...held, ...answer })
      .onConflict((conflict) =>
        conflict
          .columns(['user_id', 'key'])
          .doUpdateSet(answer)
          .where('idempotency_keys.resource_id', '=', held.resource_id)
          .where('idempotency_keys.status', 'is', null),
      )
      .execute(),
  );
}

/** Nothing was done: the key may come again, with another request too. */
async function forget(db: Db, held: Claim): Promise<void> {
  await transact(db, (tx) =>
    tx
      .deleteFrom('idempotency_keys')
      .where('user_id', '=', held.user_id)
      .where('key', '=', held.key)
      .where('resource_id', '=', held.resource_id)
      .where('status', 'is', null)
      .execute(),
  );
}
