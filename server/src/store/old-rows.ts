/** Rows whose time is over. Each call deletes one batch and says how many that were. */
import type { Db, Tx } from '../ports.ts';

/** Events that no client can ask for any more. */
export async function deleteOldEvents(tx: Tx, before: string, limit: number): Promise<number> {
  const old = tx.selectFrom('events').select('id').where('created_at', '<', before).limit(limit);
  return Number((await tx.deleteFrom('events').where('id', 'in', old).executeTakeFirstOrThrow()).numDeletedRows);
}

/** Refresh tokens past their time. A spent one stays until then: only so is its second use noticed. */
export async function deleteOldRefreshTokens(tx: Tx, now: string, limit: number): Promise<number> {
  const old = tx.selectFrom('refresh_tokens').select('token_hash').where('expires_at', '<', now).limit(limit);
  return Number((await tx.deleteFrom('refresh_tokens').where('token_hash', 'in', old).executeTakeFirstOrThrow()).numDeletedRows);
}

/** Idempotency keys made before `before`. */
export async function deleteOldIdempotencyKeys(tx: Tx, before: string): Promise<number> {
  return Number((await tx.deleteFrom('idempotency_keys').where('created_at', '<', before).executeTakeFirstOrThrow()).numDeletedRows);
}

/** Which of these uploads are known. */
export async function knownUploads(db: Db, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) {
    return new Set();
  }
  const rows = await db.selectFrom('uploads').select('id').where('id', 'in', ids).execute();
  return new Set(rows.map((row) => row.id));
}
