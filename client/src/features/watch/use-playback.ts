import type { Segment, SegmentIndex } from '@2t1l/game/challenge';
import { useEvent } from 'expo';
import { useIsFocused } from 'expo-router/react-navigation';
import { useVideoPlayer, type VideoPlayer } from 'expo-video';
import { useEffect, useMemo, useState } from 'react';
import { mayAutoplay } from '../../lib/autoplay';

const SPEEDS = [1, 1.25, 1.5, 0.75] as const;
const TICK_SECONDS = 0.1;
/** No picture after this long is a failure, not patience. */
const LOAD_LIMIT_MS = 20_000;

export interface Playback {
  player: VideoPlayer;
  seconds: number;
  isPlaying: boolean;
  isEnded: boolean;
  isFailed: boolean;
  isLoading: boolean;
  speed: number;
  toggle: () => void;
  jump: (index: SegmentIndex) => void;
  changeSpeed: () => void;
}

/** Plays the merged video: jumps to a statement, changes speed, stops when the screen is left. */
export function usePlayback(source: string | null, segments: readonly Segment[]): Playback {
  const player = useVideoPlayer(source ?? null);
  const isFocused = useIsFocused();
  const [speed, setSpeed] = useState<(typeof SPEEDS)[number]>(1);
  const { isPlaying } = useEvent(player, 'playingChange', { isPlaying: player.playing });
  const { currentTime } = useEvent(player, 'timeUpdate', {
    currentTime: 0,
    currentLiveTimestamp: null,
    currentOffsetFromLive: null,
    bufferedPosition: 0,
  });
  const { status } = useEvent(player, 'statusChange', { status: player.status });
  const isLate = useLate(source, status === 'readyToPlay' || currentTime > 0);

  useEffect(() => {
    player.timeUpdateEventInterval = TICK_SECONDS;
    if (source && isFocused && mayAutoplay()) {
      player.play();
    }
    if (!isFocused) {
      player.pause();
    }
  }, [player, source, isFocused]);
  useEffect(() => {
    player.playbackRate = speed;
  }, [player, speed]);

  const end = segments.at(-1)?.end_seconds ?? 0;
  const isEnded = !isPlaying && end > 0 && currentTime >= end - 0.25;
  const actions = useMemo(
    () => ({
      toggle: () => {
        if (player.playing) {
          player.pause();
          return;
        }
        if (end > 0 && player.currentTime >= end - 0.25) {
          player.currentTime = 0;
        }
        player.play();
      },
      jump: (index: SegmentIndex) => {
        player.currentTime = (segments[index]?.start_seconds ?? 0) + 0.01;
        player.play();
      },
      changeSpeed: () => setSpeed((now) => SPEEDS[(SPEEDS.indexOf(now) + 1) % SPEEDS.length] ?? 1),
    }),
    [player, segments, end],
  );
  const isFailed = status === 'error' || isLate;
  const isLoading = !isFailed && status !== 'readyToPlay' && currentTime === 0;
  return { player, seconds: currentTime, isPlaying, isEnded, isFailed, isLoading, speed, ...actions };
}

function useLate(source: string | null, isReady: boolean): boolean {
  const [lateSource, setLateSource] = useState<string | null>(null);
  useEffect(() => {
    if (isReady || source === null) {
      return;
    }
    const timer = setTimeout(() => setLateSource(source), LOAD_LIMIT_MS);
    return () => clearTimeout(timer);
  }, [isReady, source]);
  return !isReady && source !== null && lateSource === source;
}
