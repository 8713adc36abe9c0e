/** The only place that lets the answer out: to the author, and to a player whose guess is stored. */
import { Problem } from '@2t1l/contract/problems';
import type { SegmentIndex } from '@2t1l/game/challenge';
import { mayReveal, viewFor } from '@2t1l/game/view';
import type { Db, Tx } from '../ports.ts';
import { type Answer, findAnswer } from '../store/answers.ts';
import { loadFacts } from '../store/facts.ts';
import { findResponse } from '../store/responses.ts';

export interface Revealed {
  challenge_id: string;
  lie_index: SegmentIndex;
  nonce: string;
  commitment: string;
  story: string | null;
  crowd: { guesses: number; shares: number[] };
  own: { guess: SegmentIndex; confidence: number; correct: boolean; score: number } | null;
}

/** Throws `challenge_not_found`, `guess_first`, and `not_ready` for the author of a challenge whose lie is not locked yet. */
export async function revealAnswer(
  { challenge_id, player_id }: { challenge_id: string; player_id: string },
  db: Db | Tx,
): Promise<Revealed> {
  const facts = await loadFacts(db, challenge_id, player_id);
  const viewer = { player_id, has_guessed: facts?.has_guessed ?? false };
  if (facts === null || viewFor(facts, viewer) === null) {
    throw new Problem('challenge_not_found');
  }
  if (!mayReveal(facts, viewer)) {
    throw new Problem('guess_first');
  }
  const answer = await findAnswer(db, challenge_id);
  const response = await findResponse(db, challenge_id, player_id);
  return revealed(facts, answer, response === undefined ? null : { ...response.data, score: response.score });
}

/**
 * The reveal from rows in hand. The caller has made sure that the viewer is the author or that their guess, `own`, is stored, by
 * this very transaction at the latest. Throws `not_ready` where the lie is not locked yet.
 */
export function revealed(
  challenge: { id: string; commitment: string | null; story: string | null },
  answer: Answer | undefined,
  own: { guess: SegmentIndex; confidence: number; score: number } | null,
): Revealed {
  if (answer === undefined || answer.lie_index === null || answer.nonce === null || challenge.commitment === null) {
    throw new Problem('not_ready', { detail: 'The reveal is there from publishing on.' });
  }
  const { lie_index, nonce } = answer;
  return {
    challenge_id: challenge.id,
    lie_index,
    nonce,
    commitment: challenge.commitment,
    story: challenge.story,
    crowd: crowdOf(answer.picks),
    own: own && { guess: own.guess, confidence: own.confidence, correct: own.guess === lie_index, score: own.score },
  };
}

function crowdOf(picks: readonly number[]): Revealed['crowd'] {
  const guesses = picks.reduce((sum, count) => sum + count, 0);
  return { guesses, shares: picks.map((count) => (guesses === 0 ? 0 : count / guesses)) };
}
