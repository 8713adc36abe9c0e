import AsyncStorage from '@react-native-async-storage/async-storage';
import { MutationCache, QueryClient } from '@tanstack/react-query';
import { codeOf } from './api/problem.ts';
import { session } from './api.ts';
import { baseUrl } from './base-url.ts';
import { KEPT_MS, keepAnswers } from './kept-answers.ts';
import { callFailed } from './store/api-middleware.ts';
import { serverRead, store } from './store/store.ts';

const MINUTE = 60_000;

declare module '@tanstack/react-query' {
  interface Register {
    /** `silent`: the screen shows the problem itself, no toast. */
    mutationMeta: { silent?: boolean };
  }
}

/** Worth a second try: the network or a busy server, not a refusal. */
const PASSING: readonly string[] = ['offline', 'timeout', 'busy'];

/** Everything that the server owns, as this app has read it. */
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
      gcTime: KEPT_MS,
      retry: (count, error) => count < 2 && PASSING.includes(codeOf(error)),
      retryDelay: (count) => 500 * 2 ** count,
      // An attempt is always made: a paused query would be a spinner without an end.
      networkMode: 'always',
      // Off with `always` otherwise; pages promise to come back by themselves.
      refetchOnReconnect: true,
    },
    mutations: { networkMode: 'always' },
  },
});

/** What was read stays readable without a network; `flush` writes it at once. */
export const { persistOptions, flush } = keepAnswers({
  storage: AsyncStorage,
  session,
  queries: queryClient,
  server: baseUrl,
  ready: serverRead,
  now: Date.now,
});
