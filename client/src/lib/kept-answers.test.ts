import { beforeEach, expect, it, jest } from '@jest/globals';
import { dehydrate, QueryClient } from '@tanstack/react-query';
import { type PersistedClient, persistQueryClientRestore, persistQueryClientSave } from '@tanstack/react-query-persist-client';
import type { Player } from './api/session.ts';
import { KEPT_MS, keepAnswers } from './kept-answers.ts';

const NOW = 1_700_000_000_000;
const maya: Player = { id: 'maya', username: 'maya', is_guest: false };
const jonas: Player = { id: 'jonas', username: 'jonas', is_guest: false };

let room: number;
let stored: Map<string, string>;
let now: number;
let server: string;

const storage = {
  getItem: async (key: string) => stored.get(key) ?? null,
  setItem: async (key: string, text: string) => {
    if (text.length > room) {
      throw new DOMException('full', 'QuotaExceededError');
    }
    stored.set(key, text);
  },
  removeItem: async (key: string) => {
    stored.delete(key);
  },
};

beforeEach(() => {
  room = Number.POSITIVE_INFINITY;
  stored = new Map();
  now = NOW;
  server = '';
  jest.spyOn(Date, 'now').mockImplementation(() => now);
});

/** One start of the app, with `player` logged in. */
async function start(player: Player | null) {
  const listeners: ((who: Player | null) => void)[] = [];
  const queries = new QueryClient({ defaultOptions: { queries: { gcTime: Number.POSITIVE_INFINITY } } });
  const { persistOptions, flush } = keepAnswers({
    storage,
    queries,
    server: () => server,
    ready: Promise.resolve(),
    now: () => now,
    session: {
      player: async () => player,
      onPlayer: (listener) => {
        listeners.push(listener);
        return () => {};
      },
    },
  });
  const options = { queryClient: queries, ...persistOptions };
  await persistQueryClientRestore(options);
  return {
    queries,
    flush,
    save: () => persistQueryClientSave(options),
    become: (who: Player | null) => {
      for (const listener of listeners) {
        listener(who);
      }
    },
  };
}

const keysOf = (queries: QueryClient) => dehydrate(queries).queries.map(({ queryKey }) => queryKey.join('/'));
const kept = () => JSON.parse(stored.get('2t1l.queries') ?? 'null') as PersistedClient | null;

it('gives the same player their answers back at the next start, for a week', async () => {
  const first = await start(maya);
  first.queries.setQueryData(['feed'], 'read');
  await first.save();
  expect((await start(maya)).queries.getQueryData(['feed'])).toBe('read');
  now += KEPT_MS + 1;
  expect((await start(maya)).queries.getQueryData(['feed'])).toBeUndefined();
  expect(stored.size).toBe(0);
});

it.each([
  ['another player', '', jonas],
  ['nobody', '', null],
  ['the same player of another server', 'https://play.example.com', maya],
])('gives %s nothing, and drops it', async (_who, otherServer, player) => {
  const first = await start(maya);
  first.queries.setQueryData(['me'], 'maya@example.com');
  await first.save();
  server = otherServer;
  expect(keysOf((await start(player)).queries)).toEqual([]);
  expect(JSON.stringify([...stored])).not.toContain('maya@example.com');
});

it('writes at once, without a turn between, when the app is left', async () => {
  const app = await start(maya);
  app.queries.setQueryData(['me'], 'asked');
  void app.flush();
  expect(kept()?.clientState.queries).toHaveLength(1);
  expect((await start(maya)).queries.getQueryData(['me'])).toBe('asked');
});

it('drops everything the moment somebody logs out, also in a tab that only hears of it', async () => {
  const app = await start(maya);
  app.queries.setQueryData(['me'], 'maya@example.com');
  await app.save();
  app.become(null);
  expect(keysOf(app.queries)).toEqual([]);
  await Promise.resolve();
  expect(JSON.stringify([...stored])).not.toContain('maya@example.com');
});

it('keeps what nobody has read for the guest they become, and what a guest has read for their account', async () => {
  const app = await start(null);
  app.queries.setQueryData(['feed'], 'read');
  app.become(maya);
  app.become({ ...maya, is_guest: true });
  expect(app.queries.getQueryData(['feed'])).toBe('read');
});

it('keeps the newest where there is a bound or the storage is full, nothing about now, and nothing that was measured of a person', async () => {
  const app = await start(maya);
  const put = (key: string, chars: number, age: number) => app.queries.setQueryData([key], 'x'.repeat(chars), { updatedAt: NOW - age });
  put('old', 600_000, 2000);
  put('new', 600_000, 1000);
  put('small', 1000, 3000);
  app.queries.setQueryData(['me', 'sessions'], 'elsewhere');
  app.queries.setQueryData(['me', 'tells'], 'mine');
  app.queries.setQueryData(['analysis', 'c1'], 'of a face');
  await app.save();
  expect(kept()?.clientState.queries.map(({ queryKey }) => queryKey[0])).toEqual(['new', 'small']);
  room = 5000;
  stored.clear();
  put('newest', 1000, 0);
  now += 2000;
  await app.save();
  expect(kept()?.clientState.queries.map(({ queryKey }) => queryKey[0])).toEqual(['newest']);
  room = 0;
  now += 2000;
  await expect(app.save()).resolves.toBeUndefined();
});
