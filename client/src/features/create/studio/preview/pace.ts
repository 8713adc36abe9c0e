const WINDOW_MS = 3000;
/** Fewer answers a second than this are no live picture. */
const LEAST_PER_SECOND = 8;

/** Whether a device keeps up. Times in milliseconds, of any clock. */
export interface Pace {
  answered(nowMs: number): void;
  /** Answers a second over the last three seconds, or since the first. */
  perSecond(nowMs: number): number;
  /** True after three seconds in a row with fewer than eight answers a second. */
  isTooSlow(nowMs: number): boolean;
  /** The page was away: what it missed does not count. */
  forget(): void;
}

/** Counts from the first answer on: loading and the first picture take as long as they take. */
export function createPace(): Pace {
  let times: number[] = [];
  let since: number | null = null;
  const inWindow = (nowMs: number) => {
    times = times.filter((time) => nowMs - time < WINDOW_MS);
    return times.length;
  };
  return {
    answered(nowMs) {
      since ??= nowMs;
      times.push(nowMs);
    },
    perSecond(nowMs) {
      const watchedMs = Math.min(WINDOW_MS, nowMs - (since ?? nowMs));
      return watchedMs === 0 ? 0 : (inWindow(nowMs) * 1000) / watchedMs;
    },
    isTooSlow: (nowMs) => since !== null && nowMs - since >= WINDOW_MS && inWindow(nowMs) < (LEAST_PER_SECOND * WINDOW_MS) / 1000,
    forget() {
      times = [];
      since = null;
    },
  };
}
