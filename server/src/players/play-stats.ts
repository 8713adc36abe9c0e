/** A player's own guesses: how often right, how well they know how sure they are, and each one of them. */
import type { MyGuess, MyStats } from '@2t1l/contract/players';
import { CALIBRATION_MIN, calibrationOf, wilson } from '@2t1l/game/calibration';
import type { Ports } from '../ports.ts';
import { countFooled } from '../store/answers.ts';
import { hashOf } from '../store/challenges.ts';
import { openCursor, sealCursor } from '../store/cursor.ts';
import type { PageAsk, PageOf } from '../store/feed.ts';
import { POSTER_TYPE } from '../store/present.ts';
import { listPlayed, type PlayedRow } from '../store/responses.ts';
import { findPlayStats } from '../store/users.ts';

/** Own challenges that count for how many were fooled: the newest. */
const CHALLENGES_MAX = 200;

/** The cost does not grow with the guesses: they are counted as they come in. */
export async function myStats(playerId: string, { db }: Pick<Ports, 'db'>): Promise<MyStats> {
  const { guess_count, correct_count, bins } = await findPlayStats(db, playerId);
  const { guesses, wrong } = await countFooled(db, playerId, CHALLENGES_MAX);
  return {
    caught: rate(correct_count, guess_count),
    fooled: rate(wrong, guesses),
    calibration: calibrationOf(bins),
    needed: CALIBRATION_MIN,
  };
}

function rate(hits: number, of: number): MyStats['caught'] {
  return { hits, of, ...(wilson(hits, of) ?? { share: null, interval: null }) };
}

/** Throws `invalid_request` for a cursor that is not of this list. */
export async function myGuesses(playerId: string, ask: PageAsk, ports: Pick<Ports, 'db' | 'blobs' | 'keys'>): Promise<PageOf<MyGuess>> {
  const [before] = ask.cursor === undefined ? [] : openCursor('guesses', ask.cursor, 1, ports.keys);
  const rows = await listPlayed(ports.db, playerId, before, ask.limit + 1);
  const items = rows.slice(0, ask.limit);
  const last = items.at(-1);
  const more = rows.length > ask.limit && last !== undefined;
  return { items: items.map((row) => present(row, ports)), next_cursor: more ? sealCursor('guesses', [last.id], ports.keys) : null };
}

function present(row: PlayedRow, { blobs }: Pick<Ports, 'blobs'>): MyGuess {
  const { id, challenge_id, data, score, correct, created_at, status, title, author } = row;
  const poster = hashOf(row.poster_url);
  const challenge = { id: challenge_id, author, title, poster_url: poster === null ? null : blobs.url(poster, POSTER_TYPE) };
  const { guess, confidence } = data;
  return { id, challenge: status === 'published' ? challenge : null, guess, confidence, correct, score, created_at };
}
