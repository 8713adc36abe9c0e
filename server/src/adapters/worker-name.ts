/** Who holds a lease: `host:pid:start:n`, so that the next start on the same host can tell whether the holder still lives. */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

let workers = 0;

/** A name that no other worker has, of this process or another. */
export function nameWorker(): string {
  workers += 1;
  return `${hostname()}:${process.pid}:${startOf(process.pid) ?? 0}:${workers}`;
}

/**
 * True where the worker's process ran on this host and is gone; false for another host and where it cannot be told.
 * A process id that was given out again is known by its start.
 */
export function isGone(worker: string): boolean {
  const [host, pidText, start] = worker.split(':');
  const pid = Number(pidText);
  if (host !== hostname() || !Number.isInteger(pid) || pid <= 0) {
    return false;
  }
  const nowStart = startOf(pid);
  if (nowStart !== null) {
    return nowStart !== start;
  }
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

/** Start of a process in ticks since the boot, proc_pid_stat(5) field 22; null where the system does not say. */
function startOf(pid: number): string | null {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the name in brackets, may itself hold blanks and brackets.
    return line.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
