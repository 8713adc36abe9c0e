/** Devices that want to be told. What they are reached by is a secret: it leaves this table for the push service alone. */
import { createHash } from 'node:crypto';
import type { PushState, PushWants } from '@2t1l/contract/push';
import { sql } from 'kysely';
import type { Db, PushAddress, Tx } from '../ports.ts';
import type { PushTokenRow } from './tables.ts';

/** A device as a message is sent to it. */
export interface PushDevice extends Pick<PushTokenRow, 'session_id' | 'user_id' | 'address_hash' | 'language'> {
  address: PushAddress;
  wants: PushWants;
}

export interface NewPushToken extends Pick<PushTokenRow, 'session_id' | 'user_id' | 'language' | 'updated_at'> {
  address: PushAddress;
  wants: PushWants;
  /** When the first digest is due, where one is wanted and none was before. */
  digest_at: string;
}

/** Hex SHA-256 of what names the device at its push service. */
export function pushAddressHash(address: PushAddress): string {
  return createHash('sha256')
    .update(address.kind === 'expo' ? address.token : address.endpoint)
    .digest('hex');
}

/** Takes the place of what the session had, and of what another session had on the same device. */
export async function writePushToken(tx: Tx, token: NewPushToken): Promise<void> {
  const { session_id, user_id, language, updated_at, address, wants, digest_at } = token;
  const address_hash = pushAddressHash(address);
  await tx.deleteFrom('push_tokens').where('address_hash', '=', address_hash).where('session_id', '!=', session_id).execute();
  const values = {
    user_id,
    address: JSON.stringify(address),
    address_hash,
    language,
    published: flag(wants.published),
    failed: flag(wants.failed),
    guessed: flag(wants.guessed),
    updated_at,
  };
  await tx
    .insertInto('push_tokens')
    .values({ session_id, ...values, digest_at: wants.digest ? digest_at : null, sending: null })
    .onConflict((conflict) =>
      conflict.column('session_id').doUpdateSet({
        ...values,
        digest_at: wants.digest ? sql<string>`coalesce(push_tokens.digest_at, ${digest_at})` : null,
      }),
    )
    .execute();
}

/** Of the player's devices those beyond `most` are forgotten, longest unheard of first. */
export async function trimPushTokens(tx: Tx, playerId: string, most: number): Promise<void> {
  const rows = await tx
    .selectFrom('push_tokens')
    .select('session_id')
    .where('user_id', '=', playerId)
    .orderBy('updated_at', 'desc')
    .limit(2 * most)
    .execute();
  await deletePushTokens(
    tx,
    rows.slice(most).map((row) => row.session_id),
  );
}

/** What the sessions' devices have asked for is forgotten. */
export async function deletePushTokens(tx: Tx, sessionIds: readonly string[]): Promise<void> {
  if (sessionIds.length > 0) {
    await tx.deleteFrom('push_tokens').where('session_id', 'in', sessionIds).execute();
  }
}

/** The device's push service does not know it any more; nothing happens where the session has another device by now. */
export async function deleteGonePushToken(tx: Tx, sessionId: string, addressHash: string): Promise<void> {
  await tx.deleteFrom('push_tokens').where('session_id', '=', sessionId).where('address_hash', '=', addressHash).execute();
}

/** What the session's device gets; null where it gets nothing. */
export async function findPushState(db: Db | Tx, sessionId: string): Promise<PushState['device']> {
  const device = await findPushDevice(db, sessionId);
  return device === undefined ? null : { kind: device.address.kind, language: device.language, wants: device.wants };
}

export async function findPushDevice(db: Db | Tx, sessionId: string): Promise<PushDevice | undefined> {
  const row = await db.selectFrom('push_tokens').selectAll().where('session_id', '=', sessionId).executeTakeFirst();
  return row === undefined ? undefined : deviceOf(row);
}

/**
 * Marks that `jobId` is about to send. Null where there is no such device any more, or where that very job had begun before and its
 * end was never written: whether that message arrived nobody knows, and it is not sent twice.
 */
export async function beginSending(tx: Tx, sessionId: string, jobId: string): Promise<PushDevice | null> {
  const row = await tx.selectFrom('push_tokens').selectAll().where('session_id', '=', sessionId).executeTakeFirst();
  if (row === undefined) {
    return null;
  }
  const hasBegun = row.sending === jobId;
  if (hasBegun) {
    return null;
  }
  await tx.updateTable('push_tokens').set({ sending: jobId }).where('session_id', '=', sessionId).execute();
  return deviceOf(row);
}

/** The job's sending has ended, well or not. */
export async function endSending(tx: Tx, sessionId: string, jobId: string): Promise<void> {
  await tx.updateTable('push_tokens').set({ sending: null }).where('session_id', '=', sessionId).where('sending', '=', jobId).execute();
}

/** Sessions of the player whose devices want to hear of it. */
export async function sessionsWanting(tx: Tx, playerId: string, want: 'published' | 'failed' | 'guessed'): Promise<string[]> {
  const rows = await tx.selectFrom('push_tokens').select('session_id').where('user_id', '=', playerId).where(want, '=', 1).execute();
  return rows.map((row) => row.session_id);
}

/** Devices whose digest is due, longest due first. */
export async function dueDigests(
  db: Db,
  now: string,
  limit: number,
): Promise<{ session_id: string; user_id: string; digest_at: string }[]> {
  const rows = await db
    .selectFrom('push_tokens')
    .select(['session_id', 'user_id', 'digest_at'])
    .where('digest_at', '<=', now)
    .orderBy('digest_at')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...row, digest_at: row.digest_at ?? now }));
}

/** Sets the next digest; false where this one is not due any more. */
export async function moveDigest(tx: Tx, sessionId: string, from: string, to: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('push_tokens')
    .set({ digest_at: to })
    .where('session_id', '=', sessionId)
    .where('digest_at', '=', from)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

function deviceOf(row: PushTokenRow): PushDevice {
  return {
    session_id: row.session_id,
    user_id: row.user_id,
    address_hash: row.address_hash,
    language: row.language,
    address: JSON.parse(row.address) as PushAddress,
    wants: { published: row.published === 1, failed: row.failed === 1, guessed: row.guessed === 1, digest: row.digest_at !== null },
  };
}

function flag(isOn: boolean): 0 | 1 {
  return isOn ? 1 : 0;
}
