import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { configureStore } from '@reduxjs/toolkit';
import { challengeActions, challengeReducer } from './challenge-slice.ts';
import { type Draft, takesOf } from './draft.ts';
import { type DraftKeeper, keepDrafts } from './draft-persistence.ts';
import type { DraftStore } from './draft-store.types.ts';
import { buildTake } from './test/build-draft.ts';

jest.mock('@react-native-async-storage/async-storage', () =>
  jest.requireActual('@react-native-async-storage/async-storage/jest/async-storage-mock'),
);

const keepers: DraftKeeper[] = [];
const kept = new Map<string, string>();
const listeners: ((id: string) => void)[] = [];
let isFull = false;

beforeEach(() => {
  jest.useFakeTimers();
  kept.clear();
  listeners.length = 0;
  isFull = false;
});
afterEach(() => {
  for (const keeper of keepers.splice(0)) {
    keeper.stop();
  }
  jest.useRealTimers();
});

/** A tab with the device's one storage, which copies what it is given, as IndexedDB does. */
function openTab() {
  const store = configureStore({ reducer: { challenge: challengeReducer } });
  const drafts = Object.fromEntries([...kept].map(([id, text]) => [id, JSON.parse(text) as Draft]));
  store.dispatch(challengeActions.restarted({ drafts }));
  const mine: ((id: string) => void)[] = [];
  const storage: DraftStore = {
    list: async () => [],
    async update(id, change) {
      const before = kept.has(id) ? (JSON.parse(kept.get(id) ?? '') as Draft) : null;
      const next = change(before);
      if (isFull) {
        throw new DOMException('full', 'QuotaExceededError');
      }
      if (next === before) {
        return next;
      }
      next === null ? kept.delete(id) : kept.set(id, JSON.stringify(next));
      for (const listener of listeners.filter((one) => !mine.includes(one))) {
        setTimeout(() => listener(id), 5);
      }
      return next;
    },
    onChange: (listener) => {
      mine.push(listener);
      listeners.push(listener);
    },
  };
  keepers.push(keepDrafts(store, storage));
  return { store, draft: () => store.getState().challenge.drafts.draft };
}

const settle = () => jest.advanceTimersByTimeAsync(10_000);
const begin = challengeActions.draftBegun({ id: 'draft', now_ms: 0 });
const record = (index: 0 | 1 | 2, take: string) => [
  challengeActions.takeRecorded({ id: 'draft', index, take: buildTake(take), ended_by: 'author', now_ms: 1 }),
  challengeActions.takeKept({ id: 'draft', now_ms: 2 }),
];

test('a tab that records while another writes progress loses nothing, and both end up the same', async () => {
  const sender = openTab();
  sender.store.dispatch(begin);
  record(0, 'a').forEach(sender.store.dispatch);
  await settle();
  const other = openTab();
  sender.store.dispatch(challengeActions.sendStarted({ take_id: 'a' }));
  for (let sent = 1; sent < 8; sent += 1) {
    sender.store.dispatch(challengeActions.sendProgressed({ take_id: 'a', sent_bytes: sent, upload_url: '/u' }));
    if (sent === 3) {
      record(1, 'b').forEach(other.store.dispatch);
    }
    await jest.advanceTimersByTimeAsync(170);
  }
  await settle();
  expect(takesOf(sender.draft() as Draft)).toEqual(['a', 'b']);
  expect(other.draft()).toEqual(sender.draft());
  expect(JSON.parse(kept.get('draft') ?? '')).toEqual(sender.draft());
});

test('what a full device would not take is saved when there is room', async () => {
  const tab = openTab();
  isFull = true;
  tab.store.dispatch(begin);
  record(0, 'a').forEach(tab.store.dispatch);
  await settle();
  expect(kept.size).toBe(0);
  isFull = false;
  await settle();
  expect(JSON.parse(kept.get('draft') ?? '')).toEqual(tab.draft());
});

test('a draft that one tab erases goes in the other; a recording made meanwhile keeps it', async () => {
  const [one, two] = [openTab(), openTab()];
  one.store.dispatch(begin);
  await settle();
  one.store.dispatch(challengeActions.draftErased({ id: 'draft' }));
  await settle();
  expect(two.draft()).toBeUndefined();
  one.store.dispatch(begin);
  await settle();
  one.store.dispatch(challengeActions.draftErased({ id: 'draft' }));
  record(0, 'a').forEach(two.store.dispatch);
  await settle();
  expect(takesOf(two.draft() as Draft)).toEqual(['a']);
  expect(takesOf(one.draft() as Draft)).toEqual(['a']);
});
