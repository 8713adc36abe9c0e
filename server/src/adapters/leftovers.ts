import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../ports.ts';

const HOUR_MS = 3_600_000;
/** Longer than any step lasts: another process on the same folder may be at work there just now. */
const KEPT_MS = 3 * HOUR_MS;

/** Removes what killed processes have left in `folders`, now and every hour; `dispose` ends it. Age is by the machine's clock, as files have it. */
export function sweepLeftovers(folders: readonly string[], log: Log): { dispose: () => void } {
  const sweep = () => {
    Promise.all(folders.map(sweepFolder)).catch((error: unknown) => log.warn({ err: error }, 'sweeping work folders failed'));
  };
  sweep();
  const timer = setInterval(sweep, HOUR_MS).unref();
  return { dispose: () => clearInterval(timer) };
}

async function sweepFolder(folder: string): Promise<void> {
  const oldest = Date.now() - KEPT_MS;
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    // Gone in between: its owner was faster.
    const found = await stat(path).catch(() => null);
    if (found !== null && found.mtimeMs < oldest) {
      await rm(path, { recursive: true, force: true });
    }
  }
}
