import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '../../lib/api.ts';
import { listenToChallenge } from '../../lib/events.ts';
import { analysisKey } from '../../lib/query-keys.ts';

/** Where no stream of events comes through. */
const ASK_AGAIN_MS = 15_000;
/** Whoever waits longer than this looks again themselves. */
const ASKS_MAX = 30;

/** What was measured in the three clips. While the server is still at it, whoever may see it hears of each step. */
export function useAnalysis(id: string) {
  const query = useQuery({
    queryKey: analysisKey(id),
    queryFn: ({ signal }) => api.analysis({ params: { id } }, { signal }),
    staleTime: 30_000,
    refetchInterval: ({ state }) =>
      (state.data?.status === 'pending' || state.data?.status === 'running') && state.dataUpdateCount < ASKS_MAX ? ASK_AGAIN_MS : false,
  });
  const { data, refetch } = query;
  const isMeasuring = data?.status === 'pending' || data?.status === 'running';
  useEffect(
    () =>
      isMeasuring
        ? listenToChallenge(id, {
            onEvent: ({ type }) => type === 'analysis.changed' && void refetch(),
            // What came between the answer and the stream.
            onOpen: (isOpen) => isOpen && void refetch(),
          })
        : undefined,
    [id, isMeasuring, refetch],
  );
  return query;
}
