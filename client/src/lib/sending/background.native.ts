/** While the app is in the background: the system lets it send now and then, when it finds a good moment. */
import * as BackgroundTask from 'expo-background-task';
import * as TaskManager from 'expo-task-manager';
import { serverNow } from '../server-clock.ts';
import { startStore, store } from '../store/store.ts';
import { challengeActions } from './challenge-slice.ts';
import type { ChallengeState } from './challenge-state.ts';
import { planNext } from './plan.ts';

const TASK = '2t1l-sending';
/** The least that systems take; they choose the moment themselves, on iOS often the night. */
const EVERY_MINUTES = 15;
/** Android ends a worker after ten minutes. An upload that is cut off here goes on at its byte. */
const LONGEST_MS = 9 * 60_000;
const LOOK_MS = 1000;

// Outside of every component, and loaded by index.ts: the system may start the app for this alone.
TaskManager.defineTask(TASK, async () => {
  // Loaded here, because it loads this file.
  const { startSending } = await import('./start-sending.ts');
  // Without a screen nobody else has read who plays: another's drafts must not go out as this player's.
  await startStore();
  await startSending();
  store.dispatch(challengeActions.woken());
  const end = Date.now() + LONGEST_MS;
  while (Date.now() < end && isBusy(store.getState().challenge)) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return BackgroundTask.BackgroundTaskResult.Success;
});

/** Asks the system for time as long as something waits to be sent, and no longer. */
export function sendInBackground(): void {
  let isAsked: boolean | null = null;
  const look = () => {
    const wants = isBusy(store.getState().challenge);
    if (wants === isAsked) {
      return;
    }
    isAsked = wants;
    const change = wants
      ? BackgroundTask.registerTaskAsync(TASK, { minimumInterval: EVERY_MINUTES })
      : TaskManager.isTaskRegisteredAsync(TASK).then((is) => (is ? BackgroundTask.unregisterTaskAsync(TASK) : undefined));
    // Where the system gives no time, the foreground does it all.
    change.catch(() => undefined);
  };
  store.subscribe(look);
  look();
}

/** True while there is something to do, now or after a backoff, or a clip is just being sent. */
function isBusy(challenge: ChallengeState): boolean {
  const plan = planNext({ ...challenge, is_online: true }, serverNow());
  const isSending = Object.values(challenge.drafts).some((draft) => draft.clips.some((clip) => clip?.sending.status === 'sending'));
  return isSending || plan.job !== null || plan.look_at_ms !== null;
}
