import { setTimeout as sleep } from 'node:timers/promises';
import { run } from './run.ts';

const SAMPLE_MS = 50;

/** Resident memory of one process, in MB. */
export async function residentMb(pid: number): Promise<number> {
  return Number(await run('ps', ['-o', 'rss=', '-p', String(pid)])) / 1024;
}

/** The most that the process held while `work` ran, in MB. */
export async function peakMb(pid: number, work: () => Promise<unknown>): Promise<number> {
  let peak = 0;
  let isDone = false;
  const watch = async () => {
    while (!isDone) {
      peak = Math.max(peak, await residentMb(pid));
      await sleep(SAMPLE_MS);
    }
  };
  const watching = watch();
  try {
    await work();
  } finally {
    isDone = true;
    await watching;
  }
  return peak;
}
