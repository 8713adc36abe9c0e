/** A program run to its end, and what it took: CPU seconds of itself and its children, wall seconds, peak memory of its process tree. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { endedChildrenSeconds, watchTree } from './process-tree.ts';

export interface Taken {
  cpu_s: number;
  wall_s: number;
  peak_mb: number;
}

/** How a run is watched: `times` it is repeated, for programs too short for the kernel's clock of 10 ms; figures are of one run. */
export interface Watch {
  times?: number;
  /** Before each run, not counted. */
  before?: () => Promise<void>;
}

/** Runs `program`, which must not outlive its children. Throws where it fails, with its complaints on stderr. */
export async function runMeasured(program: string, args: readonly string[], { times = 1, before }: Watch = {}): Promise<Taken> {
  const taken: Taken = { cpu_s: 0, wall_s: 0, peak_mb: 0 };
  for (let n = 0; n < times; n++) {
    await before?.();
    const [cpu, began] = [endedChildrenSeconds(), performance.now()];
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    const ended = once(child, 'exit');
    const seen = await watchTree(child.pid ?? 0, async () => {
      const [code] = await ended;
      if (code !== 0) {
        throw new Error(`${program} ended with ${code}`);
      }
    });
    // the parent's sum is exact where everybody is waited for, and what was seen is less by the last moments of each
    taken.cpu_s += Math.max(endedChildrenSeconds() - cpu, seen.cpu_s) / times;
    taken.wall_s += (performance.now() - began) / 1000 / times;
    taken.peak_mb = Math.max(taken.peak_mb, seen.peak_mb);
  }
  return taken;
}
