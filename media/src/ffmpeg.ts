/**
 * The only place that starts processes. Input is hostile: each run is its own process group under memory, processor
 * and wall-clock limits, reads only local files, and dies whole on abort.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Writable } from 'node:stream';
import { CLIP_MAX_HEIGHT, CLIP_MAX_WIDTH } from '@2t1l/game/limits';

/** Paths or names of the two programs, version 5.1 or later. */
export interface Tools {
  ffmpeg: string;
  ffprobe: string;
}

/** How one run is limited and listened to. */
export interface RunOptions {
  signal?: AbortSignal | undefined;
  /** Processor time of the process, in seconds. */
  cpu_seconds?: number;
  /** Wall-clock time, in seconds. */
  wall_seconds?: number;
  /** Called with each line of standard output; without it at most 4 MiB are kept and returned. */
  onLine?: (line: string) => void;
  /** Gets the bytes of standard output instead, no faster than it takes them, but not their end; the wall clock runs on while it does. */
  sink?: Writable;
}

/** A run that ended badly: exit code, or the signal that ended it, and the last lines it said. */
export class FfmpegError extends Error {
  readonly exit_code: number | null;
  readonly killed_by: string | null;
  readonly last_lines: readonly string[];

  constructor(what: string, exitCode: number | null, killedBy: string | null, lastLines: readonly string[]) {
    super(`${what}: ${lastLines.at(-1) ?? 'no message'}`);
    this.name = 'FfmpegError';
    this.exit_code = exitCode;
    this.killed_by = killedBy;
    this.last_lines = lastLines;
  }
}

/** What a program dies of by its own fault, and so by the fault of the bytes it read. */
const CRASHES: readonly (string | null)[] = ['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL'];

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

/** ffmpeg or ffprobe is not where it was said to be. */
export class ToolMissingError extends Error {
  override readonly name = 'ToolMissingError';
}

/** The two demuxers that clips may be read with. */
export type Demuxer = 'mov' | 'matroska';

const MEMORY_BYTES = 6 * 1024 ** 3;
const OUTPUT_KEPT_BYTES = 4 * 1024 ** 2;
const ERROR_KEPT_BYTES = 16 * 1024;
const ERROR_LINES = 8;
/** What ffmpeg exits with when a signal asked it to stop. */
const ENDED_BY_SIGNAL = 255;
/** Decoders that a phone's or browser's clip can need; everything else stays out of reach of hostile bytes. */
export const PICTURE_CODECS: readonly string[] = ['h264', 'hevc', 'vp8', 'vp9', 'av1', 'mpeg4', 'mjpeg'];
/** Sound decoders a clip can need, as ffprobe names the codecs. */
export const SOUND_CODECS: readonly string[] = [
  'aac',
  'opus',
  'vorbis',
  'mp3',
  'alac',
  'pcm_s16le',
  'pcm_s16be',
  'amr_nb',
  'amr_wb',
  'ac3',
  'eac3',
];
const DECODERS = [...PICTURE_CODECS, ...SOUND_CODECS, 'libvpx', 'libvpx-vp9', 'libdav1d', 'libopus', 'mp3float', 'amrnb', 'amrwb'];
const PRLIMIT = '/usr/bin/prlimit';
const NICE = '/usr/bin/nice';

/**
 * Finds ffmpeg and ffprobe: at `ffmpegPath` (its neighbour `ffprobe` beside it) or on the PATH of this process.
 * Null where one of them is missing or does not start.
 */
export async function findTools(ffmpegPath?: string): Promise<Tools | null> {
  const ffmpeg = ffmpegPath ?? (await which('ffmpeg'));
  const ffprobe = ffmpegPath === undefined ? await which('ffprobe') : ffmpegPath.replace(/ffmpeg(?=[^/\\]*$)/, 'ffprobe');
  for (const tool of [ffmpeg, ffprobe]) {
    try {
      await run(tool, ['-hide_banner', '-version'], { wall_seconds: 20 });
    } catch {
      return null;
    }
  }
  return { ffmpeg, ffprobe };
}

/** Arguments that open a hostile local file: forced demuxer, white lists, a cap on pixels. */
export function openArgs(path: string, demuxer: Demuxer): string[] {
  return [
    ...['-f', demuxer],
    ...['-format_whitelist', demuxer === 'mov' ? 'mov' : 'matroska'],
    ...['-protocol_whitelist', 'file,pipe'],
    ...['-codec_whitelist', DECODERS.join(',')],
    ...['-max_pixels', String(CLIP_MAX_WIDTH * CLIP_MAX_HEIGHT)],
    ...['-i', `file:${path}`],
  ];
}

/** Runs ffmpeg quietly with `args` after the global ones. Throws FfmpegError, TimeLimitError, DiskFullError, ToolMissingError or the abort's reason. */
export async function runFfmpeg(tools: Tools, args: readonly string[], options: RunOptions = {}): Promise<string> {
  return await run(tools.ffmpeg, ['-hide_banner', '-nostdin', '-v', 'error', '-y', ...args], options);
}

/** Runs ffprobe and returns what it printed. Throws as `runFfmpeg` does. */
export async function runFfprobe(tools: Tools, args: readonly string[], options: RunOptions = {}): Promise<string> {
  return await run(tools.ffprobe, ['-hide_banner', '-v', 'error', ...args], options);
}

/** Turns `-progress pipe:1` lines into a fraction of `totalSeconds`, 0 to 1, never falling. */
export function progressReader(totalSeconds: number, onProgress: ((fraction: number) => void) | undefined): (line: string) => void {
  let last = 0;
  return (line) => {
    const micros = /^out_time_us=(\d+)$/.exec(line)?.[1];
    if (micros !== undefined && onProgress !== undefined) {
      last = Math.max(last, Math.min(1, Number(micros) / 1e6 / totalSeconds));
      onProgress(last);
    }
  };
}

/** Makes a foreign error of the file system ours: ENOSPC becomes DiskFullError, everything else stays. */
export function translateError(error: unknown): unknown {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
    ? new DiskFullError('no space left', { cause: error })
    : error;
}

async function run(tool: string, args: readonly string[], options: RunOptions): Promise<string> {
  const { signal, cpu_seconds = 600, wall_seconds = 900, onLine, sink } = options;
  signal?.throwIfAborted();
  const [command = tool, ...rest] = limited(tool, args, cpu_seconds);
  return await new Promise<string>((resolve, reject) => {
    const child = spawn(command, rest, { detached: true, stdio: ['ignore', 'pipe', 'pipe'], ...cleanEnvironment() });
    const output = new LineTap(onLine);
    let errors = '';
    let timedOut = false;
    const started = performance.now();
    const kill = () => killGroup(child.pid);
    const timer = setTimeout(() => {
      timedOut = true;
      kill();
    }, wall_seconds * 1000);
    signal?.addEventListener('abort', kill, { once: true });
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', kill);
    };
    if (sink === undefined) {
      child.stdout.on('data', (chunk: Buffer) => {
        if (!output.push(chunk)) {
          kill();
        }
      });
    } else {
      // how the run ended is known before the sink may end: a cut-off stream must not be taken for a whole one
      child.stdout.pipe(sink, { end: false });
    }
    child.stderr.on('data', (chunk: Buffer) => {
      errors = (errors + chunk.toString('utf8')).slice(-ERROR_KEPT_BYTES);
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      settle();
      reject(
        error.code === 'ENOENT' || error.code === 'EACCES' ? new ToolMissingError(`${tool} cannot be started`, { cause: error }) : error,
      );
    });
    child.on('close', (code, killedBy) => {
      settle();
      const lines = errors.trim().split('\n').slice(-ERROR_LINES);
      if (signal?.aborted) {
        reject(signal.reason);
      } else if (timedOut) {
        reject(new TimeLimitError('wall', lines));
      } else if (code === 0) {
        resolve(output.end());
      } else {
        const hasUsedUp = ((performance.now() - started) / 1000) * availableParallelism() >= cpu_seconds * 0.9;
        reject(failure(tool, { code, killedBy, lines, hasUsedUp }));
      }
    });
  });
}

interface Ending {
  code: number | null;
  killedBy: NodeJS.Signals | null;
  lines: readonly string[];
  /** True where so much time has passed that the processor limit can be what ended it. */
  hasUsedUp: boolean;
}

/** prlimit sends SIGXCPU, which ffmpeg takes for a wish to stop, and SIGKILL a second later; a shutdown of the machine looks the same, but comes sooner. */
function failure(tool: string, { code, killedBy, lines, hasUsedUp }: Ending): Error {
  const said = lines.join('\n');
  if (/No space left on device|Disk quota exceeded/.test(said)) {
    return new DiskFullError('no space left');
  }
  if ((code === 127 || code === 126) && /failed to execute|No such file/.test(said)) {
    return new ToolMissingError(`${tool} cannot be started`);
  }
  if (hasUsedUp && (killedBy !== null || code === ENDED_BY_SIGNAL)) {
    return new TimeLimitError('cpu', lines);
  }
  return new FfmpegError(tool, code, killedBy, lines);
}

/** The command under prlimit and nice, where the system has them. */
function limited(tool: string, args: readonly string[], cpuSeconds: number): string[] {
  const low = existsSync(NICE) ? [NICE, '-n', '5'] : [];
  const cpu = Math.ceil(cpuSeconds);
  const limits = existsSync(PRLIMIT) ? [PRLIMIT, `--as=${MEMORY_BYTES}`, `--cpu=${cpu}:${cpu + 1}`, '--core=0', '--'] : [];
  return [...low, ...limits, tool, ...args];
}

/** Nothing of the server's environment (keys, addresses) reaches a process that reads hostile bytes. */
function cleanEnvironment(): { env?: Record<string, string> } {
  return process.platform === 'win32' ? {} : { env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', HOME: '/nonexistent' } };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) {
    return;
  }
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // it has ended by itself
  }
}

/** The full path of a program on the PATH, by the shell's own search; its bare name where there is no shell. */
async function which(name: string): Promise<string> {
  return await new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', `command -v ${name}`], { stdio: ['ignore', 'pipe', 'ignore'] });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
    child.on('error', () => resolve(name));
    child.on('close', () => resolve(said.trim() || name));
  });
}

/** Standard output, either cut into lines for a listener or kept up to a bound. */
class LineTap {
  #kept = '';
  #listener: ((line: string) => void) | undefined;

  constructor(listener: ((line: string) => void) | undefined) {
    this.#listener = listener;
  }

  /** False when there is more than may be kept. */
  push(chunk: Buffer): boolean {
    this.#kept += chunk.toString('utf8');
    if (this.#listener !== undefined) {
      const lines = this.#kept.split('\n');
      this.#kept = lines.pop() ?? '';
      for (const line of lines) {
        this.#listener(line);
      }
    }
    return this.#kept.length <= OUTPUT_KEPT_BYTES;
  }

  end(): string {
    if (this.#listener !== undefined && this.#kept !== '') {
      this.#listener(this.#kept);
      return '';
    }
    return this.#kept;
  }
}
