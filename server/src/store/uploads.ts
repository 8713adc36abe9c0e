/** Resumable uploads under way. `tus` holds the tus server's own record and, once the clip has been made, its id. */
import type { SegmentIndex } from '@2t1l/game/challenge';
import type { Db, Tx } from '../ports.ts';
import type { UploadRow } from './tables.ts';

/** What the `tus` column keeps. */
export interface TusRecord {
  size: number | null;
  metadata: Record<string, string | null>;
  /** Null until the last byte has become a clip. */
  clip_id: string | null;
}

export interface StoredUpload {
  id: string;
  user_id: string;
  challenge_id: string;
  segment_index: SegmentIndex;
  tus: TusRecord;
  created_at: string;
  expires_at: string;
}

export async function insertUpload(tx: Tx, upload: StoredUpload): Promise<void> {
  await tx
    .insertInto('uploads')
    .values({ ...upload, tus: JSON.stringify(upload.tus) })
    .execute();
}

export async function findUpload(db: Db | Tx, id: string): Promise<StoredUpload | undefined> {
  const row = await db.selectFrom('uploads').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : read(row);
}

export async function updateTus(tx: Tx, id: string, tus: TusRecord): Promise<void> {
  await tx
    .updateTable('uploads')
    .set({ tus: JSON.stringify(tus) })
    .where('id', '=', id)
    .execute();
}

export async function deleteUpload(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('uploads').where('id', '=', id).execute();
}

export async function uploadsOfChallenge(db: Db | Tx, challengeId: string): Promise<StoredUpload[]> {
  return (await db.selectFrom('uploads').selectAll().where('challenge_id', '=', challengeId).execute()).map(read);
}

/** How many uploads the player has under way, up to `most`. */
export async function countUploads(db: Db | Tx, playerId: string, most: number): Promise<number> {
  const rows = await db.selectFrom('uploads').select('id').where('user_id', '=', playerId).limit(most).execute();
  return rows.length;
}

/** The player's uploads that have not become a clip. */
export async function uploadsUnderWay(db: Db | Tx, playerId: string): Promise<StoredUpload[]> {
  const rows = await db.selectFrom('uploads').selectAll().where('user_id', '=', playerId).execute();
  return rows.map(read).filter(({ tus }) => tus.clip_id === null);
}

export function expiredUploads(db: Db, now: string, limit: number): Promise<{ id: string }[]> {
  return db.selectFrom('uploads').select('id').where('expires_at', '<=', now).limit(limit).execute();
}

function read(row: UploadRow): StoredUpload {
  return { ...row, tus: JSON.parse(row.tus) as TusRecord };
}
