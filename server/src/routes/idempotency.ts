/** `Idempotency-Key`: a repeated POST gets the first one's answer for 24 h. Only what succeeded is kept; a failure may be tried again. */
import { createHash } from 'node:crypto';
import type { Endpoint } from '@2t1l/contract/endpoints';
import { Problem } from '@2t1l/contract/problems';
import type { FastifyInstance, FastifyRequest, onSendAsyncHookHandler, preHandlerAsyncHookHandler } from 'fastify';
import type { Player } from '../players/access-tokens.ts';
import type { Db } from '../ports.ts';
import { transact } from '../store/transact.ts';

const SECOND = 1000;
const KEPT_MS = 24 * 60 * 60 * SECOND;
/** A first request that has not ended by then died with its process. */
const RUNNING_MS = 60 * SECOND;
const KEY = /^[\x21-\x7e]{1,255}$/;

/** The row that this request holds while it runs. */
interface Claim {
  user_id: string;
  key: string;
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

/** The hooks of a route whose endpoint is `idempotent`. */
export function idempotencyHooks(app: FastifyInstance, endpoint: Endpoint): Hooks {
  const { db, clock, log } = app.edge.ports;
  const name = `${endpoint.method} ${endpoint.path}`;
  return {
    async preHandler(request, reply) {
      const key = keyOf(request);
      const { player } = request;
      if (key === null || player === null) {
        return;
      }
      const found = await claim(db, clock.now(), { endpoint: name, key, player, request_hash: hashOf(name, request) });
      if ('created_at' in found) {
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
        await settle(db, held, reply.statusCode < 300 && typeof payload === 'string' ? { status: reply.statusCode, body: payload } : null);
      } catch (err) {
        // What was done is done: the caller gets the answer, only a repetition would not find it.
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

async function claim(
  db: Db,
  now: number,
  wanted: { endpoint: string; key: string; player: Player; request_hash: string },
): Promise<Claim | { status: number; body: string }> {
  const own = { user_id: wanted.player.id, key: wanted.key, created_at: new Date(now).toISOString() };
  const fresh = { endpoint: wanted.endpoint, request_hash: wanted.request_hash, status: null, body: null, created_at: own.created_at };
  return transact(db, async (tx) => {
    const row = await tx
      .selectFrom('idempotency_keys')
      .selectAll()
      .where('user_id', '=', own.user_id)
      .where('key', '=', own.key)
      .executeTakeFirst();
    if (row === undefined) {
      const inserted = await tx
        .insertInto('idempotency_keys')
        .values({ ...own, ...fresh })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      if (inserted.numInsertedOrUpdatedRows !== 1n) {
        throw new Problem('idempotency_running', { retry_after_seconds: 1 });
      }
      return own;
    }
    const age = now - Date.parse(row.created_at);
    if (age < (row.status === null ? RUNNING_MS : KEPT_MS)) {
      if (row.endpoint !== wanted.endpoint || row.request_hash !== wanted.request_hash) {
        throw new Problem('idempotency_conflict');
      }
      if (row.status === null || row.body === null) {
        throw new Problem('idempotency_running', { retry_after_seconds: 1 });
      }
      return { status: row.status, body: row.body };
    }
    const taken = await tx
      .updateTable('idempotency_keys')
      .set(fresh)
      .where('user_id', '=', own.user_id)
      .where('key', '=', own.key)
      .where('created_at', '=', row.created_at)
      .executeTakeFirst();
    if (taken.numUpdatedRows !== 1n) {
      throw new Problem('idempotency_running', { retry_after_seconds: 1 });
    }
    return own;
  });
}

/** Keeps the answer, or lets the key go. Nothing happens where the claim was taken over meanwhile. */
async function settle(db: Db, held: Claim, answer: { status: number; body: string } | null): Promise<void> {
  await transact(db, async (tx) => {
    if (answer === null) {
      await tx
        .deleteFrom('idempotency_keys')
        .where('user_id', '=', held.user_id)
        .where('key', '=', held.key)
        .where('created_at', '=', held.created_at)
        .execute();
      return;
    }
    await tx
      .updateTable('idempotency_keys')
      .set(answer)
      .where('user_id', '=', held.user_id)
      .where('key', '=', held.key)
      .where('created_at', '=', held.created_at)
      .execute();
  });
}
