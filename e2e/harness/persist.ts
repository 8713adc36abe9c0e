import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 60_000;
const PAUSE_MS = 100;

/** Does `work` again while the server cannot be reached or breaks off, as the app's queue does. Everything else is thrown. */
export async function persist<T>(work: () => Promise<T>): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isLostConnection(error) || Date.now() > end) {
        throw error;
      }
      await sleep(PAUSE_MS);
    }
  }
}

/** What Node's fetch throws when there is no connection, or it ends before the answer does. */
function isLostConnection(error: unknown): boolean {
  return error instanceof TypeError && (error.message === 'fetch failed' || error.message === 'terminated');
}
