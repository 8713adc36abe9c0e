import { useQuery } from '@tanstack/react-query';
import { api } from '../../lib/api.ts';
import { analysisKey } from '../../lib/query-keys.ts';

const ASK_AGAIN_MS = 4000;
/** Whoever waits longer than this looks again themselves. */
const ASKS_MAX = 30;

/** What was measured in the three clips; asks again while the server is still at it. */
export function useAnalysis(id: string) {
  return useQuery({
    queryKey: analysisKey(id),
    queryFn: ({ signal }) => api.analysis({ params: { id } }, { signal }),
    staleTime: 30_000,
    refetchInterval: ({ state }) =>
      (state.data?.status === 'pending' || state.data?.status === 'running') && state.dataUpdateCount < ASKS_MAX ? ASK_AGAIN_MS : false,
  });
}
