/**
 * What was read stays readable without a network: the answers of the last week, the newest first within a bound, of one player on one
 * server. Those of another are dropped, in the memory and on the device, the moment the player changes, in every tab.
 */

import { createAsyncStoragePersister } from '@tanstack/query-async-storage-persister';
import { dehydrate, type QueryClient } from '@tanstack/react-query';
import type { AsyncStorage, PersistedClient, Persister } from '@tanstack/react-query-persist-client';
import type { Session } from './api/session.ts';
import { analysesKey, myTellsKey, sessionsKey } from './query-keys.ts';

const DAY = 24 * 60 * 60_000;
/** Older answers are not shown any more. Below the 24 days that a timer can wait. */
export const KEPT_MS = 7 * DAY;
/** Of JSON. A browser gives 5 million to all of an origin, and drafts need room too. */
const KEPT_CHARS = 1_000_000;
const KEY = '2t1l.queries';
/** Changes with the shape of what is kept. */
const SHAPE = '2';

export interface KeptAnswersPorts {
  storage: AsyncStorage<string>;
  session: Pick<Session, 'player' | 'onPlayer'>;
  queries: QueryClient;
  /** Origin of the server; the same player of another one is somebody else. */
  server: () => string;
  /** Settled when `server` and `session` can be asked. */
  ready: Promise<unknown>;
  now: () => number;
}

/** Options for `PersistQueryClientProvider`, and a way to write at once; watches over the owner from now on. */
export function keepAnswers(ports: KeptAnswersPorts) {
  const { storage, session, queries, server } = ports;
  const stored = createAsyncStoragePersister({
    storage,
    key: KEY,
    serialize: (client) => bounded(client, ports.now() - KEPT_MS),
    // Storage is full: the newer half is tried, down to nothing.
    retry: ({ persistedClient }) => newerHalf(persistedClient),
  });
  const ownerOf = (player: { id: string } | null) => `${SHAPE} ${server()} ${player?.id ?? 'nobody'}`;
  let owner: string | null = null;

  session.onPlayer((player) => {
    const now = ownerOf(player);
    const before = owner;
    owner = now;
    if (before === null || before === now) {
      return;
    }
    void Promise.resolve(stored.removeClient()).catch(() => undefined);
    if (player === null) {
      // Nothing is asked for in nobody's name: some screens would make a guest of the one who has just left.
      queries.clear();
    } else if (!before.endsWith(' nobody')) {
      queries.removeQueries({ type: 'inactive' });
      void queries.resetQueries();
    }
  });

  const persister: Persister = {
    persistClient: (client) => stored.persistClient({ ...client, buster: owner ?? '' }),
    restoreClient: async () => {
      await ports.ready;
      owner = ownerOf(await session.player().catch(() => null));
      const client = await stored.restoreClient();
      // The provider throws away what is not marked so.
      return client && { ...client, buster: client.buster === owner ? SHAPE : '' };
    },
    removeClient: () => stored.removeClient(),
  };
  const dehydrateOptions = {
    shouldDehydrateQuery: ({ queryKey, state }: { queryKey: readonly unknown[]; state: { status: string } }) =>
      state.status === 'success' && !isNotKept(queryKey),
    shouldDehydrateMutation: () => false,
  };

  /** Writes at once what is written within a second otherwise: the app is being left. */
  const flush = async (): Promise<void> => {
    if (owner === null) {
      return;
    }
    // Nothing is waited for before the writing: a page that is left gets no second turn.
    const client = { timestamp: ports.now(), buster: owner, clientState: dehydrate(queries, dehydrateOptions) };
    await Promise.resolve(storage.setItem(KEY, bounded(client, ports.now() - KEPT_MS))).catch(() => undefined);
  };
  return { persistOptions: { persister, maxAge: KEPT_MS, buster: SHAPE, dehydrateOptions }, flush };
}

/** Where else somebody is logged in is a question about now; what was measured of a person would outlive their consent here. */
function isNotKept(key: readonly unknown[]): boolean {
  return [sessionsKey(), analysesKey(), myTellsKey()].some((one) => one.every((part, index) => key[index] === part));
}

/** The newest answers that have room, as JSON; none from before `oldestMs`. */
function bounded(client: PersistedClient, oldestMs: number): string {
  let room = KEPT_CHARS;
  const kept: string[] = [];
  for (const query of newestFirst(client)) {
    const text = JSON.stringify(query);
    if (query.state.dataUpdatedAt >= oldestMs && text.length <= room) {
      room -= text.length;
      kept.push(text);
    }
  }
  const { timestamp, buster } = client;
  return `{"timestamp":${timestamp},"buster":${JSON.stringify(buster)},"clientState":{"mutations":[],"queries":[${kept.join(',')}]}}`;
}

function newerHalf(client: PersistedClient): PersistedClient | undefined {
  const queries = newestFirst(client);
  if (queries.length === 0) {
    return undefined;
  }
  return { ...client, clientState: { mutations: [], queries: queries.slice(0, Math.floor(queries.length / 2)) } };
}

function newestFirst({ clientState }: PersistedClient) {
  return [...clientState.queries].sort((one, other) => other.state.dataUpdatedAt - one.state.dataUpdatedAt);
}
