import type { Challenge } from '@2t1l/contract/schemas';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useAppSelector } from '../../lib/store/store.ts';
import { useVideoSource } from './use-challenge.ts';
import { type Playback, usePlayback } from './use-playback.ts';

/** A second failure within this time is not the address's fault. */
const RENEWED_LATELY_MS = 30_000;

export interface Film extends Playback {
  retry: () => void;
}

/**
 * The challenge's film. An address that has expired is renewed by itself, once, and the film goes on where it stood; what fails after
 * that is said, and tried again when the network is back or the viewer asks.
 */
export function useFilm(challenge: Challenge, { isFresh, refetch }: { isFresh: boolean; refetch: () => Promise<unknown> }): Film {
  const [attempt, setAttempt] = useState(0);
  const [isRenewing, setRenewing] = useState(false);
  const isOnline = useAppSelector((state) => state.ui.online);
  const renewedAt = useRef(Number.NEGATIVE_INFINITY);
  const source = useVideoSource(isFresh ? challenge.video_url : null, attempt);
  const playback = usePlayback(source, challenge.segments);
  const { isFailed } = playback;

  const retry = useCallback(() => {
    setRenewing(true);
    void refetch().finally(() => {
      setAttempt((count) => count + 1);
      setRenewing(false);
    });
  }, [refetch]);

  useEffect(() => {
    if (!isOnline) {
      renewedAt.current = Number.NEGATIVE_INFINITY;
      return;
    }
    if (isFailed && Date.now() - renewedAt.current > RENEWED_LATELY_MS) {
      renewedAt.current = Date.now();
      retry();
    }
  }, [isFailed, isOnline, retry]);

  return { ...playback, isFailed: isFailed && !isRenewing, waiting: isRenewing ? 'yes' : playback.waiting, retry };
}
