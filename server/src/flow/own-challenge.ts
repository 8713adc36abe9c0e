/** The door of everything that an author does with a challenge. */
import { Problem } from '@2t1l/contract/problems';
import type { Db, Tx } from '../ports.ts';
import { type Challenge, findChallenge } from '../store/challenges.ts';

/** The challenge where it is the player's own and not removed; otherwise it does not exist for them: `challenge_not_found`. */
export async function findOwnChallenge(db: Db | Tx, challengeId: string, playerId: string): Promise<Challenge> {
  const challenge = await findChallenge(db, challengeId);
  if (challenge === undefined || challenge.user_id !== playerId || challenge.status === 'removed') {
    throw new Problem('challenge_not_found');
  }
  return challenge;
}
