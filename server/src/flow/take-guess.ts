/** A player's one guess: stored, scored and counted in one transaction. */
import { Problem } from '@2t1l/contract/problems';
import type { SegmentIndex } from '@2t1l/game/challenge';
import { distribution, QUICK_CONFIDENCE, score } from '@2t1l/game/score';
import type { Cache, Ports, Tx } from '../ports.ts';
import { countPick, findGuessable } from '../store/answers.ts';
import { countChallengeGuess } from '../store/challenges.ts';
import { findResponse, insertResponse } from '../store/responses.ts';
import { transact } from '../store/transact.ts';
import { isUniqueViolation } from '../store/unique-violation.ts';
import { countGuess } from '../store/users.ts';
import { type Revealed, revealAnswer, revealed } from './reveal-answer.ts';
import { tellOfGuess } from './tell-player.ts';
import { HOUR, SECOND, timeAt } from './times.ts';

export interface GuessAsk {
  /** Of the guess, where the caller has drawn it: then a repetition gets the stored guess. */
  id?: string | undefined;
  challenge_id: string;
  player_id: string;
  guess: SegmentIndex;
  /** Undefined in the quick mode. */
  confidence: number | undefined;
}

export interface GuessResult {
  correct: boolean;
  score: number;
  reveal: Revealed;
}

const LOOK_SECONDS = HOUR / SECOND;
const lookKey = (challengeId: string, playerId: string) => `look:${challengeId}:${playerId}`;

/** Remembers for an hour, as well as the cache can, when the player first saw the challenge. */
export async function rememberLook(
  challengeId: string,
  playerId: string,
  { cache, clock }: { cache: Cache } & Pick<Ports, 'clock'>,
): Promise<void> {
  const key = lookKey(challengeId, playerId);
  if ((await cache.get(key)) === null) {
    await cache.set(key, String(clock.now()), LOOK_SECONDS);
  }
}

/** Throws `challenge_not_found`, `own_challenge` and `already_guessed` Problems. */
export async function takeGuess(ask: GuessAsk, ports: Pick<Ports, 'db' | 'jobs' | 'clock' | 'ids' | 'cache'>): Promise<GuessResult> {
  const looked = await ports.cache.get(lookKey(ask.challenge_id, ask.player_id));
  const response_seconds = looked === null ? null : Math.max(0, (ports.clock.now() - Number(looked)) / SECOND);
  try {
    return await transact(ports.db, (tx) => store(tx, ask, response_seconds, ports));
  } catch (error) {
    if (isUniqueViolation(error, 'challenge_responses.user_id')) {
      return transact(ports.db, (tx) => repeated(tx, ask, error));
    }
    throw error;
  }
}

/** The result of this very guess, which is stored already. In a transaction: the one that stored it may be about to be committed. */
async function repeated(tx: Tx, ask: GuessAsk, cause: unknown): Promise<GuessResult> {
  const stored = await findResponse(tx, ask.challenge_id, ask.player_id);
  if (stored === undefined || stored.id !== ask.id) {
    throw new Problem('already_guessed', { cause });
  }
  const reveal = await revealAnswer(ask, tx);
  return { correct: stored.data.guess === reveal.lie_index, score: stored.score, reveal };
}

async function store(
  tx: Tx,
  ask: GuessAsk,
  response_seconds: number | null,
  ports: Pick<Ports, 'jobs' | 'clock' | 'ids'>,
): Promise<GuessResult> {
  const challenge = await findGuessable(tx, ask.challenge_id);
  // An author's unpublished challenge is their own all the same; for others it does not exist.
  if (challenge !== undefined && challenge.status !== 'removed' && challenge.user_id === ask.player_id) {
    throw new Problem('own_challenge');
  }
  if (challenge?.status !== 'published' || challenge.lie_index === null) {
    throw new Problem('challenge_not_found');
  }
  const lie = challenge.lie_index;
  const pick = { guess: ask.guess, confidence: ask.confidence ?? QUICK_CONFIDENCE };
  const points = score(pick, lie);
  const correct = ask.guess === lie;
  await insertResponse(
    tx,
    {
      id: ask.id ?? ports.ids.next(),
      challenge_id: challenge.id,
      user_id: ask.player_id,
      score: points,
      correct: correct ? 1 : 0,
      created_at: timeAt(ports),
    },
    { ...pick, distribution: distribution(pick), hinted: false, response_seconds },
  );
  await countPick(tx, challenge.id, ask.guess);
  await countChallengeGuess(tx, challenge.id);
  await countGuess(tx, ask.player_id, { correct, score: points, confidence: pick.confidence });
  if (challenge.wants_guesses) {
    await tellOfGuess(tx, ports, challenge);
  }
  // Nobody else writes while this transaction lasts: the pick just counted is all that the answer's row has more.
  const picks = challenge.picks.map((count, index) => (index === ask.guess ? count + 1 : count));
  return { correct, score: points, reveal: revealed(challenge, { ...challenge, picks }, { ...pick, score: points }) };
}
