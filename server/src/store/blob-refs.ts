/**
 * Who needs which blob. Every blob has a row before its bytes are put, and a row until they are deleted, so none is ever unknown:
 *   `put:<id>`      reserved by a step that is about to write its result
 *   `upload:<id>`   reserved by a resumable upload whose last byte has come
 *   `clip:...`, `challenge:...`   in use
 *   `gone:<id>`     given up; deleted by the sweep after a while
 *   `sweep:<hash>`  being deleted just now: who wants the same bytes waits
 */
import type { Db, Tx } from '../ports.ts';

export interface BlobRef {
  owner: string;
  hash: string;
}

export const sourceOwner = (clipId: string) => `clip:${clipId}:source`;
export const canonicalOwner = (clipId: string) => `clip:${clipId}:canonical`;
export const videoOwner = (challengeId: string) => `challenge:${challengeId}:video`;
/** The heavy video that a slim one has replaced, while signed addresses of it may be in use. */
export const heavyVideoOwner = (challengeId: string) => `challenge:${challengeId}:heavy`;
export const posterOwner = (challengeId: string) => `challenge:${challengeId}:poster`;
export const uploadOwner = (uploadId: string) => `upload:${uploadId}`;
const sweepOwner = (hash: string) => `sweep:${hash}`;

export async function insertRef(tx: Tx, ref: BlobRef, now: string): Promise<void> {
  await tx
    .insertInto('blob_refs')
    .values({ ...ref, created_at: now })
    .execute();
}

export async function findRef(db: Db | Tx, owner: string): Promise<BlobRef | undefined> {
  return db.selectFrom('blob_refs').select(['owner', 'hash']).where('owner', '=', owner).executeTakeFirst();
}

/** True while the sweep deletes the blob. */
export async function isBeingSwept(tx: Tx, hash: string): Promise<boolean> {
  return (await findRef(tx, sweepOwner(hash))) !== undefined;
}

/** Hands a reference over to another owner; false where the first no longer has it. */
export async function renameRef(tx: Tx, from: string, to: string, now: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('blob_refs')
    .set({ owner: to, created_at: now })
    .where('owner', '=', from)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** References that nobody holds any more: given up, or reserved before `before` and never used. */
export function staleRefs(db: Db, before: string, limit: number): Promise<BlobRef[]> {
  return db
    .selectFrom('blob_refs')
    .select(['owner', 'hash'])
    .where((eb) =>
      // Ranges of the primary key: ';' follows ':'.
      eb.or([
        eb.and([eb('owner', '>=', 'gone:'), eb('owner', '<', 'gone;')]),
        eb.and([eb('owner', '>=', 'put:'), eb('owner', '<', 'put;')]),
        eb.and([eb('owner', '>=', 'sweep:'), eb('owner', '<', 'sweep;')]),
      ]),
    )
    .where('created_at', '<', before)
    .limit(limit)
    .execute();
}

/** Drops a stale reference. Where it was the last of its blob, the blob is claimed for deletion and the claim's owner is returned. */
export async function dropStaleRef(tx: Tx, ref: BlobRef, now: string): Promise<string | null> {
  await deleteRef(tx, ref.owner);
  const others = await tx.selectFrom('blob_refs').select('owner').where('hash', '=', ref.hash).limit(1).executeTakeFirst();
  if (others !== undefined) {
    return null;
  }
  await insertRef(tx, { owner: sweepOwner(ref.hash), hash: ref.hash }, now);
  return sweepOwner(ref.hash);
}

export async function deleteRef(tx: Tx, owner: string): Promise<void> {
  await tx.deleteFrom('blob_refs').where('owner', '=', owner).execute();
}
