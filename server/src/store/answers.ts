/** The secret half of a challenge. Nothing else reads or writes the table. */
import type { SegmentIndex } from '@2t1l/game/challenge';
import type { Selectable } from 'kysely';
import type { Db, Tx } from '../ports.ts';
import { prepared } from './prepared.ts';
import type { ChallengeRow } from './tables.ts';

export interface Answer {
  lie_index: SegmentIndex | null;
  nonce: string | null;
  /** How many took each statement for the lie. */
  picks: readonly number[];
}

/** The open half of a challenge, as far as a guess needs it. */
type Guessable = Pick<Selectable<ChallengeRow>, 'id' | 'user_id' | 'status' | 'commitment' | 'story'>;

const PICKS = ['picks_0', 'picks_1', 'picks_2'] as const;

export async function insertAnswer(tx: Tx, challengeId: string, lie: SegmentIndex | null): Promise<void> {
  await tx.insertInto('answers').values({ challenge_id: challengeId, lie_index: lie, nonce: null }).execute();
}

const answerOf = prepared((db, { id }: { id: string }) =>
  db
    .selectFrom('answers')
    .select(['lie_index', 'nonce', ...PICKS])
    .where('challenge_id', '=', id),
);

/** The whole secret; undefined where the challenge was removed. */
export async function findAnswer(db: Db | Tx, challengeId: string): Promise<Answer | undefined> {
  const [row] = await answerOf(db, { id: challengeId });
  return row && { lie_index: row.lie_index, nonce: row.nonce, picks: PICKS.map((column) => row[column]) };
}

const guessableOf = prepared((db, { id }: { id: string }) =>
  db
    .selectFrom('challenges')
    .leftJoin('answers', 'answers.challenge_id', 'challenges.id')
    .select(['challenges.id', 'user_id', 'status', 'commitment', 'story', 'lie_index', 'nonce', ...PICKS])
    // Asked here, because a query of its own would cost each guess a tenth more.
    .select((eb) =>
      eb
        .selectFrom('push_tokens')
        .select('guessed')
        .whereRef('push_tokens.user_id', '=', 'challenges.user_id')
        .where('guessed', '=', 1)
        .limit(1)
        .as('wants_guesses'),
    )
    .where('challenges.id', '=', id),
);

/**
 * What a guess is taken on, in one query: the challenge in any state with its secret, whose fields are null where it was removed, and
 * whether a device of its author wants to hear of guesses.
 */
export async function findGuessable(tx: Tx, id: string): Promise<(Answer & Guessable & { wants_guesses: boolean }) | undefined> {
  const [row] = await guessableOf(tx, { id });
  return row && { ...row, wants_guesses: row.wants_guesses === 1, picks: PICKS.map((column) => row[column] ?? 0) };
}

/** The lies of an author's own challenges, by challenge. */
export async function findLies(db: Db | Tx, challengeIds: readonly string[]): Promise<Map<string, SegmentIndex | null>> {
  if (challengeIds.length === 0) {
    return new Map();
  }
  const rows = await db.selectFrom('answers').select(['challenge_id', 'lie_index']).where('challenge_id', 'in', challengeIds).execute();
  return new Map(rows.map((row) => [row.challenge_id, row.lie_index]));
}

/** Guesses on the author's `newest` challenges, as far as those are on stage, and how many of them were wrong. */
export async function countFooled(db: Db, authorId: string, newest: number): Promise<{ guesses: number; wrong: number }> {
  const own = db.selectFrom('challenges').select(['id', 'status']).where('user_id', '=', authorId).orderBy('id', 'desc').limit(newest);
  const rows = await db
    .selectFrom(own.as('own'))
    .innerJoin('answers', 'answers.challenge_id', 'own.id')
    .select(['lie_index', ...PICKS])
    .where('own.status', '=', 'published')
    .execute();
  const guesses = rows.reduce((sum, row) => sum + row.picks_0 + row.picks_1 + row.picks_2, 0);
  const right = rows.reduce((sum, row) => sum + (row.lie_index === null ? 0 : row[PICKS[row.lie_index]]), 0);
  return { guesses, wrong: guesses - right };
}

export async function setLie(tx: Tx, challengeId: string, lie: SegmentIndex | null): Promise<void> {
  await tx.updateTable('answers').set({ lie_index: lie }).where('challenge_id', '=', challengeId).execute();
}

export async function setNonce(tx: Tx, challengeId: string, nonce: string): Promise<void> {
  await tx.updateTable('answers').set({ nonce }).where('challenge_id', '=', challengeId).execute();
}

const onePickMore = PICKS.map((column) =>
  prepared((db, { id }: { id: string }) =>
    db
      .updateTable('answers')
      .set((eb) => ({ [column]: eb(column, '+', 1) }))
      .where('challenge_id', '=', id),
  ),
);

/** One more player took statement `guess` for the lie. */
export async function countPick(tx: Tx, challengeId: string, guess: SegmentIndex): Promise<void> {
  await onePickMore[guess]?.(tx, { id: challengeId });
}

export async function deleteAnswer(tx: Tx, challengeId: string): Promise<void> {
  await tx.deleteFrom('answers').where('challenge_id', '=', challengeId).execute();
}
