/** Guesses. `guess_data` is read by the guesser's own reveal alone. */

import type { ChallengeState, SegmentIndex } from '@2t1l/game/challenge';
import type { Distribution } from '@2t1l/game/score';
import type { Insertable } from 'kysely';
import type { Db, Tx } from '../ports.ts';
import { prepared } from './prepared.ts';
import type { ResponseRow } from './tables.ts';

/** What a guess was, as `challenge_responses.guess_data` keeps it. */
export interface GuessData {
  guess: SegmentIndex;
  /** The confidence that was scored: 2/3 where the player gave none. */
  confidence: number;
  distribution: Distribution;
  hinted: boolean;
  /** From the first look at the challenge to the guess, as the server saw it; null where it did not see the look. */
  response_seconds: number | null;
}

const insertRow = prepared(
  (db, row: Pick<Insertable<ResponseRow>, 'id' | 'challenge_id' | 'user_id' | 'guess_data' | 'score' | 'correct' | 'created_at'>) =>
    db.insertInto('challenge_responses').values(row),
);

/** Throws the database's own error where this player has guessed this challenge before (see unique-violation.ts). */
export async function insertResponse(tx: Tx, row: Omit<Insertable<ResponseRow>, 'guess_data'>, data: GuessData): Promise<void> {
  await insertRow(tx, { ...row, guess_data: JSON.stringify(data) });
}

export async function findResponse(
  db: Db | Tx,
  challengeId: string,
  playerId: string,
): Promise<{ id: string; data: GuessData; score: number } | undefined> {
  const row = await db
    .selectFrom('challenge_responses')
    .select(['id', 'guess_data', 'score'])
    .where('challenge_id', '=', challengeId)
    .where('user_id', '=', playerId)
    .executeTakeFirst();
  return row === undefined ? undefined : { id: row.id, data: JSON.parse(row.guess_data) as GuessData, score: row.score };
}

/** A guess with its challenge, whose title and poster are there while it is on stage. */
export interface PlayedRow {
  id: string;
  challenge_id: string;
  data: GuessData;
  score: number;
  correct: boolean;
  created_at: string;
  status: ChallengeState;
  title: string;
  poster_url: string | null;
  author: { id: string; username: string; is_house: boolean };
}

/** A player's guesses, newest first, from behind `before` on. */
export async function listPlayed(db: Db, playerId: string, before: string | undefined, limit: number): Promise<PlayedRow[]> {
  const rows = await db
    .selectFrom('challenge_responses')
    .innerJoin('challenges', 'challenges.id', 'challenge_responses.challenge_id')
    .innerJoin('users', 'users.id', 'challenges.user_id')
    .select(['challenge_responses.id', 'challenge_id', 'guess_data', 'score', 'correct', 'challenge_responses.created_at'])
    .select(['challenges.status', 'title', 'poster_url', 'challenges.user_id as author_id', 'username', 'role'])
    .where('challenge_responses.user_id', '=', playerId)
    .$if(before !== undefined, (query) => query.where('challenge_responses.id', '<', before ?? ''))
    .orderBy('challenge_responses.id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ guess_data, correct, author_id, username, role, ...row }) => ({
    ...row,
    data: JSON.parse(guess_data) as GuessData,
    correct: correct === 1,
    author: { id: author_id, username, is_house: role === 'house' },
  }));
}

const guessesAmong = prepared((db, { player_id, ids }: { player_id: string; ids: readonly string[] }) =>
  db.selectFrom('challenge_responses').select('challenge_id').where('user_id', '=', player_id).where('challenge_id', 'in', ids),
);

/** Which of these challenges the player has guessed. */
export async function guessedAmong(db: Db | Tx, playerId: string, challengeIds: readonly string[]): Promise<Set<string>> {
  if (challengeIds.length === 0) {
    return new Set();
  }
  const rows = await guessesAmong(db, { player_id: playerId, ids: challengeIds });
  return new Set(rows.map((row) => row.challenge_id));
}
