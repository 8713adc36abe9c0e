/** Rows of clips and what they are to the rules. */
import { type Notice, type Refusal, UNPUBLISHED_STATES } from '@2t1l/game/challenge';
import type { ClipFacts } from '@2t1l/game/view';
import type { Insertable, Selectable, Updateable } from 'kysely';
import type { Db, Tx } from '../ports.ts';
import type { ClipRow } from './tables.ts';

export type Clip = Selectable<ClipRow>;

export function clipFacts(row: Clip): ClipFacts {
  return {
    id: row.id,
    segment_index: row.segment_index,
    state: row.status,
    reasons: JSON.parse(row.reasons) as Refusal[],
    notices: JSON.parse(row.notices) as Notice[],
    duration_seconds: row.duration_seconds,
    width: row.width,
    height: row.height,
    size_bytes: row.size_bytes,
  };
}

export function findClip(db: Db | Tx, id: string): Promise<Clip | undefined> {
  return db.selectFrom('clips').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The clips of a challenge in the order of the statements. */
export function listClips(db: Db | Tx, challengeId: string): Promise<Clip[]> {
  return db.selectFrom('clips').selectAll().where('challenge_id', '=', challengeId).orderBy('segment_index').execute();
}

/** The clips of several challenges, by challenge, each in the order of the statements. */
export async function listClipsOf(db: Db, challengeIds: readonly string[]): Promise<Map<string, Clip[]>> {
  const clips = new Map<string, Clip[]>(challengeIds.map((id) => [id, []]));
  if (challengeIds.length === 0) {
    return clips;
  }
  const rows = await db.selectFrom('clips').selectAll().where('challenge_id', 'in', challengeIds).orderBy('segment_index').execute();
  for (const row of rows) {
    clips.get(row.challenge_id)?.push(row);
  }
  return clips;
}

/** Where the clips of the player's challenges that are not published lie, and how large they came. */
export function clipsUnpublished(db: Db | Tx, playerId: string): Promise<Pick<Clip, 'challenge_id' | 'segment_index' | 'size_bytes'>[]> {
  return db
    .selectFrom('challenges')
    .innerJoin('clips', 'clips.challenge_id', 'challenges.id')
    .select(['clips.challenge_id', 'clips.segment_index', 'clips.size_bytes'])
    .where('challenges.user_id', '=', playerId)
    .where('challenges.status', 'in', UNPUBLISHED_STATES)
    .execute();
}

export async function insertClip(tx: Tx, row: Insertable<ClipRow>): Promise<void> {
  await tx.insertInto('clips').values(row).execute();
}

/** Changes a clip that is still in check; undefined where it is not (replaced, deleted, checked before). */
export function settleClip(tx: Tx, id: string, change: Updateable<ClipRow>): Promise<Clip | undefined> {
  return tx.updateTable('clips').set(change).where('id', '=', id).where('status', '=', 'checking').returningAll().executeTakeFirst();
}

export async function deleteClip(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('clips').where('id', '=', id).execute();
}

/** Clips that wait for their check in challenges that are not given up, oldest first. */
export function clipsInCheck(db: Db, limit: number): Promise<{ id: string; user_id: string }[]> {
  return db
    .selectFrom('clips')
    .innerJoin('challenges', 'challenges.id', 'clips.challenge_id')
    .select(['clips.id', 'challenges.user_id'])
    .where('clips.status', '=', 'checking')
    .where('challenges.status', 'in', ['draft', 'checking'])
    .orderBy('clips.updated_at')
    .limit(limit)
    .execute();
}
