import type { Challenge } from '@2t1l/contract/schemas';
import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { ensurePlayer } from '../../lib/account.ts';
import { api } from '../../lib/api.ts';
import { absoluteUrl } from '../../lib/base-url.ts';
import { challengeKey, revealKey } from '../../lib/query-keys.ts';

/** One challenge. Whoever opens a link without an account becomes a guest first: the guess needs a player. */
export function useChallenge(id: string) {
  return useQuery({
    queryKey: challengeKey(id),
    queryFn: async ({ signal }): Promise<Challenge> => {
      await ensurePlayer();
      return api.challenge({ params: { id } }, { signal });
    },
    staleTime: 0,
    enabled: id !== '',
  });
}

/** The answer, once it was earned. */
export function useReveal(id: string, isEarned: boolean) {
  return useQuery({
    queryKey: revealKey(id),
    queryFn: ({ signal }) => api.reveal({ params: { id } }, { signal }),
    enabled: isEarned,
    staleTime: 30_000,
  });
}

/**
 * The address to play from. A refetch signs it anew; the film that runs keeps its first address until `attempt` rises. Each attempt's
 * address differs, by its fragment at least: a player does not load twice what it has failed to load.
 */
export function useVideoSource(url: string | null, attempt: number): string | null {
  const kept = useRef<{ url: string; path: string; attempt: number } | null>(null);
  if (url === null) {
    return kept.current?.url ?? null;
  }
  const path = url.split('?')[0] ?? url;
  if (kept.current?.path !== path || kept.current.attempt !== attempt) {
    kept.current = { url: `${absoluteUrl(url)}${attempt > 0 ? `#${attempt}` : ''}`, path, attempt };
  }
  return kept.current.url;
}
