/** What both recorders share: the state with its listeners, and the clock that stops at the limit. */
import { CLIP_MAX_SECONDS } from '@2t1l/game/limits';
import type { RecorderState } from './recorder.types.ts';
import { CLOSED, type RecorderEvent, reduceRecorder } from './recorder-state.ts';

const TICK_MS = 100;
const SECOND = 1000;

export interface RecorderCore {
  getState(): RecorderState;
  subscribe(listener: () => void): () => void;
  send(event: RecorderEvent): void;
}

/** Holds the state; `subscribe` fits `useSyncExternalStore`. */
export function createRecorderCore(): RecorderCore {
  let state: RecorderState = CLOSED;
  const listeners = new Set<() => void>();
  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    send(event) {
      const next = reduceRecorder(state, event);
      if (next === state) {
        return;
      }
      state = next;
      for (const listener of [...listeners]) {
        listener();
      }
    },
  };
}

export interface TakeClock {
  start(): void;
  pause(): void;
  resume(): void;
  stop(): void;
  /** Recorded time without the pauses. */
  elapsedSeconds(): number;
}

/** Counts recorded time; `onTick` ten times a second, `onLimit` once at 60 s. */
export function createTakeClock(now: () => number, onTick: (elapsedSeconds: number) => void, onLimit: () => void): TakeClock {
  let recordedMs = 0;
  let runningSince: number | null = null;
  let timer: ReturnType<typeof setInterval> | null = null;

  const elapsedSeconds = () => (recordedMs + (runningSince === null ? 0 : now() - runningSince)) / SECOND;
  const halt = () => {
    if (timer !== null) {
      clearInterval(timer);
      timer = null;
    }
    recordedMs = elapsedSeconds() * SECOND;
    runningSince = null;
  };
  const run = () => {
    runningSince = now();
    timer ??= setInterval(() => {
      onTick(elapsedSeconds());
      if (elapsedSeconds() >= CLIP_MAX_SECONDS) {
        halt();
        onLimit();
      }
    }, TICK_MS);
  };

  return {
    start() {
      halt();
      recordedMs = 0;
      run();
    },
    pause: halt,
    resume: run,
    stop: halt,
    elapsedSeconds,
  };
}
