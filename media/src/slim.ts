/** A small rendition of a heavy merged video: the picture encoded anew into a budget, all else as it was. Taken only where it still looks like the copy. */
import assert from 'node:assert/strict';
import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Segment } from '@2t1l/game/challenge';
import { VIDEO_MINUTE_BYTES } from '@2t1l/game/limits';
import { BoxError } from './boxes.ts';
import { readAvcConfig } from './codec-config.ts';
import type { Tools } from './ffmpeg.ts';
import { translateError } from './ffmpeg-errors.ts';
import { PICTURE_TIMESCALE } from './lay-out.ts';
import { type Movie, readMovie, type Track } from './movie.ts';
import { cutAtJoins, joinsOf } from './slim-cut.ts';
import { coloursOf, encodeSlim, lightSound, likeness, type SlimRun, type SlimSound } from './slim-encode.ts';
import { makeWorkDir } from './work-dir.ts';
import { writeMovie } from './write-movie.ts';

/** The mean SSIM over all pictures and planes, as ffmpeg's `ssim` gives it, that a rendition must reach against the copy. */
export const SLIM_SSIM_MIN = 0.95;

/** `segments` are those of the merge. `workDir` is best on the disk of the output; it is made if it is missing. */
export interface SlimOptions {
  tools: Tools;
  segments: readonly Segment[];
  workDir: string;
  signal?: AbortSignal | undefined;
  onProgress?: ((fraction: number) => void) | undefined;
  /** False to take as much of the processor as everybody else; true if not said. */
  is_background?: boolean;
}

/**
 * Why there is no rendition: the video is light as it is; its clips differ in colour space, and one encode would falsify one of them;
 * the decoder gives other pictures than the tables tell of; nothing that is small enough looks like the copy.
 */
export type KeptReason = 'light' | 'mixed_colours' | 'pictures_missing' | 'looks_worse';

/** What became of it: size of the rendition (or of the copy where it is kept) and its SSIM, null where nothing was compared. */
export interface Slimmed {
  outcome: 'slim' | 'kept';
  /** Null for a rendition. */
  reason: KeptReason | null;
  size_bytes: number;
  ssim: number | null;
}

/**
 * Noise can be had small or alike, not both (bench/slim.ts measures it). Then likeness goes before size: a second try may weigh this
 * many budgets, if that is still at most half of the copy.
 */
const SECOND_TRY_BUDGETS = 4;
const SECOND_TRY_SHARE = 0.5;
/** Bytes that the tables need for a sample, and the rest of the header. */
const TABLE_BYTES = 12;
const HEADER_BYTES = 4096;
/** Two passes come this close to what they aim at. */
const AIM = 0.985;
const AIMS_MAX = 3;

/**
 * Writes `output`, whole or not at all: the same pictures at the same times, the same segments and chapters, `moov` first, no metadata.
 * Says `kept`, with nothing written, where nothing smaller reaches `SLIM_SSIM_MIN`. Runs at the lowest priority of the system, if not told otherwise.
 * Throws BoxError for a file that no merge has written, FfmpegError, TimeLimitError, DiskFullError, ToolMissingError, ToolBusyError, or the abort's
 * reason; whatever happens, only files in `workDir` can be left, and only by a crash.
 */
export async function makeSlim(input: string, output: string, options: SlimOptions): Promise<Slimmed> {
  const movie = await readMovie(input);
  const budget = Math.floor((VIDEO_MINUTE_BYTES * (options.segments.at(-1)?.end_seconds ?? 0)) / 60);
  if (movie.size_bytes <= budget) {
    return kept('light', movie);
  }
  const workDir = await makeWorkDir(options.workDir, 'slim-');
  try {
    return await slim(movie, output, budget, { ...options, workDir });
  } catch (error) {
    throw translateError(error);
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

async function slim(movie: Movie, output: string, budget: number, options: SlimOptions): Promise<Slimmed> {
  const { tools, signal, onProgress, workDir, segments, is_background = true } = options;
  const picture = pictureOf(movie);
  const isOneKind = readAvcConfig(picture.config ?? Buffer.alloc(0))?.sps.length === 1;
  const colours = isOneKind ? 'same' : await coloursOf({ movie, tools, signal });
  if (colours === 'mixed') {
    return kept('mixed_colours', movie);
  }
  const joins = joinsOf(movie, picture, segments);
  const run: SlimRun = { movie, picture, joins, tools, workDir, is_bt709: colours === 'bt709', is_background, signal, onProgress };
  const sound = await lightSound(run);
  let best = 0;
  for (const limit of [budget, budget * SECOND_TRY_BUDGETS]) {
    if (limit > budget && limit > movie.size_bytes * SECOND_TRY_SHARE) {
      break;
    }
    const small = await fit(run, { sound, limit, segments, isFirst: limit === budget });
    if (small === 'pictures_missing') {
      return kept(small, movie);
    }
    const ssim = small === null ? 0 : await likeness(run, small.path);
    if (small !== null && ssim >= SLIM_SSIM_MIN) {
      await rename(small.path, output);
      return { outcome: 'slim', reason: null, size_bytes: small.size_bytes, ssim };
    }
    best = Math.max(best, ssim);
  }
  return kept('looks_worse', movie, best);
}

function kept(reason: KeptReason, movie: Movie, ssim: number | null = null): Slimmed {
  return { outcome: 'kept', reason, size_bytes: movie.size_bytes, ssim };
}

interface Fit {
  sound: SlimSound;
  /** Bytes of the whole file. */
  limit: number;
  segments: readonly Segment[];
  isFirst: boolean;
}

/** Encodes until the whole file weighs at most `limit`; null where it does not get there. */
async function fit(
  run: SlimRun,
  { sound, limit, segments, isFirst }: Fit,
): Promise<{ path: string; size_bytes: number } | 'pictures_missing' | null> {
  const heard = sound.source.track.samples;
  const around = HEADER_BYTES + TABLE_BYTES * (run.picture.samples.length + heard.length) + heard.reduce((sum, { size }) => sum + size, 0);
  let room = (limit - around) * AIM;
  for (let aim = 0; aim < AIMS_MAX && room > 0; aim += 1) {
    const encoded = await readMovie(await encodeSlim(run, { bytes: room, isFirst: isFirst && aim === 0 }));
    const track = pictureOf(encoded);
    const clips = cutAtJoins({ ...run, encoded: { movie: encoded, track }, sound: sound.source, segments });
    if (clips === null) {
      return 'pictures_missing';
    }
    const path = join(run.workDir, 'slim.mp4');
    const avcc = track.config ?? Buffer.alloc(0);
    const written = await writeMovie(clips, path, { avcc, sound: sound.config, workDir: run.workDir, signal: run.signal });
    assert(isSame(written, segments), 'a slim rendition keeps the segments');
    const { size } = await stat(path);
    if (size <= limit) {
      return { path, size_bytes: size };
    }
    room *= (AIM * limit) / size;
  }
  return null;
}

/** To half a tick of the clock that segments are told in; a card counts as the end of the segment before it. */
function isSame(written: readonly Segment[], wanted: readonly Segment[]): boolean {
  const near = (a = Number.NaN, b = Number.NaN) => Math.abs(a - b) < 0.5 / PICTURE_TIMESCALE;
  return (
    written.length === wanted.length &&
    written.every(({ start_seconds }, index) => near(start_seconds, wanted[index]?.start_seconds)) &&
    near(written.at(-1)?.end_seconds, wanted.at(-1)?.end_seconds)
  );
}

function pictureOf(movie: Movie): Track {
  const picture = movie.tracks.find((track) => track.kind === 'video');
  if (picture === undefined || picture.samples.length === 0) {
    throw new BoxError('damaged', 'a video without pictures');
  }
  return picture;
}
