import type { Segment, SegmentIndex } from '@2t1l/game/challenge';
import { useEvent } from 'expo';
import { useIsFocused } from 'expo-router/react-navigation';
import { useVideoPlayer, type VideoPlayer } from 'expo-video';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useReducedMotion } from 'react-native-reanimated';
import { mayAutoplay } from '../../lib/autoplay';
import { useWaiting } from './use-waiting.ts';

const SPEEDS = [1, 1.25, 1.5, 0.75] as const;
const TICK_SECONDS = 0.1;
const SEEK_SECONDS = 5;
/** So near its end a film counts as ended. */
const END_SECONDS = 0.25;

export interface Playback {
  player: VideoPlayer;
  seconds: number;
  isPlaying: boolean;
  isEnded: boolean;
  isFailed: boolean;
  /** The picture stands still for want of bytes; `slow` once that has taken long. */
  waiting: 'no' | 'yes' | 'slow';
  /** It plays without sound until somebody asks for it. */
  isMuted: boolean;
  speed: number;
  toggle: () => void;
  jump: (index: SegmentIndex) => void;
  seek: (direction: 1 | -1) => void;
  toggleSound: () => void;
  changeSpeed: () => void;
}

/**
 * Plays the merged video: jumps to a statement, changes speed, stops when the screen is left. A new source goes on where the one before
 * stood.
 */
export function usePlayback(source: string | null, segments: readonly Segment[]): Playback {
  const player = useVideoPlayer(source ?? null);
  const isFocused = useIsFocused();
  const still = useReducedMotion();
  const [speed, setSpeed] = useState<(typeof SPEEDS)[number]>(1);
  // A page that was opened by a link may show pictures; sound comes with a tap.
  const [isMuted, setMuted] = useState(() => !mayAutoplay());
  const { isPlaying } = useEvent(player, 'playingChange', { isPlaying: player.playing });
  const { currentTime } = useEvent(player, 'timeUpdate', {
    currentTime: 0,
    currentLiveTimestamp: null,
    currentOffsetFromLive: null,
    bufferedPosition: 0,
  });
  const { status } = useEvent(player, 'statusChange', { status: player.status });
  const { waiting, isLate } = useWaiting(source, { isReady: status === 'readyToPlay', hasBegun: currentTime > 0, isPlaying });
  const seconds = useResumed(player, status === 'readyToPlay', currentTime);

  useEffect(() => {
    player.timeUpdateEventInterval = TICK_SECONDS;
    return () => {
      // On the web the player's own clock would tick on for ever.
      player.timeUpdateEventInterval = 0;
    };
  }, [player]);
  useEffect(() => {
    player.muted = isMuted;
  }, [player, isMuted]);
  useEffect(() => {
    const begins = mayAutoplay() || !still;
    if (source && isFocused && begins) {
      player.play();
    }
    if (!isFocused) {
      player.pause();
    }
  }, [player, source, isFocused, still]);
  useEffect(() => {
    player.playbackRate = speed;
  }, [player, speed]);

  const end = segments.at(-1)?.end_seconds ?? 0;
  const isEnded = !isPlaying && end > 0 && seconds >= end - END_SECONDS;
  const actions = useMemo(
    () => ({
      toggle: () => {
        if (player.playing) {
          player.pause();
          return;
        }
        if (end > 0 && player.currentTime >= end - END_SECONDS) {
          player.currentTime = 0;
        }
        // Whoever starts it by hand wants to hear it.
        setMuted(false);
        player.play();
      },
      jump: (index: SegmentIndex) => {
        player.currentTime = (segments[index]?.start_seconds ?? 0) + 0.01;
        player.play();
      },
      seek: (direction: 1 | -1) => {
        player.currentTime = Math.min(Math.max(0, player.currentTime + direction * SEEK_SECONDS), Math.max(0, end - END_SECONDS));
      },
      toggleSound: () => setMuted((now) => !now),
      changeSpeed: () => setSpeed((now) => SPEEDS[(SPEEDS.indexOf(now) + 1) % SPEEDS.length] ?? 1),
    }),
    [player, segments, end],
  );
  return { player, seconds, isPlaying, isEnded, isFailed: status === 'error' || isLate, waiting, isMuted, speed, ...actions };
}

/** Where the film stands; after a change of the player it is led there again before its own clock counts. */
function useResumed(player: VideoPlayer, isReady: boolean, currentTime: number): number {
  const state = useRef({ player, resumeAt: 0, last: 0 });
  if (state.current.player !== player) {
    state.current = { player, resumeAt: state.current.last, last: state.current.last };
  }
  useEffect(() => {
    if (isReady && state.current.resumeAt > 0) {
      player.currentTime = state.current.resumeAt;
      state.current.resumeAt = 0;
    }
  }, [player, isReady]);
  const { resumeAt } = state.current;
  const seconds = resumeAt > 0 && currentTime < resumeAt ? resumeAt : currentTime;
  state.current.last = seconds;
  return seconds;
}
