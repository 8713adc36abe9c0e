/** Rows of what was measured: a clip's result, a challenge's short form, the record of the whole server. */
import type { SegmentIndex } from '@2t1l/game/challenge';
import { type Insertable, type Selectable, sql } from 'kysely';
import type { ClipAnalysis, ComparedClip, Db, Tx } from '../ports.ts';
import type { ChallengeTellsRow, ClipAnalysisRow, TellRecordRow } from './tables.ts';

/** What stands in a clip's row in place of the models' names: no model could measure it yet (there was none, no ffmpeg, no room), so that the sweep tries again; or measuring it was given up. */
export const NO_MODEL = 'none';
export const GIVEN_UP = 'given up';
/** So many of a person's other clips tell how that person varies. */
const EARLIER_CLIPS = 30;

/** A clip's row; `result` is null where measuring broke off for good. */
export interface MeasuredClip {
  clip_id: string;
  result: ClipAnalysis | null;
}

export async function insertClipAnalysis(
  tx: Tx,
  row: Omit<Insertable<ClipAnalysisRow>, 'result' | 'compared'>,
  result: ClipAnalysis | null,
): Promise<void> {
  await tx
    .insertInto('clip_analyses')
    .values({ ...row, result: result && JSON.stringify(result), compared: result && JSON.stringify(comparedOf(result)) })
    .onConflict((conflict) => conflict.column('clip_id').doNothing())
    .execute();
}

/** What was measured in the clips of a challenge, in no order. */
export async function listClipAnalyses(db: Db | Tx, challengeId: string): Promise<MeasuredClip[]> {
  const rows = await db.selectFrom('clip_analyses').select(['clip_id', 'result']).where('challenge_id', '=', challengeId).execute();
  return rows.map(measuredOf);
}

export async function findClipAnalysis(db: Db | Tx, clipId: string): Promise<MeasuredClip | undefined> {
  const row = await db.selectFrom('clip_analyses').select(['clip_id', 'result']).where('clip_id', '=', clipId).executeTakeFirst();
  return row && measuredOf(row);
}

/** What the same models measured in the same file of the same person, in whichever challenge. */
export async function findSameFile(db: Db, ask: { user_id: string; source_hash: string; model: string }): Promise<ClipAnalysis | null> {
  const row = await db
    .selectFrom('clip_analyses')
    .select(['clip_id', 'result'])
    .where('user_id', '=', ask.user_id)
    .where('source_hash', '=', ask.source_hash)
    .where('model', '=', ask.model)
    .where('result', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : measuredOf(row).result;
}

/** What the same models measured in the newest clips of the person's other challenges, challenge by challenge. */
export async function earlierClips(tx: Tx, ask: { id: string; user_id: string; model: string }): Promise<ComparedClip[][]> {
  const rows = await tx
    .selectFrom('clip_analyses')
    .select(['challenge_id', 'compared'])
    .where('user_id', '=', ask.user_id)
    .where('challenge_id', '!=', ask.id)
    .where('model', '=', ask.model)
    .orderBy('created_at', 'desc')
    .limit(EARLIER_CLIPS)
    .execute();
  const byChallenge = Map.groupBy(rows, ({ challenge_id }) => challenge_id);
  return [...byChallenge.values()].map((clips) =>
    clips.flatMap(({ compared }) => (compared === null ? [] : [JSON.parse(compared) as ComparedClip])),
  );
}

function comparedOf({ signals, raw }: ClipAnalysis): ComparedClip {
  return { signals, raw };
}

/** True while a job of one of these keys waits or runs. */
export async function isWorkedOn(db: Db | Tx, keys: readonly string[]): Promise<boolean> {
  return (await db.selectFrom('jobs').select('id').where('dedupe_key', 'in', keys).limit(1).execute()).length > 0;
}

/** Clips that no model could measure yet. */
export async function clipsWithoutModel(db: Db, limit: number): Promise<string[]> {
  // as a literal, so that the partial index is used
  const query = db
    .selectFrom('clip_analyses')
    .select('clip_id')
    .where(sql<boolean>`model = ${sql.lit(NO_MODEL)}`);
  return (await query.limit(limit).execute()).map(({ clip_id }) => clip_id);
}

/** Marks a clip as one that is not tried again. */
export async function giveClipUp(tx: Tx, clipId: string): Promise<void> {
  await tx.updateTable('clip_analyses').set({ model: GIVEN_UP }).where('clip_id', '=', clipId).execute();
}

export async function deleteClipAnalysis(tx: Tx, clipId: string): Promise<void> {
  await tx.deleteFrom('clip_analyses').where('clip_id', '=', clipId).execute();
}

/** Voids what was made of the clips together; the clips' own results stay. */
export async function voidAnalysis(tx: Tx, challengeId: string): Promise<void> {
  await tx.deleteFrom('challenge_tells').where('challenge_id', '=', challengeId).execute();
  await tx.updateTable('challenges').set({ ai_analysis: null }).where('id', '=', challengeId).execute();
}

/** Deletes everything that was ever measured of a person. What the record has counted stays counted: nobody can be found in it. */
export async function deleteAnalysesOf(tx: Tx, userId: string): Promise<void> {
  await tx
    .updateTable('challenges')
    .set({ ai_analysis: null })
    .where('user_id', '=', userId)
    .where('ai_analysis', 'is not', null)
    .execute();
  await tx.deleteFrom('clip_analyses').where('user_id', '=', userId).execute();
  await tx.deleteFrom('challenge_tells').where('user_id', '=', userId).execute();
}

/** Writes the finished analysis and its short form. */
export async function writeAnalysis(tx: Tx, analysis: string, row: Insertable<ChallengeTellsRow>): Promise<void> {
  await tx.updateTable('challenges').set({ ai_analysis: analysis }).where('id', '=', row.challenge_id).execute();
  await tx.deleteFrom('challenge_tells').where('challenge_id', '=', row.challenge_id).execute();
  await tx.insertInto('challenge_tells').values(row).execute();
}

/** The finished analysis as JSON; null where there is none (any more). */
export async function findAnalysis(db: Db | Tx, challengeId: string): Promise<string | null> {
  const row = await db.selectFrom('challenges').select('ai_analysis').where('id', '=', challengeId).executeTakeFirst();
  return row?.ai_analysis ?? null;
}

/** The person's own consent; false for somebody who is not there. */
export async function allowsTells(db: Db | Tx, userId: string): Promise<boolean> {
  const row = await db.selectFrom('users').select('tells').where('id', '=', userId).executeTakeFirst();
  return row?.tells === 1;
}

/** Ready clips of a player whose files are still kept, newest first. */
export function measurableClips(db: Db | Tx, userId: string, limit: number): Promise<{ id: string; challenge_id: string }[]> {
  return db
    .selectFrom('challenges')
    .innerJoin('clips', 'clips.challenge_id', 'challenges.id')
    .select(['clips.id', 'clips.challenge_id'])
    .where('challenges.user_id', '=', userId)
    .where('challenges.status', '!=', 'removed')
    .where((eb) => eb.or([eb('challenges.published_at', 'is', null), eb('challenges.clips_until', 'is not', null)]))
    .where('clips.status', '=', 'ready')
    .orderBy('challenges.id', 'desc')
    .limit(limit)
    .execute();
}

// --- the record ---

/** A challenge that has a clear signal and is not in the record yet, with its crowd. */
export interface Uncounted {
  challenge_id: string;
  pointed: boolean;
  guesses: number;
  correct: number;
}

/** Challenges to be counted that were published before `before`, oldest first. Only `RECORD_BATCH` or more of them may be counted at once. */
export async function uncountedTells(db: Db | Tx, before: string, limit: number): Promise<Uncounted[]> {
  const rows = await db
    .selectFrom('challenge_tells as tells')
    .innerJoin('challenges', 'challenges.id', 'tells.challenge_id')
    .innerJoin('answers', 'answers.challenge_id', 'tells.challenge_id')
    .select(['tells.challenge_id', 'tells.strongest_index', 'answers.lie_index', 'answers.picks_0', 'answers.picks_1', 'answers.picks_2'])
    // as literals, so that the partial index is used
    .where(sql<boolean>`tells.counted = 0 and tells.strongest_index is not null`)
    // in a form that no index has, so that the few that are not counted lead and not all that is published
    .where(sql<boolean>`coalesce(challenges.status, '') = 'published'`)
    .where('challenges.published_at', '<', before)
    .where('answers.lie_index', 'is not', null)
    .orderBy('tells.created_at')
    .limit(limit)
    .execute();
  return rows.map((row) => {
    const picks = [row.picks_0, row.picks_1, row.picks_2];
    return {
      challenge_id: row.challenge_id,
      pointed: row.strongest_index === row.lie_index,
      guesses: picks.reduce((sum, count) => sum + count, 0),
      correct: picks[row.lie_index ?? 0] ?? 0,
    };
  });
}

/** Adds challenges to the record, each once. */
export async function countTells(tx: Tx, batch: readonly Uncounted[]): Promise<void> {
  const sum = (of: (one: Uncounted) => number) => batch.reduce((total, one) => total + of(one), 0);
  const added = {
    challenges: batch.length,
    pointed: sum((one) => Number(one.pointed)),
    guesses: sum((one) => one.guesses),
    correct: sum((one) => one.correct),
  };
  const ids = batch.map((one) => one.challenge_id);
  await tx.updateTable('challenge_tells').set({ counted: 1 }).where('challenge_id', 'in', ids).execute();
  await tx
    .insertInto('tell_records')
    .values({ id: 1, ...added })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((eb) => ({
        challenges: eb('tell_records.challenges', '+', added.challenges),
        pointed: eb('tell_records.pointed', '+', added.pointed),
        guesses: eb('tell_records.guesses', '+', added.guesses),
        correct: eb('tell_records.correct', '+', added.correct),
      })),
    )
    .execute();
}

/** The record; undefined until a first batch was counted. */
export function findRecord(db: Db | Tx): Promise<Selectable<TellRecordRow> | undefined> {
  return db.selectFrom('tell_records').selectAll().where('id', '=', 1).executeTakeFirst();
}

/** A signal's difference in one segment. */
export interface ShortSignal {
  name: string;
  unit: string;
  difference: number | null;
}

/** The differences of a player's own published challenges, newest first: by segment, with the lie. */
export async function ownTells(db: Db, userId: string, limit: number): Promise<{ lie_index: SegmentIndex; signals: ShortSignal[][] }[]> {
  const rows = await db
    .selectFrom('challenge_tells as tells')
    .innerJoin('challenges', 'challenges.id', 'tells.challenge_id')
    .innerJoin('answers', 'answers.challenge_id', 'tells.challenge_id')
    .select(['tells.signals', 'answers.lie_index'])
    .where('tells.user_id', '=', userId)
    .where('challenges.published_at', 'is not', null)
    .orderBy('tells.created_at', 'desc')
    .limit(limit)
    .execute();
  return rows.flatMap(({ lie_index, signals }) =>
    lie_index === null ? [] : [{ lie_index, signals: JSON.parse(signals) as ShortSignal[][] }],
  );
}

function measuredOf({ clip_id, result }: { clip_id: string; result: string | null }): MeasuredClip {
  return { clip_id, result: result === null ? null : (JSON.parse(result) as ClipAnalysis) };
}
