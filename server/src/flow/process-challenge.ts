/** The author wants the video made: into check or merge, or once more into the step that failed. */
import { Problem } from '@2t1l/contract/problems';
import type { ChallengeState } from '@2t1l/game/challenge';
import { CLIPS_PER_CHALLENGE } from '@2t1l/game/limits';
import type { Ports } from '../ports.ts';
import type { Challenge } from '../store/challenges.ts';
import { type Clip, listClips } from '../store/clips.ts';
import { transact } from '../store/transact.ts';
import { enter } from './flow.ts';
import { findOwnChallenge } from './own-challenge.ts';

/** Nothing changes where it is under way or done. Throws `challenge_not_found`, `clips_missing`, `clip_refused`, `challenge_locked`. */
export async function processChallenge(
  ask: { challenge_id: string; player_id: string },
  ports: Pick<Ports, 'db' | 'jobs' | 'events' | 'clock'>,
): Promise<void> {
  await transact(ports.db, async (tx) => {
    const challenge = await findOwnChallenge(tx, ask.challenge_id, ask.player_id);
    switch (challenge.status) {
      case 'draft':
      case 'failed':
        await enter(tx, ports, challenge, stepAfter(challenge, await listClips(tx, challenge.id)));
        return;
      case 'checking':
      case 'merging':
      case 'publishing':
      case 'ready':
      case 'published':
        return;
      case 'held':
      case 'hidden':
      case 'removed':
        throw new Problem('challenge_locked');
    }
  });
}

function stepAfter(challenge: Challenge, clips: readonly Clip[]): ChallengeState {
  if (clips.length < CLIPS_PER_CHALLENGE) {
    throw new Problem('clips_missing', { detail: `${clips.length} of ${CLIPS_PER_CHALLENGE} clips have arrived.` });
  }
  const refused = clips.filter((clip) => clip.status === 'refused').map((clip) => clip.segment_index);
  if (refused.length > 0) {
    throw new Problem('clip_refused', { detail: `Refused: segment_index ${refused.join(', ')}.` });
  }
  if (clips.some((clip) => clip.status === 'checking')) {
    return 'checking';
  }
  // Only the last step can fail with the video at hand.
  return challenge.merged_video_url === null ? 'merging' : 'publishing';
}
