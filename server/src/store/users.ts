/** What the flow reads and counts of a player. */
import type { Db, Tx } from '../ports.ts';
import { prepared } from './prepared.ts';

/** Acceptance of the terms and the year of birth; undefined where there is no such player. */
export function findConsents(
  db: Db | Tx,
  playerId: string,
): Promise<{ terms_accepted_at: string | null; birth_year: number | null } | undefined> {
  return db.selectFrom('users').select(['terms_accepted_at', 'birth_year']).where('id', '=', playerId).executeTakeFirst();
}

/** True where the player has no account. */
export async function isGuest(db: Db | Tx, playerId: string): Promise<boolean> {
  const row = await db.selectFrom('users').select('role').where('id', '=', playerId).executeTakeFirst();
  return row?.role === 'guest';
}

/** Adds `by` (1 or -1) to the number of challenges that the player has published. */
export async function countPublished(tx: Tx, playerId: string, by: 1 | -1): Promise<void> {
  await tx
    .updateTable('users')
    .set((eb) => ({ published_count: eb('published_count', '+', by) }))
    .where('id', '=', playerId)
    .execute();
}

const addGuess = prepared((db, add: { id: string; correct: number; score: number }) =>
  db
    .updateTable('users')
    .set((eb) => ({
      guess_count: eb('guess_count', '+', 1),
      correct_count: eb('correct_count', '+', add.correct),
      score_sum: eb('score_sum', '+', add.score),
    }))
    .where('id', '=', add.id),
);

/** Adds one guess to the player's totals. */
export async function countGuess(tx: Tx, playerId: string, guess: { correct: boolean; score: number }): Promise<void> {
  await addGuess(tx, { id: playerId, correct: guess.correct ? 1 : 0, score: guess.score });
}
