/** Rows of challenges as the steps read and write them. The lie is not here: see answers.ts. */
import { type ChallengeState, type SegmentIndex, UNPUBLISHED_STATES } from '@2t1l/game/challenge';
import type { Insertable, Selectable, Updateable } from 'kysely';
import type { Db, Tx } from '../ports.ts';
import { insertAnswer } from './answers.ts';
import { prepared } from './prepared.ts';
import type { ChallengeRow } from './tables.ts';

/** All but the analysis, which is long and which few look at. */
export type Challenge = Omit<Selectable<ChallengeRow>, 'ai_analysis'>;
export type ChallengeChange = Updateable<ChallengeRow>;

const BLOB_SCHEME = 'blob:';

/** What a column says of the blob with this hash. */
export function blobUrl(hash: string): string {
  return BLOB_SCHEME + hash;
}

/** The hash in a column that `blobUrl` has filled. */
export function hashOf(url: string | null): string | null {
  return url === null ? null : url.slice(BLOB_SCHEME.length);
}

const COLUMNS = [
  'id',
  'user_id',
  'title',
  'prompt',
  'story',
  'statements',
  'audience',
  'transition',
  'status',
  'video_segments',
  'merged_video_url',
  'poster_url',
  'tell_choices',
  'commitment',
  'guess_count',
  'failed_step',
  'failed_reason',
  'published_at',
  'clips_until',
  'heavy_until',
  'created_at',
  'updated_at',
] as const;

const challengeOf = prepared((db, { id }: { id: string }) => db.selectFrom('challenges').select(COLUMNS).where('id', '=', id));

/** The challenge in any state; undefined where there is none. */
export async function findChallenge(db: Db | Tx, id: string): Promise<Challenge | undefined> {
  return (await challengeOf(db, { id }))[0];
}

/** Writes a new challenge and its answer's row, which exists with and without a lie. */
export async function insertChallenge(tx: Tx, row: Insertable<ChallengeRow>, lie: SegmentIndex | null): Promise<void> {
  await tx.insertInto('challenges').values(row).execute();
  await insertAnswer(tx, row.id, lie);
}

export async function updateChallenge(tx: Tx, id: string, change: ChallengeChange): Promise<void> {
  await tx.updateTable('challenges').set(change).where('id', '=', id).execute();
}

/** Changes the state where it still is `from`; false where it is not. */
export async function moveChallenge(tx: Tx, id: string, from: ChallengeState, change: ChallengeChange): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('challenges')
    .set(change)
    .where('id', '=', id)
    .where('status', '=', from)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

const oneGuessMore = prepared((db, { id }: { id: string }) =>
  db
    .updateTable('challenges')
    .set((eb) => ({ guess_count: eb('guess_count', '+', 1) }))
    .where('id', '=', id),
);

/** One more guess; `updated_at` stays, it tells of the author's changes. */
export async function countChallengeGuess(tx: Tx, id: string): Promise<void> {
  await oneGuessMore(tx, { id });
}

/** How many of the player's challenges are not published yet, up to `most`. */
export async function countUnpublished(db: Db | Tx, playerId: string, most: number): Promise<number> {
  const rows = await db
    .selectFrom('challenges')
    .select('id')
    .where('user_id', '=', playerId)
    .where('status', 'in', UNPUBLISHED_STATES)
    .limit(most)
    .execute();
  return rows.length;
}

/** Challenges in one of the states, longest in it first. */
export function challengesIn(db: Db, states: readonly ChallengeState[], limit: number): Promise<{ id: string; status: ChallengeState }[]> {
  return db.selectFrom('challenges').select(['id', 'status']).where('status', 'in', states).orderBy('updated_at').limit(limit).execute();
}

/** Challenges whose heavy video may go. */
export function challengesPastHeavy(db: Db, now: string, limit: number): Promise<{ id: string }[]> {
  return db.selectFrom('challenges').select('id').where('heavy_until', '<=', now).orderBy('heavy_until').limit(limit).execute();
}

/** Challenges whose clips' files may go. */
export function challengesPastClips(db: Db, now: string, limit: number): Promise<{ id: string }[]> {
  return db.selectFrom('challenges').select('id').where('clips_until', '<=', now).orderBy('clips_until').limit(limit).execute();
}
