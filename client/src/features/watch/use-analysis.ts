import type { Analysis } from '@2t1l/contract/analysis';
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
    refetchInterval: ({ state }) => (isUnfinished(state.data) && state.dataUpdateCount < ASKS_MAX ? ASK_AGAIN_MS : false),
  });
  const { data, refetch } = query;
  const isMeasuring = isUnfinished(data);
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
  return { ...query, isMeasuring };
}

function isUnfinished(analysis: Analysis | undefined): boolean {
  return analysis?.status === 'pending' || analysis?.status === 'running';
}
