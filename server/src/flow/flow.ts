/**
 * The life of a challenge: in which state which step works, and where that may lead. `enter` is the only way from one state to
 * another. A state without a step, or the word `rest`, does not compile.
 */
import assert from 'node:assert/strict';
import { Problem } from '@2t1l/contract/problems';
import { type ChallengeState, type Step, statusOf } from '@2t1l/game/challenge';
import type { NewJob, Ports, Tx } from '../ports.ts';
import { type Challenge, type ChallengeChange, moveChallenge } from '../store/challenges.ts';
import { listClips } from '../store/clips.ts';
import { tellAuthor } from './tell-player.ts';
import { timeAt } from './times.ts';

export interface Stage {
  /** What the worker does while the challenge is in this state; `rest` where it waits for a person or is at its end. */
  step: Step | 'rest';
  next: readonly ChallengeState[];
}

export const FLOW = {
  // A clip's check runs here too, while the author records the next one; only its giving up changes the state.
  draft: { step: 'rest', next: ['checking', 'merging', 'failed', 'removed'] },
  checking: { step: 'check-clip', next: ['draft', 'merging', 'failed', 'removed'] },
  merging: { step: 'merge-clips', next: ['publishing', 'ready', 'failed', 'removed'] },
  publishing: { step: 'publish-challenge', next: ['published', 'ready', 'failed', 'removed'] },
  // Back to draft where a clip is recorded again: the merged video is void then.
  ready: { step: 'rest', next: ['draft', 'published', 'removed'] },
  published: { step: 'rest', next: ['held', 'hidden', 'removed'] },
  held: { step: 'rest', next: ['published', 'hidden', 'removed'] },
  hidden: { step: 'rest', next: ['published', 'held', 'removed'] },
  removed: { step: 'rest', next: [] },
  failed: { step: 'rest', next: ['draft', 'checking', 'merging', 'publishing', 'removed'] },
} as const satisfies Record<ChallengeState, Stage>;

/** States in which a step is at work. */
export const WORKING_STATES = (Object.keys(FLOW) as ChallengeState[]).filter((state) => FLOW[state].step !== 'rest');

/**
 * Takes the challenge to the state `next` with the columns in `change`, and adds the next job and the event, all in the caller's
 * transaction. Throws a `busy` Problem where the challenge has left its state in the meantime.
 */
export async function enter(
  tx: Tx,
  ports: Pick<Ports, 'jobs' | 'events' | 'clock'>,
  challenge: Pick<Challenge, 'id' | 'user_id' | 'status'>,
  next: ChallengeState,
  change: Omit<ChallengeChange, 'status' | 'updated_at'> = {},
): Promise<void> {
  const stage: Stage = FLOW[challenge.status];
  assert(stage.next.includes(next), `no way from ${challenge.status} to ${next}`);
  const moved = await moveChallenge(tx, challenge.id, challenge.status, {
    failed_step: null,
    failed_reason: null,
    ...change,
    status: next,
    updated_at: timeAt(ports),
  });
  if (!moved) {
    throw new Problem('busy', { detail: 'The challenge was changed in the same moment.', retry_after_seconds: 1 });
  }
  await addJobs(tx, ports, { id: challenge.id, user_id: challenge.user_id, status: next });
  const news = newsOf(challenge.status, next);
  if (news !== null) {
    await tellAuthor(tx, ports, news, challenge);
  }
  if (statusOf(next) !== statusOf(challenge.status)) {
    await ports.events.add(
      tx,
      { type: 'challenge.changed', challenge_id: challenge.id, status: statusOf(next) },
      concernsEveryone(challenge.status, next) ? 'everyone' : 'author',
    );
  }
}

/** Adds the jobs that the challenge's state needs; where they wait or run already, nothing happens. */
export async function addJobs(tx: Tx, ports: Pick<Ports, 'jobs'>, challenge: Pick<Challenge, 'id' | 'user_id' | 'status'>): Promise<void> {
  const { step } = FLOW[challenge.status];
  if (step === 'rest') {
    return;
  }
  if (step === 'check-clip') {
    for (const clip of await listClips(tx, challenge.id)) {
      if (clip.status === 'checking') {
        await ports.jobs.add(tx, checkJob(clip.id, challenge.user_id));
      }
    }
    return;
  }
  await ports.jobs.add(tx, {
    kind: step,
    payload: { challenge_id: challenge.id },
    lane: 'light',
    owner: challenge.user_id,
    dedupe_key: `${step}:${challenge.id}`,
  });
}

/** The job that checks a clip of the player; the check may encode. */
export function checkJob(clipId: string, owner: string): NewJob<'check-clip'> {
  return { kind: 'check-clip', payload: { clip_id: clipId }, lane: 'heavy', owner, dedupe_key: `check-clip:${clipId}` };
}

/** What the author is told who may have left by then; what they have just done themselves is no news. */
function newsOf(from: ChallengeState, to: ChallengeState): 'published' | 'failed' | 'refused' | null {
  if (to === 'published') {
    return from === 'publishing' ? 'published' : null;
  }
  if (to === 'failed') {
    return 'failed';
  }
  return from === 'checking' && to === 'draft' ? 'refused' : null;
}

/** Others hear when a challenge appears, and when one that they could see is gone. */
function concernsEveryone(from: ChallengeState, to: ChallengeState): boolean {
  return to === 'published' || (to === 'removed' && from === 'published');
}
