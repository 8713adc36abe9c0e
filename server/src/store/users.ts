/** What the flow reads and counts of a player. */
import { type BinCount, calibrationBin } from '@2t1l/game/calibration';
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

const addToBin = prepared((db, add: { user_id: string; bin: number; guesses: number; correct: number; confidence: number }) =>
  db
    .insertInto('calibration_bins')
    .values(add)
    .onConflict((on) =>
      on.columns(['user_id', 'bin']).doUpdateSet((eb) => ({
        guesses: eb('calibration_bins.guesses', '+', eb.ref('excluded.guesses')),
        correct: eb('calibration_bins.correct', '+', eb.ref('excluded.correct')),
        confidence: eb('calibration_bins.confidence', '+', eb.ref('excluded.confidence')),
      })),
    ),
);

/** Adds one guess to the player's totals and calibration. */
export async function countGuess(tx: Tx, playerId: string, guess: { correct: boolean; score: number; confidence: number }): Promise<void> {
  const correct = guess.correct ? 1 : 0;
  await addGuess(tx, { id: playerId, correct, score: guess.score });
  const { confidence } = guess;
  await addToBin(tx, { user_id: playerId, bin: calibrationBin(confidence), guesses: 1, correct, confidence });
}

/** A player's counts: guesses, how many were right, and the bins of the calibration. */
export async function findPlayStats(db: Db, playerId: string): Promise<{ guess_count: number; correct_count: number; bins: BinCount[] }> {
  const totals = await db.selectFrom('users').select(['guess_count', 'correct_count']).where('id', '=', playerId).executeTakeFirstOrThrow();
  const bins = await db
    .selectFrom('calibration_bins')
    .select(['bin', 'guesses', 'correct', 'confidence'])
    .where('user_id', '=', playerId)
    .execute();
  return { ...totals, bins };
}
