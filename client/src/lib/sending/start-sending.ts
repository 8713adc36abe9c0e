/** The queue of this app, wired: what was kept is read, saved as it changes, and sent whatever screen is open. */
import { ensurePlayer } from '../account.ts';
import { api } from '../api.ts';
import { listenToChallenge } from '../events.ts';
import { store } from '../store/store.ts';
import { withLock } from '../tokens/lock.ts';
import { challengeActions } from './challenge-slice.ts';
import { clipStore } from './clip-store';
import { listenToDevice } from './device-events';
import { type DraftKeeper, keepDrafts, readDrafts } from './draft-persistence.ts';
import { sendClip } from './send-clip.ts';
import { startSender } from './sender.ts';

let starting: Promise<DraftKeeper> | null = null;

/** Starts the queue once; later calls wait for the same start. Resolves when the kept drafts are in the store. */
export function startSending(): Promise<DraftKeeper> {
  starting ??= start();
  return starting;
}

/** Saves now: a recording that was just made must survive the next second. */
export async function saveDraftsNow(): Promise<void> {
  const keeper = await startSending();
  await keeper.flush();
}

async function start(): Promise<DraftKeeper> {
  const drafts = await readDrafts().catch(() => ({}));
  store.dispatch(challengeActions.restarted({ drafts }));
  const keeper = keepDrafts(store);
  listenToDevice({
    onWake: () => store.dispatch(challengeActions.woken()),
    onLeave: () => void keeper.flush().catch(() => undefined),
    onOutsideChange: keeper.onOutsideChange,
  });
  // One tab sends; the next one takes over when it is closed. A phone has one app, and the lock is free.
  void withLock('2t1l-sending', () => new Promise<never>(() => void startSender(ports)));
  return keeper;
}

const ports = {
  store,
  api,
  ensurePlayer,
  sendClip,
  removeTake: (takeId: string) => clipStore.remove(takeId),
  listen: listenToChallenge,
  now: Date.now,
  random: Math.random,
};
