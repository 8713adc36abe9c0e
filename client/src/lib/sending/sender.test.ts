import { Problem } from '@2t1l/contract/problems';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { configureStore } from '@reduxjs/toolkit';
import { NetworkError } from '../api/problem.ts';
import { onlineChanged } from '../store/ui-slice.ts';
import { BytesLost } from './bytes-lost.ts';
import { challengeActions, challengeReducer } from './challenge-slice.ts';
import type { Draft } from './draft.ts';
import { type SenderPorts, startSender } from './sender.ts';
import { buildTake } from './test/build-draft.ts';
import { createPretendServer, type PretendServer } from './test/pretend-server.ts';

jest.mock('@react-native-async-storage/async-storage', () =>
  jest.requireActual('@react-native-async-storage/async-storage/jest/async-storage-mock'),
);

const MINUTE = 60_000;
let server: PretendServer;
let stop = () => {};

beforeEach(() => {
  jest.useFakeTimers();
  server = createPretendServer();
});
afterEach(() => {
  stop();
  jest.useRealTimers();
});

function begin(overrides: Partial<SenderPorts> = {}, drafts: Record<string, Draft> = {}) {
  const store = configureStore({ reducer: { challenge: challengeReducer } });
  const removed: string[] = [];
  store.dispatch(challengeActions.restarted({ drafts }));
  stop = startSender({
    store,
    api: server.api,
    ensurePlayer: async () => undefined,
    sendClip: server.sendClip,
    removeTake: async (take) => {
      removed.push(take);
    },
    listen: () => () => undefined,
    now: Date.now,
    random: () => 0.5,
    ...overrides,
  });
  return { store, removed, draft: () => store.getState().challenge.drafts.draft };
}

type Running = ReturnType<typeof begin>;

function record({ store }: Running, index: 0 | 1 | 2, take: string): void {
  store.dispatch(challengeActions.draftBegun({ id: 'draft', now_ms: 0 }));
  store.dispatch(challengeActions.takeRecorded({ id: 'draft', index, take: buildTake(take), ended_by: 'author', now_ms: 1 }));
  store.dispatch(challengeActions.takeKept({ id: 'draft', now_ms: 2 }));
}

function recordAll(running: Running): void {
  record(running, 0, 'a');
  record(running, 1, 'b');
  record(running, 2, 'c');
}

function publish({ store }: Running): void {
  store.dispatch(challengeActions.draftEdited({ id: 'draft', text: { lie_index: 1, title: ' Trip\n' }, now_ms: 3 }));
  store.dispatch(challengeActions.publishAsked({ id: 'draft', now_ms: 4 }));
}

const settle = () => jest.advanceTimersByTimeAsync(MINUTE);

describe('startSender', () => {
  test('carries three clips to a published challenge and only then lets the bytes go', async () => {
    const running = begin();
    recordAll(running);
    await settle();
    expect(running.draft()?.clips.map((clip) => clip?.sending.status)).toEqual(['ready', 'ready', 'ready']);
    expect(running.removed).toEqual([]);
    publish(running);
    await settle();
    expect(running.draft()?.publishing).toEqual({ status: 'done', as: 'published' });
    expect(server.sent).toEqual(['a@0', 'b@1', 'c@2']);
    expect(server.text).toEqual({ title: 'Trip', lie_index: 1 });
    expect(running.removed.sort()).toEqual(['a', 'b', 'c']);
  });

  test('the first clip starts as soon as it is kept', async () => {
    const running = begin();
    record(running, 0, 'a');
    await settle();
    expect(server.sent).toEqual(['a@0']);
  });

  test('a network that comes and goes loses nothing', async () => {
    const running = begin();
    server.failNext('send', new NetworkError('offline'), new NetworkError('timeout'), new Problem('busy', { retry_after_seconds: 7 }));
    server.failNext('create', new NetworkError('offline'));
    server.failNext('process', new Problem('internal'));
    recordAll(running);
    publish(running);
    await settle();
    await settle();
    expect(running.draft()?.publishing).toEqual({ status: 'done', as: 'published' });
    expect(new Set(server.keys)).toEqual(new Set(['draft-0']));
  });

  test('offline nothing is tried; the network brings it back at once', async () => {
    const running = begin();
    running.store.dispatch(onlineChanged(false));
    recordAll(running);
    await settle();
    expect(server.calls).toEqual([]);
    running.store.dispatch(onlineChanged(true));
    await jest.advanceTimersByTimeAsync(100);
    expect(server.sent).toEqual(['a@0', 'b@1', 'c@2']);
  });

  test('an app that was killed while sending goes on where it was', async () => {
    const first = begin({ sendClip: () => new Promise(() => undefined) });
    record(first, 0, 'a');
    await settle();
    first.store.dispatch(challengeActions.sendProgressed({ take_id: 'a', sent_bytes: 500, upload_url: '/u/1' }));
    stop();
    const sendClip = jest.fn(server.sendClip);
    const second = begin({ sendClip }, JSON.parse(JSON.stringify(first.store.getState().challenge.drafts)));
    await settle();
    expect(sendClip.mock.calls[0]?.[0]).toMatchObject({ upload_url: '/u/1', index: 0 });
    expect(second.draft()?.clips[0]?.sending.status).toBe('ready');
    expect(server.created).toBe(1);
  });

  test('recording again while the clip is being sent stops it and sends the new one', async () => {
    let reason: unknown;
    const running = begin({
      sendClip: (options) =>
        options.clip.take_id === 'a'
          ? new Promise((_resolve, reject) => {
              options.signal.addEventListener('abort', () => {
                reason = options.signal.reason;
                reject(reason);
              });
            })
          : server.sendClip(options),
    });
    record(running, 0, 'a');
    await settle();
    record(running, 0, 'again');
    await settle();
    expect(reason).toBe('replaced');
    expect(server.sent).toEqual(['again@0']);
    expect(running.removed).toEqual([]);
  });

  test('the terms are asked for, and then it goes on', async () => {
    const running = begin();
    server.failNext('publish', new Problem('terms_required'));
    server.publishesByItself = false;
    recordAll(running);
    publish(running);
    await settle();
    expect(running.draft()?.publishing).toEqual({ status: 'needs', problem: 'terms_required' });
    publish(running);
    await settle();
    expect(running.draft()?.publishing).toEqual({ status: 'done', as: 'published' });
  });

  test('clips that the server lost are sent again', async () => {
    const running = begin();
    recordAll(running);
    await settle();
    server.forgetClip(1);
    publish(running);
    await settle();
    expect(server.sent).toEqual(['a@0', 'b@1', 'c@2', 'b@1']);
    expect(running.draft()?.publishing).toEqual({ status: 'done', as: 'published' });
  });

  test('a challenge that the server does not know is made anew with all its clips', async () => {
    const running = begin();
    recordAll(running);
    await settle();
    server.failNext('process', new Problem('challenge_not_found'));
    publish(running);
    await settle();
    expect(server.keys).toEqual(['draft-0', 'draft-1']);
    expect(running.draft()?.publishing).toEqual({ status: 'done', as: 'published' });
  });

  test('bytes that are gone are said, not tried for ever', async () => {
    const running = begin();
    server.failNext('send', new BytesLost('a'));
    record(running, 0, 'a');
    await settle();
    expect(running.draft()?.clips[0]?.sending).toEqual({ status: 'blocked', problem: 'bytes_lost' });
  });

  test('a deleted draft can be brought back; after that it goes with its challenge and its bytes', async () => {
    const running = begin();
    record(running, 0, 'a');
    await settle();
    running.store.dispatch(challengeActions.draftDeleted({ id: 'draft', now_ms: Date.now() }));
    await jest.advanceTimersByTimeAsync(5000);
    running.store.dispatch(challengeActions.draftRestored({ id: 'draft', now_ms: 8 }));
    await settle();
    expect(running.removed).toEqual([]);
    running.store.dispatch(challengeActions.draftDeleted({ id: 'draft', now_ms: Date.now() }));
    await settle();
    expect(running.draft()).toBeUndefined();
    expect(running.removed).toEqual(['a']);
    expect(server.calls.at(-1)).toBe('delete');
  });
});
