import { PAGE_MAX } from '@2t1l/game/limits';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'expo-router';
import { logOut } from '../../lib/account.ts';
import { api } from '../../lib/api.ts';
import { myChallengesKey, myGuessesKey, myStatsKey, myTellsKey, sessionsKey } from '../../lib/query-keys.ts';

export function useMyChallenges() {
  return useInfiniteQuery({
    queryKey: myChallengesKey(),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => api.myChallenges({ query: { limit: 10, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 0,
  });
}

export function useMyStats() {
  return useQuery({ queryKey: myStatsKey(), queryFn: ({ signal }) => api.myStats(undefined, { signal }), staleTime: 0 });
}

export function useMyGuesses() {
  return useInfiniteQuery({
    queryKey: myGuessesKey(),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => api.myGuesses({ query: { limit: 5, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 0,
  });
}

export function useMyTells() {
  return useQuery({ queryKey: myTellsKey(), queryFn: ({ signal }) => api.myTells(undefined, { signal }) });
}

export function useSessions() {
  return useQuery({
    queryKey: sessionsKey(),
    queryFn: ({ signal }) => api.sessions({ query: { limit: PAGE_MAX } }, { signal }),
    staleTime: 0,
  });
}

/** Ends one session, or all others where no id is given. */
export function useEndSession() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string | null) => (id ? api.endSession({ params: { id } }) : api.endOtherSessions()),
    onSettled: () => queries.invalidateQueries({ queryKey: sessionsKey() }),
  });
}

export function useLogOut() {
  const router = useRouter();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: logOut,
    onSuccess: () => {
      // Nothing of this player stays on the device.
      queries.clear();
      router.replace('/welcome');
    },
  });
}
