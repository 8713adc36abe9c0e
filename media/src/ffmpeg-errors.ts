/** How a run of ffmpeg ends badly, and whose fault it is. */

import { constants } from 'node:os';

/** What ffmpeg exits with when a signal asked it to stop. */
const ENDED_BY_SIGNAL = 255;

/** A run that ended badly: exit code, or the signal that ended it, and the last lines it said. */
export class FfmpegError extends Error {
  readonly exit_code: number | null;
  readonly killed_by: string | null;
  readonly last_lines: readonly string[];

  constructor(what: string, exitCode: number | null, killedBy: string | null, lastLines: readonly string[]) {
    // an empty line is what is left of a program that was ended
    super(`${what}: ${lastLines.at(-1) || (killedBy === null ? 'no message' : `ended by ${killedBy}`)}`);
    this.name = 'FfmpegError';
    this.exit_code = exitCode;
    this.killed_by = killedBy;
    this.last_lines = lastLines;
  }
}

/** What a program dies of by its own fault, and so by the fault of the bytes it read. */
const CRASHES: readonly (string | null)[] = ['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGXFSZ'];

/**
 * True where the file is to blame: ffmpeg gave it up, crashed on it or used up its processor time. False where somebody ended the run
 * (the kernel without memory, a shutdown, the wall clock): the same file may well pass the next time.
 */
export function blamesFile(error: unknown): boolean {
  if (error instanceof TimeLimitError) {
    return error.limit === 'cpu';
  }
  return (
    error instanceof FfmpegError && (CRASHES.includes(error.killed_by) || (error.killed_by === null && error.exit_code !== ENDED_BY_SIGNAL))
  );
}

/** The run used up its processor or wall-clock time; `limit` says which. */
export class TimeLimitError extends FfmpegError {
  readonly limit: 'cpu' | 'wall';

  constructor(limit: 'cpu' | 'wall', lastLines: readonly string[]) {
    super(`${limit} time used up`, null, 'SIGKILL', lastLines);
    this.name = 'TimeLimitError';
    this.limit = limit;
  }
}

/** No space left for what was to be written; trying again later may help. */
export class DiskFullError extends Error {
  override readonly name = 'DiskFullError';
}

/** ffmpeg or ffprobe is not where it was said to be or does not start, or what confines it does not. */
export class ToolMissingError extends Error {
  override readonly name = 'ToolMissingError';
}

/** The machine is too busy to start the tool, or to find out how it can be confined; trying again later may help. */
export class ToolBusyError extends Error {
  override readonly name = 'ToolBusyError';
}

/** How a program that was to start has failed, as `spawn` and `execFile` tell it. */
export interface Failing {
  /** The exit code, or the name of the system's error where there was no process. */
  code?: string | number | null;
  signal?: NodeJS.Signals | null;
  stderr?: string;
}

/** What the system, bubblewrap and the loader of libraries say where there are no more processes, memory, open files or namespaces. */
const SHORTAGE =
  /\b(EAGAIN|ENOMEM|EMFILE|ENFILE|ENOSPC)\b|temporarily unavailable|Cannot allocate memory|Out of memory|Too many open files|failed to map segment from shared object(?!:)|No space left on device/i;
const ENDED_BY_OTHERS: readonly (string | null)[] = ['SIGKILL', 'SIGTERM', 'SIGINT'];

/** True where a program lacked what there may be another time, or somebody ended it. False where it is refused or fails by itself. */
export function isPassing({ code = null, signal = null, stderr = '' }: Failing): boolean {
  return ENDED_BY_OTHERS.includes(signal ?? signalOf(Number(code))) || SHORTAGE.test(`${code} ${stderr}`);
}

/** Why `what` did not start: ToolBusyError where that may pass, else ToolMissingError. */
export function notStarted(what: string, failing: Failing): ToolBusyError | ToolMissingError {
  const Reason = isPassing(failing) ? ToolBusyError : ToolMissingError;
  return new Reason(`${what} cannot be started: ${failing.stderr?.trim() || failing.code}`, { cause: failing });
}

/** Makes a foreign error of the file system ours: ENOSPC becomes DiskFullError, everything else stays. */
export function translateError(error: unknown): unknown {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
    ? new DiskFullError('no space left', { cause: error })
    : error;
}

/** How a process ended. */
export interface Ending {
  code: number | null;
  killedBy: NodeJS.Signals | null;
  lines: readonly string[];
  /** True where so much time has passed that the processor limit can be what ended it. */
  hasUsedUp: boolean;
}

/**
 * What a run that ended with another code than 0 died of. prlimit sends SIGXCPU, which ffmpeg takes for a wish to stop, and SIGKILL a second
 * later; a shutdown of the machine looks the same, but comes sooner. bubblewrap turns the signal that ended its child into a code, as a shell does.
 */
export function failure(tool: string, { code, killedBy, lines, hasUsedUp }: Ending): Error {
  const said = lines.join('\n');
  // 126 and 127 are what nice, prlimit, setpriv, the loader of libraries and shells end with, never ffmpeg; bubblewrap ends with 1 and one line
  if (code === 126 || code === 127 || (code === 1 && /^(bwrap: [^\n]*|Out of memory)$/.test(said))) {
    return notStarted(tool, { code, stderr: said });
  }
  if (/No space left on device|Disk quota exceeded/.test(said)) {
    return new DiskFullError('no space left');
  }
  const signal = killedBy ?? signalOf(code);
  if (hasUsedUp && (signal !== null || code === ENDED_BY_SIGNAL)) {
    return new TimeLimitError('cpu', lines);
  }
  return new FfmpegError(tool, signal === null ? code : null, signal, lines);
}

function signalOf(code: number | null): string | null {
  const number = (code ?? 0) - 128;
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? null;
}
