/**
 * The only place that runs ffmpeg. Input is hostile: each run is confined (`confine.ts`) and under a wall clock,
 * reads only local files with the demuxer and decoders it is told, and dies whole on abort.
 */
import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { promisify } from 'node:util';
import { CLIP_MAX_HEIGHT, CLIP_MAX_WIDTH } from '@2t1l/game/limits';
import { confine, environment } from './confine.ts';
import {
  blamesFile,
  type Failing,
  FfmpegError,
  failure,
  notStarted,
  TimeLimitError,
  ToolBusyError,
  ToolMissingError,
} from './ffmpeg-errors.ts';

/** Full paths of the two programs, version 5.1 or later; a bare name is never run in a sandbox. */
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
  /** True for what may take as long as it likes: everything else that runs goes first. */
  is_background?: boolean;
  /**
   * True for a run that comes after its starter's threads by the starter's own rank. It stays in its session: to a Linux that shares the processor out by
   * session (sched(7), "The autogroup feature") one of its own would come as often as the whole server.
   */
  is_in_session?: boolean;
  /** Called with each line of standard output; without it at most 4 MiB are kept and returned. */
  onLine?: (line: string) => void;
  /** Gets the bytes of standard output instead, no faster than it takes them, but not their end; the wall clock runs on while it does. */
  sink?: Writable;
}

/** The two demuxers that clips may be read with. */
export type Demuxer = 'mov' | 'matroska';

const OUTPUT_KEPT_BYTES = 4 * 1024 ** 2;
const ERROR_KEPT_BYTES = 16 * 1024;
const ERROR_LINES = 8;
/** Decoders that a phone's or browser's clip can need; everything else stays out of reach of hostile bytes. */
export const PICTURE_CODECS: readonly string[] = ['h264', 'hevc', 'vp8', 'vp9', 'av1', 'mpeg4', 'mjpeg'];
/**
 * Sound decoders a clip can need, as ffprobe names the codecs. Phones write AAC, AMR and 16 bits plain; browsers AAC, Opus and, where asked for `pcm` in
 * Matroska, 32-bit floats; cameras of film-makers 24 bits; cameras of twenty years ago 8 bits, mu-law and A-law beside MJPEG and MPEG-4.
 */
export const SOUND_CODECS: readonly string[] = [
  ...['aac', 'opus', 'vorbis', 'mp3', 'alac', 'amr_nb', 'amr_wb', 'ac3', 'eac3'],
  ...['pcm_s16le', 'pcm_s16be', 'pcm_s24le', 'pcm_s24be', 'pcm_f32le', 'pcm_u8', 'pcm_mulaw', 'pcm_alaw'],
];
const DECODERS = [...PICTURE_CODECS, ...SOUND_CODECS, 'libvpx', 'libvpx-vp9', 'libdav1d', 'libopus', 'mp3float', 'amrnb', 'amrwb'];

/**
 * Finds ffmpeg and ffprobe: at `ffmpegPath` (its neighbour `ffprobe` beside it), names alone on the PATH of this process.
 * Null where one of them is missing or fails by itself; throws ToolBusyError where that cannot be told now.
 */
export async function findTools(ffmpegPath = 'ffmpeg'): Promise<Tools | null> {
  try {
    const ffmpeg = await fullPath(ffmpegPath);
    const ffprobe = await fullPath(ffmpegPath.replace(/ffmpeg(?=[^/\\]*$)/, 'ffprobe'));
    for (const tool of [ffmpeg, ffprobe]) {
      await run(tool, ['-hide_banner', '-version'], { wall_seconds: 20 });
    }
    return { ffmpeg, ffprobe };
  } catch (error) {
    if (error instanceof ToolMissingError || blamesFile(error)) {
      return null;
    }
    throw error instanceof FfmpegError ? new ToolBusyError('ffmpeg was ended before it could start', { cause: error }) : error;
  }
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

/** Runs ffmpeg quietly with `args` after the global ones. Throws FfmpegError, TimeLimitError, DiskFullError, ToolMissingError, ToolBusyError or the abort's reason. */
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

async function run(tool: string, args: readonly string[], options: RunOptions): Promise<string> {
  const { signal, cpu_seconds = 600, wall_seconds = 900, is_background = false, is_in_session = false, onLine, sink } = options;
  signal?.throwIfAborted();
  const niceness = is_background ? 19 : 5;
  const command = await confine(tool, args, { cpu_seconds, niceness });
  signal?.throwIfAborted();
  return await new Promise<string>((done, fail) => {
    const child = begin(tool, command, !is_in_session);
    child.on('error', (error: Failing) => fail(notStarted(tool, error)));
    if (child.pid === undefined) {
      return;
    }
    if (!is_in_session) {
      void lowerSession(child.pid, niceness);
    }
    const output = new LineTap(onLine);
    let errors = '';
    let timedOut = false;
    let hasOverflown = false;
    const started = performance.now();
    const kill = () => (is_in_session ? killTree(child.pid) : killGroup(child.pid));
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
          hasOverflown = true;
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
    child.on('close', (code, killedBy) => {
      settle();
      const lines = errors.trim().split('\n').slice(-ERROR_LINES);
      if (signal?.aborted) {
        fail(signal.reason);
      } else if (hasOverflown) {
        fail(new FfmpegError(tool, code, null, ['said more than anybody listens to']));
      } else if (timedOut) {
        fail(new TimeLimitError('wall', lines));
      } else if (code === 0) {
        done(output.end());
      } else {
        const hasUsedUp = ((performance.now() - started) / 1000) * availableParallelism() >= cpu_seconds * 0.9;
        fail(failure(tool, { code, killedBy, lines, hasUsedUp }));
      }
    });
  });
}

/** Starts a process. Where there is no room for it, `spawn` throws some errors, tells others by an event, and has no streams then. */
function begin(tool: string, [command = tool, ...args]: readonly string[], detached: boolean) {
  try {
    return spawn(command, args, { detached, stdio: ['ignore', 'pipe', 'pipe'], env: environment() });
  } catch (error) {
    throw notStarted(tool, error as Failing);
  }
}

/**
 * A group of its own to kill is a session of its own, and to a Linux that shares the processor out by session (sched(7), "The autogroup feature")
 * `nice` says nothing beyond it: without this, decoders come as often as whoever answers requests. Refused to others than root more than
 * ten times a second, and not to be had elsewhere: then it stays as it is.
 */
async function lowerSession(pid: number | undefined, niceness: number): Promise<void> {
  if (process.platform === 'linux' && pid !== undefined) {
    await writeFile(`/proc/${pid}/autogroup`, String(niceness)).catch(() => undefined);
  }
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

/** Without a group of its own: stopped first, so that it starts nothing more. A sandbox that has just begun is not yet bound to its parent's life. */
function killTree(pid: number | undefined): void {
  if (pid === undefined) {
    return;
  }
  try {
    if (process.platform === 'linux') {
      process.kill(pid, 'SIGSTOP');
      for (const each of readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)) {
        killTree(Number(each));
      }
    }
  } catch {
    // it has ended by itself, or this Linux does not tell
  }
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended by itself
  }
}

/** The full path of a program: of a bare name by the shell's own search on the PATH, and as it is where there is no shell. */
async function fullPath(program: string): Promise<string> {
  if (/[/\\]/.test(program)) {
    return resolve(program);
  }
  try {
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', 'command -v "$1"', 'sh', program]);
    return resolve(stdout.trim());
  } catch (error) {
    if ((error as Failing).code === 'ENOENT') {
      return program;
    }
    throw notStarted(program, error as Failing);
  }
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
