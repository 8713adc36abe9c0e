/** Carries drafts to the server: asks the plan what is next, does it, tells the slice what came of it. */
import type { Api } from '../api/types.ts';
import type { challengeActions } from './challenge-slice.ts';
import type { ChallengeState } from './challenge-state.ts';
import { createFollower, type FollowerPorts } from './follower.ts';
import { type Job, planNext } from './plan.ts';
import { type JobPorts, runJob } from './run-job.ts';
import { ownDrafts } from './select-draft.ts';

export interface SenderStore {
  getState(): { challenge: ChallengeState };
  dispatch(action: ReturnType<(typeof challengeActions)[keyof typeof challengeActions]>): unknown;
  subscribe(listener: () => void): () => void;
}

export interface SenderPorts extends Omit<JobPorts, 'dispatch' | 'signal' | 'isCurrent'>, Pick<FollowerPorts, 'listen'> {
  store: SenderStore;
  api: Pick<Api, 'createChallenge' | 'challenge' | 'patchChallenge' | 'process' | 'publish' | 'deleteChallenge'>;
}

const LONGEST_SLEEP_MS = 60_000;

/** Starts the lane; the answer stops it. */
export function startSender(ports: SenderPorts): () => void {
  const { store } = ports;
  let current: { job: Job; controller: AbortController } | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let isStopped = false;

  const follower = createFollower({ ...ports, getDrafts: () => ownDrafts(store.getState().challenge), dispatch: store.dispatch });

  function pump(): void {
    if (isStopped || current !== null) {
      return;
    }
    if (timer !== null) {
      clearTimeout(timer);
      timer = null;
    }
    const plan = planNext(store.getState().challenge, ports.now());
    if (plan.job !== null) {
      const controller = new AbortController();
      current = { job: plan.job, controller };
      void work(plan.job, controller.signal);
    } else if (plan.look_at_ms !== null) {
      // Not longer than a minute: clocks are set, and a timer that is too long fires at once.
      timer = setTimeout(pump, Math.min(Math.max(plan.look_at_ms - ports.now(), 0), LONGEST_SLEEP_MS));
    }
  }

  async function work(job: Job, signal: AbortSignal): Promise<void> {
    await runJob(job, { ...ports, signal, dispatch: store.dispatch, isCurrent: () => isStillWanted(job) });
    current = null;
    pump();
  }

  /** False once the author has replaced, moved or deleted what is being sent, or the network has gone. */
  function isStillWanted(job: Job): boolean {
    if (job.kind !== 'send') {
      return true;
    }
    const { drafts, is_online } = store.getState().challenge;
    const draft = drafts[job.draft.id];
    const clip = draft?.clips[job.index];
    const isThere = draft?.challenge_id === job.challenge_id && draft.deleted_at_ms === null && clip?.take_id === job.clip.take_id;
    return is_online && isThere && clip.sending.status !== 'contested';
  }

  function onChange(): void {
    if (current !== null && !isStillWanted(current.job)) {
      current.controller.abort(store.getState().challenge.is_online ? 'replaced' : 'offline');
    }
    follower.update();
    pump();
  }

  const unsubscribe = store.subscribe(onChange);
  onChange();

  return () => {
    isStopped = true;
    unsubscribe();
    follower.stop();
    current?.controller.abort('stopped');
    if (timer !== null) {
      clearTimeout(timer);
    }
  };
}
