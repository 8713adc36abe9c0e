/** Pictures and sound of a canonical clip as plain numbers, for analysis. Time 0 is the clip's first picture, as it is in its segment. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { BoxError } from './boxes.ts';
import { OWN_SOUND } from './encode.ts';
import { openArgs, type RunOptions, runFfmpeg, type Tools } from './ffmpeg.ts';
import { FfmpegError, translateError } from './ffmpeg-errors.ts';
import { planFrames } from './frame-plan.ts';
import { type Movie, readMovie, type Track } from './movie.ts';
import { spanOf } from './timing.ts';
import { makeWorkDir } from './work-dir.ts';
import { writeMovie } from './write-movie.ts';

/** The picture shown at `timestamp_seconds` after the clip's first one. */
export interface Frame {
  timestamp_seconds: number;
  /** `width * height * 3` bytes: red, green, blue, rows from the top. The reader may keep it. */
  data: Uint8Array;
}

/** What extracting needs and tells. `onProgress` gets fractions, 0 to 1. */
export interface ExtractOptions {
  tools: Tools;
  signal?: AbortSignal | undefined;
  onProgress?: ((fraction: number) => void) | undefined;
}

/** Frames of exactly this size, upright: the whole picture in its own aspect, centred on black. `fps` is any number above 0. */
export interface FrameOptions extends ExtractOptions {
  width: number;
  height: number;
  fps: number;
  /** A folder for a file that is gone afterwards. */
  workDir: string;
}

/** What analysis hears. */
export const SOUND_RATE = 16_000;
const SOUND_MAX_SECONDS = 61;
/** Who measures has lowered itself, and with it what it starts: where the machine is busy that may take long. */
const RUN = { cpu_seconds: 120, wall_seconds: 3600, is_in_session: true };
/** Decoding fewer than this share of the samples is worth writing them out. */
const WORTH_TRIMMING = 0.9;

/**
 * The pictures shown at 0, 1/fps, 2/fps ... seconds, whatever the clip's own rate. At most one frame and a few pipe buffers wait for a slow
 * reader; ending the loop early ends the process. Throws BoxError for a file that is no MP4 with pictures, or of more than a minute, FfmpegError for pictures that cannot be
 * decoded, TimeLimitError (a reader that takes longer than an hour too), DiskFullError, ToolMissingError, ToolBusyError, or the abort's reason.
 */
export async function* extractFrames(path: string, options: FrameOptions): AsyncGenerator<Frame, void, undefined> {
  const { tools, width, height, fps, signal, onProgress } = options;
  const movie = await readMovie(path);
  const { samples, moments } = planFrames(pictureOf(movie).samples, pictureOf(movie).timescale, fps);
  const workDir = await makeWorkDir(options.workDir, 'frames-');
  const stop = new AbortController();
  const sink = new PassThrough();
  let running: Promise<unknown> = Promise.resolve();
  try {
    const input = await trim(movie, samples, workDir, signal);
    const filters = [
      `setpts=PTS-STARTPTS,fps=${fps}:round=up`,
      `scale=${width}:${height}:force_original_aspect_ratio=decrease:flags=bilinear`,
      `pad=${width}:${height}:-1:-1:color=black,format=rgb24,tpad=stop_mode=clone:stop=-1`,
    ];
    const args = ['-threads', '1', ...openArgs(input, 'mov'), '-map', '0:v:0', '-vf', filters.join(','), '-frames:v', String(moments)];
    const both = AbortSignal.any([stop.signal, ...(signal === undefined ? [] : [signal])]);
    running = stream(tools, [...args, '-f', 'rawvideo', 'pipe:1'], { signal: both, sink });
    let count = 0;
    for await (const data of pieces(sink, width * height * 3)) {
      yield { timestamp_seconds: count / fps, data };
      count += 1;
      onProgress?.(count / moments);
    }
    if (count < moments) {
      throw new FfmpegError('ffmpeg', 0, null, [`${count} of ${moments} pictures`]);
    }
  } catch (error) {
    throw translateError(error);
  } finally {
    stop.abort();
    sink.destroy();
    await running;
    await rm(workDir, { recursive: true, force: true });
  }
}

/**
 * The clip's sound, mono at 16 kHz, -1 to 1; sample 0 is heard with the first picture. At most 61 s (3.9 MB). Null for a clip without sound.
 * Throws as `extractFrames` does.
 */
export async function extractSound(path: string, { tools, signal, onProgress }: ExtractOptions): Promise<Float32Array | null> {
  const movie = await readMovie(path);
  const start = spanOf(movie, pictureOf(movie))?.start_seconds ?? 0;
  const index = movie.tracks.filter((track) => track.kind === 'sound').findIndex((track) => track.samples.length > 0);
  if (index < 0) {
    return null;
  }
  const sound = new Float32Array(SOUND_MAX_SECONDS * SOUND_RATE);
  const bytes = new Uint8Array(sound.buffer);
  let used = 0;
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      bytes.set(chunk.subarray(0, bytes.length - used), used);
      used = Math.min(bytes.length, used + chunk.length);
      done();
    },
  });
  const before = ['-threads', '1', '-copyts', '-itsoffset', String(-start)];
  const filter = `aresample=${SOUND_RATE}:async=1:first_pts=0`;
  const after = ['-map', `0:a:${index}`, '-af', filter, '-ac', '1', '-t', String(SOUND_MAX_SECONDS), '-f', 'f32le', 'pipe:1'];
  await runFfmpeg(tools, [...before, '-vn', ...openArgs(path, 'mov'), ...after], { ...RUN, signal, sink });
  onProgress?.(1);
  return sound.slice(0, Math.floor(used / 4));
}

function pictureOf(movie: Movie): Track {
  const track = movie.tracks.find((candidate) => candidate.kind === 'video');
  if (track === undefined || track.samples.length === 0) {
    throw new BoxError('damaged', 'a clip without pictures');
  }
  return track;
}

/** A file with only these pictures where that spares enough decoding, else the clip itself. */
async function trim(movie: Movie, samples: Track['samples'], workDir: string, signal: AbortSignal | undefined): Promise<string> {
  const track = pictureOf(movie);
  if (track.config === null || samples.length > track.samples.length * WORTH_TRIMMING) {
    return movie.path;
  }
  const output = join(workDir, 'needed.mp4');
  const picture = { movie, track: { ...track, samples }, origin_seconds: 0 };
  await writeMovie([{ picture, sound: null }], output, { avcc: track.config, sound: OWN_SOUND, workDir, signal });
  return output;
}

/** Runs ffmpeg into the sink; how it ended is told through the sink. */
async function stream(tools: Tools, args: readonly string[], options: RunOptions & { sink: PassThrough }): Promise<void> {
  try {
    await runFfmpeg(tools, args, { ...RUN, ...options });
    options.sink.end();
  } catch (error) {
    options.sink.destroy(error instanceof Error ? error : new Error('aborted', { cause: error }));
  }
}

/** Cuts a stream of bytes into pieces of one size; what is left at the end is dropped. */
async function* pieces(source: AsyncIterable<Buffer>, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  let piece = new Uint8Array(size);
  let used = 0;
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; ) {
      const taken = chunk.subarray(at, at + size - used);
      piece.set(taken, used);
      used += taken.length;
      at += taken.length;
      if (used === size) {
        yield piece;
        piece = new Uint8Array(size);
        used = 0;
      }
    }
  }
}
