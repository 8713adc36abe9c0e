import { setTimeout as sleep } from 'node:timers/promises';

export interface UntilOptions {
  timeoutMs?: number;
  everyMs?: number;
  /** What was waited for, for the message of the failure. */
  what: string;
}

/** Asks `condition` again and again until its answer is neither undefined, null nor false, and returns that answer. */
export async function until<T>(
  condition: () => Promise<T> | T,
  { timeoutMs = 30_000, everyMs = 50, what }: UntilOptions,
): Promise<Exclude<T, undefined | null | false>> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const answer = await condition();
    if (answer !== undefined && answer !== null && answer !== false) {
      return answer as Exclude<T, undefined | null | false>;
    }
    if (Date.now() > end) {
      throw new Error(`waited ${timeoutMs} ms in vain for: ${what}`);
    }
    await sleep(everyMs);
  }
}
