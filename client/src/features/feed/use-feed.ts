import type { FeedFilter } from '@2t1l/contract/schemas';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useFocusEffect } from 'expo-router';
import { useCallback } from 'react';
import { api } from '../../lib/api.ts';
import { feedKey } from '../../lib/query-keys.ts';
import { useAppSelector } from '../../lib/store/store.ts';

const PAGE = 10;
const MINUTE = 60_000;

/** Challenges to guess, page by page; another player has another feed. Who comes back to it after a minute sees what is new. */
export function useFeed(filter: FeedFilter) {
  const playerId = useAppSelector(({ auth }) => (auth.status === 'player' ? auth.player.id : null));
  const queries = useQueryClient();
  // The tab stays mounted below whatever is opened from it: without this it would show for hours what it read first.
  useFocusEffect(
    useCallback(
      () => void queries.refetchQueries({ queryKey: feedKey(playerId, filter), stale: true }, { cancelRefetch: false }),
      [queries, playerId, filter],
    ),
  );
  const query = useInfiniteQuery({
    queryKey: feedKey(playerId, filter),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      api.feed({ query: { limit: PAGE, filter, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    getNextPageParam: (last) => last.next_cursor,
    // An empty feed is worth asking again each time.
    staleTime: ({ state }) => (state.data?.pages.some((page) => page.items.length > 0) ? MINUTE : 0),
  });
  const seen = new Set<string>();
  const items = (query.data?.pages ?? [])
    .flatMap((page) => page.items)
    .filter((item) => !item.has_guessed && !seen.has(item.id) && seen.add(item.id));
  return { ...query, items };
}
