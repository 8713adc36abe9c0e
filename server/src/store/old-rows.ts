/** Rows whose time is over. Each call deletes one batch and says how many that were. */
import { sql } from 'kysely';
import type { Db, Tx } from '../ports.ts';

/** Events that no client can ask for any more. */
export async function deleteOldEvents(tx: Tx, before: string, limit: number): Promise<number> {
  const old = tx.selectFrom('events').select('id').where('created_at', '<', before).limit(limit);
  return Number((await tx.deleteFrom('events').where('id', 'in', old).executeTakeFirstOrThrow()).numDeletedRows);
}

/**
 * Refresh tokens past their time, and the sessions whose last ones they were: nothing opens those again, their access tokens have
 * expired before. A spent token stays until its time is over: only so is its second use noticed.
 */
export async function deleteOldRefreshTokens(tx: Tx, now: string, limit: number): Promise<number> {
  const old = tx.selectFrom('refresh_tokens').select('token_hash').where('expires_at', '<', now).limit(limit);
  const gone = await tx.deleteFrom('refresh_tokens').where('token_hash', 'in', old).returning('session_id').execute();
  const sessionIds = [...new Set(gone.map((token) => token.session_id))];
  if (sessionIds.length > 0) {
    await tx
      .deleteFrom('sessions')
      .where('id', 'in', sessionIds)
      .where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom('refresh_tokens').select('token_hash').whereRef('refresh_tokens.session_id', '=', 'sessions.id'))),
      )
      .execute();
  }
  return gone.length;
}

/** Jobs that were given up, begun before `before`: until then their `last_error` can be looked at. */
export async function deleteDeadJobs(tx: Tx, before: string): Promise<number> {
  const dead = tx.deleteFrom('jobs').where('status', '=', 'dead').where('created_at', '<', before);
  return Number((await dead.executeTakeFirstOrThrow()).numDeletedRows);
}

/** Idempotency keys made before `before`. */
export async function deleteOldIdempotencyKeys(tx: Tx, before: string): Promise<number> {
  return Number((await tx.deleteFrom('idempotency_keys').where('created_at', '<', before).executeTakeFirstOrThrow()).numDeletedRows);
}

/** The kept answer of the request that made `resourceId`: it says what that held. The key stays; its repetition finds nothing then. */
export async function dropKeptAnswer(tx: Tx, userId: string, resourceId: string): Promise<void> {
  await tx
    .updateTable('idempotency_keys')
    .set({ status: null, body: null })
    .where('user_id', '=', userId)
    .where('resource_id', '=', resourceId)
    .execute();
}

/** Guests made before `before` who have neither guessed nor made anything, and have not been here since. */
export async function deleteIdleGuests(tx: Tx, before: string, limit: number): Promise<number> {
  const idle = tx
    .selectFrom('users')
    .select('id')
    // Written out, so that the partial index is known to fit.
    .where(sql<boolean>`role = 'guest' and guess_count = 0`)
    .where('created_at', '<', before)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('challenges').select('challenges.id').whereRef('challenges.user_id', '=', 'users.id'))),
    )
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('challenge_responses').select('score').whereRef('challenge_responses.user_id', '=', 'users.id'))),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('sessions').select('sessions.id').whereRef('sessions.user_id', '=', 'users.id').where('last_used_at', '>=', before),
        ),
      ),
    )
    .orderBy('created_at')
    .limit(limit);
  return Number((await tx.deleteFrom('users').where('id', 'in', idle).executeTakeFirstOrThrow()).numDeletedRows);
}

/** Which of these uploads are known. */
export async function knownUploads(db: Db, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) {
    return new Set();
  }
  const rows = await db.selectFrom('uploads').select('id').where('id', 'in', ids).execute();
  return new Set(rows.map((row) => row.id));
}
