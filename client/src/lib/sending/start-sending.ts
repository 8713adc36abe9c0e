/** The queue of this app, wired: what was kept is read, saved as it changes, and sent whatever screen is open. */
import { ensurePlayer } from '../account.ts';
import { api } from '../api.ts';
import { listenToChallenge } from '../events.ts';
import { readServerClock, serverNow } from '../server-clock.ts';
import { store } from '../store/store.ts';
import { infoShown } from '../store/ui-slice.ts';
import { withLock } from '../tokens/lock.ts';
import { sendInBackground } from './background';
import { challengeActions } from './challenge-slice.ts';
import { clipStore } from './clip-store';
import { listenToDevice } from './device-events';
import type { Draft } from './draft.ts';
import { type DraftKeeper, keepDrafts } from './draft-persistence.ts';
import { draftStore } from './draft-store';
import { fetchDrafts } from './fetch-drafts.ts';
import { findLostTakes } from './find-lost-takes.ts';
import type { SendClipOptions } from './send-clip.ts';
import { startSender } from './sender.ts';
import { sendingText } from './texts.ts';

const READ_WAITS_MS = [200, 500, 1000];

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
  await readServerClock();
  const kept = await readDrafts();
  store.dispatch(challengeActions.restarted({ drafts: Object.fromEntries((kept ?? []).map((draft) => [draft.id, draft])) }));
  const keeper = keepDrafts(store, draftStore);
  listenToDevice({
    onWake: () => {
      store.dispatch(challengeActions.woken());
      void keepUp();
    },
    onLeave: () => void keeper.flush().catch(() => undefined),
  });
  // Without the drafts every take would look lost.
  const found = kept === null ? 0 : await findLostTakes(store).catch(() => 0);
  if (found > 0) {
    store.dispatch(infoShown(sendingText('found_again')));
  }
  followPlayer();
  sendInBackground();
  // One tab sends; the next one takes over when it is closed. A phone has one app, and the lock is free.
  void withLock('2t1l-sending', () => new Promise<never>(() => void startSender(ports)));
  return keeper;
}

/** What was kept; null where the device does not give it out, even when asked again: a storage that was just repaired takes its time. */
async function readDrafts(): Promise<Draft[] | null> {
  for (const waitMs of READ_WAITS_MS) {
    const kept = await draftStore.list().catch(() => null);
    if (kept !== null) {
      return kept;
    }
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
  return null;
}

/** The drafts of other devices, read anew for each player, whenever the network or the app comes back. */
function followPlayer(): void {
  let last = '';
  const look = () => {
    const { player, is_online } = store.getState().challenge;
    const now = player !== null && is_online ? player.id : '';
    if (now !== last) {
      last = now;
      void keepUp();
    }
  };
  store.subscribe(look);
  look();
}

async function keepUp(): Promise<void> {
  const { player, is_online } = store.getState().challenge;
  if (player !== null && is_online) {
    await fetchDrafts({ api, dispatch: store.dispatch }).catch(() => undefined);
  }
}

const ports = {
  store,
  api,
  ensurePlayer,
  // tus comes when there is something to send: 20 kB (gzip) that the first screen does without.
  sendClip: async (options: SendClipOptions) => (await import('./send-clip.ts')).sendClip(options),
  removeTake: (takeId: string) => clipStore.remove(takeId),
  listen: listenToChallenge,
  now: serverNow,
  random: Math.random,
};
