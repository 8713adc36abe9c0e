/** CPU and memory of a process and all its descendants, from Linux's /proc (man 5 proc). */
import { readdirSync, readFileSync } from 'node:fs';
import { MB } from './units.ts';

/** USER_HZ, a constant of the Linux ABI on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

interface Stat {
  parent: number;
  ticks: number;
  /** Of children that have ended alone. */
  endedTicks: number;
}

/** User and system seconds that the tree has used so far, children that have ended and been waited for included. */
export function cpuSeconds(root: number): number {
  const stats = readStats();
  return treeOf(root, stats).reduce((sum, pid) => sum + (stats.get(pid)?.ticks ?? 0), 0) / TICKS_PER_SECOND;
}

/** User and system seconds of this process's children that have ended, with those that they waited for. */
export function endedChildrenSeconds(): number {
  return parseStat(readFileSync('/proc/self/stat', 'utf8')).endedTicks / TICKS_PER_SECOND;
}

/** Resident memory of the tree now, in MB. */
export function memoryMb(root: number): number {
  return treeOf(root, readStats()).reduce((sum, pid) => sum + residentBytes(pid), 0) / MB;
}

/** Highest resident memory of the tree while `work` runs, in MB, sampled every `everyMs`. */
export async function peakMemoryMb(root: number, work: () => Promise<void>, everyMs = 20): Promise<number> {
  return (await watchTree(root, work, everyMs)).peak_mb;
}

/**
 * Watches the tree while `work` runs, by samples every `everyMs`: its peak memory in MB, and the CPU seconds of every process that was seen,
 * each as it was last seen. Unlike the sum that a parent gets, this knows those whose parent does not wait for them (bubblewrap's do not).
 */
export async function watchTree(root: number, work: () => Promise<void>, everyMs = 20): Promise<{ peak_mb: number; cpu_s: number }> {
  const ticks = new Map<number, number>();
  let peak = 0;
  const look = () => {
    const stats = readStats();
    const pids = treeOf(root, stats);
    for (const pid of pids) {
      const stat = stats.get(pid);
      if (stat !== undefined) {
        ticks.set(pid, Math.max(ticks.get(pid) ?? 0, stat.ticks - stat.endedTicks));
      }
    }
    peak = Math.max(peak, pids.reduce((sum, pid) => sum + residentBytes(pid), 0) / MB);
  };
  look();
  const timer = setInterval(look, everyMs);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  peak = Math.max(peak, memoryMb(root));
  return { peak_mb: peak, cpu_s: [...ticks.values()].reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND };
}

function treeOf(root: number, stats: ReadonlyMap<number, Stat>): number[] {
  const children = [...stats].filter(([, stat]) => stat.parent === root).map(([pid]) => pid);
  return [root, ...children.flatMap((child) => treeOf(child, stats))];
}

function readStats(): Map<number, Stat> {
  const stats = new Map<number, Stat>();
  for (const name of readdirSync('/proc')) {
    const text = /^\d+$/.test(name) ? readOrNull(`/proc/${name}/stat`) : null;
    if (text !== null) {
      stats.set(Number(name), parseStat(text));
    }
  }
  return stats;
}

/** The command (field 2) stands in brackets and may hold anything, so fields are counted from the last bracket: 3 is the state. */
function parseStat(text: string): Stat {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3]);
  const endedTicks = field(16) + field(17);
  return { parent: field(4), ticks: field(14) + field(15) + endedTicks, endedTicks };
}

function residentBytes(pid: number): number {
  const text = readOrNull(`/proc/${pid}/status`);
  return Number(/^VmRSS:\s*(\d+) kB/m.exec(text ?? '')?.[1] ?? 0) * 1024;
}

/** A process may end between the listing and the reading. */
function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
