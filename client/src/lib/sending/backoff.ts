const FIRST_MS = 1000;
const LONGEST_MS = 60_000;

/** When to try again after `attempts` failures in a row: doubling to a minute, with "equal jitter" so that devices spread out. */
export function retryAt(attempts: number, nowMs: number, random: () => number, atLeastMs = 0): number {
  const span = Math.min(FIRST_MS * 2 ** attempts, LONGEST_MS);
  return nowMs + Math.max(atLeastMs, span / 2 + (span / 2) * random());
}
