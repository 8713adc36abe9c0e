/** Makes a clip what every phone and browser plays on the canvas, doing no more than its verdict asks for. */
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BoxError } from './boxes.ts';
import type { ClipFacts } from './check.ts';
import { readAacConfig, readAvcConfig } from './codec-config.ts';
import { OWN_SOUND, type Preset } from './encode.ts';
import type { Tools } from './ffmpeg.ts';
import { translateError } from './ffmpeg-errors.ts';
import { measureMovie } from './measure.ts';
import { type Movie, readMovie, type Track } from './movie.ts';
import { hasCopyablePictures } from './picture-samples.ts';
import { trimTrack } from './shown.ts';
import { copyPicture, encodeAll, encodePicture, encodeSound, type Transcode } from './transcode.ts';
import type { CanonicalVerdict } from './verdict.ts';
import { makeWorkDir } from './work-dir.ts';
import { type TrackSource, writeMovie } from './write-movie.ts';

/** What a run needs; `facts` come from `checkClip` of the same file. */
export interface CanonicaliseOptions {
  tools: Tools;
  facts: ClipFacts;
  signal?: AbortSignal | undefined;
  onProgress?: ((fraction: number) => void) | undefined;
  /** Speed of the encode where one is needed; `ultrafast` if not said. */
  preset?: Preset;
}

/** What was done. `path` is the file to go on with: the input itself where it was kept. */
export interface Canonicalised {
  done: CanonicalVerdict['action'];
  path: string;
}

/** A picture that is held, or sound that ends in the middle of a frame, makes less of a difference. */
const LENGTH_TOLERANCE_SECONDS = 0.5;

/**
 * Follows `facts.canonical`: keeps the file (nothing is written), redoes its sound, its picture or both into `output`, which then
 * carries none of the source's metadata. Works in a folder beside `output` that is gone afterwards, and writes `output` whole or not at all.
 * Throws a BoxError where what came out is not the clip that was checked, FfmpegError, TimeLimitError, DiskFullError, ToolMissingError, ToolBusyError,
 * or the abort's reason.
 */
export async function canonicalise(input: string, output: string, options: CanonicaliseOptions): Promise<Canonicalised> {
  const { action } = options.facts.canonical;
  if (action === 'keep') {
    return { done: 'keep', path: input };
  }
  const workDir = await makeWorkDir(dirname(output), '.canonicalise-');
  try {
    const whole = join(workDir, 'whole.mp4');
    const redoHalf = { redo_sound: redoSound, redo_picture: redoPicture, redo_all: null }[action];
    const isHalf = redoHalf !== null && (await redoHalf(input, whole, workDir, options));
    if (!isHalf) {
      await encodeAll({ input, output: whole, ...options }, options.preset ?? 'ultrafast');
    }
    await assertAsLong(whole, options.facts);
    await rename(whole, output);
    return { done: isHalf ? action : 'redo_all', path: output };
  } catch (error) {
    throw translateError(error);
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

/** What the tables promised and the decoder did not give is no clip, and is told now rather than by a merge that fails. */
async function assertAsLong(path: string, { duration_seconds }: ClipFacts): Promise<void> {
  const { duration } = measureMovie(await readMovie(path));
  if (Math.abs(duration - duration_seconds) > LENGTH_TOLERANCE_SECONDS) {
    throw new BoxError('damaged', `${duration} s came out of a clip of ${duration_seconds} s`);
  }
}

/** Copies the picture beside new sound. False where the picture turns out not to be fit for copying after all. */
async function redoSound(input: string, output: string, workDir: string, options: CanonicaliseOptions): Promise<boolean> {
  const { facts, signal } = options;
  const run = (name: string): Transcode => ({ input, output: join(workDir, name), facts, tools: options.tools, signal });
  const picture = facts.container === 'mp4' ? await readMovie(input) : await remux(run('picture.mp4'));
  const whole = findTrack(picture, 'video');
  const track = whole === undefined ? null : trimTrack(picture, whole);
  if (
    track === null ||
    track.config === null ||
    readAvcConfig(track.config) === null ||
    !(await hasCopyablePictures(picture.path, track))
  ) {
    return false;
  }
  let sound: TrackSource | null = null;
  if (facts.has_sound) {
    const encoding = run('sound.mp4');
    await encodeSound({ ...encoding, onProgress: options.onProgress }, OWN_SOUND);
    const movie = await readMovie(encoding.output);
    const heard = findTrack(movie, 'sound');
    sound = heard === undefined ? null : { movie, track: heard, origin_seconds: 0 };
  }
  const origin = facts.container === 'mp4' ? facts.origin_seconds : 0;
  const clip = { picture: { movie: picture, track, origin_seconds: origin }, sound };
  await writeMovie([clip], output, { avcc: track.config, sound: OWN_SOUND, workDir, signal });
  return true;
}

/** Copies the sound beside a new picture. False where the sound turns out not to be fit for copying after all. */
async function redoPicture(input: string, output: string, workDir: string, options: CanonicaliseOptions): Promise<boolean> {
  const { facts, tools, signal, onProgress } = options;
  const source = await readMovie(input);
  const heard = source.tracks.filter((track) => track.kind === 'sound')[facts.sound_stream];
  const sound = heard?.config == null ? null : readAacConfig(heard.config);
  if (heard === undefined || sound === null) {
    return false;
  }
  const encoding: Transcode = { input, output: join(workDir, 'picture.mp4'), facts, tools, signal, onProgress };
  await encodePicture(encoding, options.preset ?? 'ultrafast');
  const picture = await readMovie(encoding.output);
  const track = findTrack(picture, 'video');
  if (track?.config == null) {
    throw new BoxError('damaged', 'no picture came out of the encoder');
  }
  const clip = {
    picture: { movie: picture, track, origin_seconds: 0 },
    sound: { movie: source, track: heard, origin_seconds: facts.origin_seconds },
  };
  await writeMovie([clip], output, { avcc: track.config, sound, workDir, signal });
  return true;
}

async function remux(run: Transcode): Promise<Movie> {
  await copyPicture(run);
  return await readMovie(run.output);
}

function findTrack(movie: Movie, kind: Track['kind']): Track | undefined {
  return movie.tracks.find((track) => track.kind === kind);
}
