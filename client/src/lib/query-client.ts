import AsyncStorage from '@react-native-async-storage/async-storage';
import { createAsyncStoragePersister } from '@tanstack/query-async-storage-persister';
import { MutationCache, QueryClient } from '@tanstack/react-query';
import { codeOf } from './api/problem.ts';
import { callFailed } from './store/api-middleware.ts';
import { store } from './store/store.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

declare module '@tanstack/react-query' {
  interface Register {
    /** `silent`: the screen shows the problem itself, no toast. */
    mutationMeta: { silent?: boolean };
  }
}

/** Worth a second try: the network or a busy server, not a refusal. */
const PASSING: readonly string[] = ['offline', 'timeout', 'busy'];

export const queryClient = new QueryClient({
  mutationCache: new MutationCache({
    onError: (error, _variables, _context, mutation) => {
      if (!mutation.meta?.silent) {
        store.dispatch(callFailed(error));
      }
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: MINUTE,
      gcTime: DAY,
      retry: (count, error) => count < 2 && PASSING.includes(codeOf(error)),
      retryDelay: (count) => 500 * 2 ** count,
      // An attempt is always made: a paused query would be a spinner without an end.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

/** What was read stays readable without a network. */
export const persistOptions = {
  persister: createAsyncStoragePersister({ storage: AsyncStorage, key: '2t1l.queries' }),
  maxAge: DAY,
  buster: '1',
};
