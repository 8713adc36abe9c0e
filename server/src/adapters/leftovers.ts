import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../ports.ts';

const HOUR_MS = 3_600_000;

/**
 * Removes what killed processes have left in `folder`, now and every hour; `dispose` ends it. What is younger than an hour stays:
 * another process may be writing it. Age is by the machine's clock, as files have it.
 */
export function sweepLeftovers(folder: string, log: Log): { dispose: () => void } {
  const run = () => void sweep(folder).catch((error: unknown) => log.warn({ err: error, folder }, 'sweeping a folder failed'));
  run();
  const timer = setInterval(run, HOUR_MS).unref();
  return { dispose: () => clearInterval(timer) };
}

async function sweep(folder: string): Promise<void> {
  const oldest = Date.now() - HOUR_MS;
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    // Gone in between: its owner was faster.
    const found = await stat(path).catch(() => null);
    if (found !== null && found.mtimeMs < oldest) {
      await rm(path, { recursive: true, force: true });
    }
  }
}
