import { getPriority, setPriority } from 'node:os';

/** Steps below a process that nobody has lowered. */
const LOWER = 5;

/**
 * Lets this thread, on Linux it alone, and the programs that it starts come after whoever answers requests. Elsewhere it would be the whole process,
 * so nothing is done; nor where the process runs lower already, for going up again is refused to all but root.
 */
export function lowerPriority(): void {
  if (process.platform === 'linux' && getPriority(0) < LOWER) {
    setPriority(0, LOWER);
  }
}
