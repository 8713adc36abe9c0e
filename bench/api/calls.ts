/** The measured calls as raw requests, each with its own player and challenge. */
import { API_PREFIX } from '@2t1l/contract/endpoints';
import { rawRequest } from '../lib/load.ts';
import { ACCOUNT, type TokenOf } from './players.ts';

export interface Call {
  /** The status of a good answer. */
  status: number;
  next: () => string;
}

export type CallName = 'login' | 'feed' | 'challenge' | 'guess';
export type Calls = Record<CallName, Call>;

export interface Cast {
  /** Who looks at the feed and at challenges. */
  readers: readonly TokenOf[];
  /** Who has not guessed anything yet. */
  guessers: readonly TokenOf[];
  challengeIds: readonly string[];
}

/** A far jump between the challenges of neighbouring players, so that requests do not run along the table; a prime. */
const STRIDE = 7919;

/** The calls of one server; guesses are never repeated, so keep it for all rounds. */
export function callsOf({ readers, guessers, challengeIds }: Cast): Calls {
  const challenges = `${API_PREFIX}/challenges`;
  return {
    login: { status: 200, next: () => rawRequest('POST', `${API_PREFIX}/auth/login`, null, login) },
    feed: { status: 200, next: each(readers, challengeIds, (token) => rawRequest('GET', challenges, token)) },
    challenge: { status: 200, next: each(readers, challengeIds, (token, id) => rawRequest('GET', `${challenges}/${id}`, token)) },
    guess: {
      status: 201,
      next: each(guessers, challengeIds, (token, id, count) =>
        rawRequest('POST', `${challenges}/${id}/guesses`, token, { guess: count % 3, confidence: 0.75 }),
      ),
    },
  };
}

const login = { email: ACCOUNT.email, password: ACCOUNT.password };

/** Another pair of player and challenge with each call, until all pairs have been used. */
function each(
  players: readonly TokenOf[],
  challengeIds: readonly string[],
  request: (token: string, challengeId: string, count: number) => string,
): () => string {
  let count = 0;
  return () => {
    const player = count % players.length;
    const lap = Math.floor(count / players.length);
    const challenge = (player * STRIDE + lap) % challengeIds.length;
    count += 1;
    return request(players[player]?.token ?? '', challengeIds[challenge] ?? '', count);
  };
}
