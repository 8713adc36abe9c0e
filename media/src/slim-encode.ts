/** The ffmpeg runs of the slim rendition. Pictures are numbered instead of timed, so that none is dropped or doubled, whatever their times. */
import { join } from 'node:path';
import { BoxError } from './boxes.ts';
import { type AacConfig, readAacConfig } from './codec-config.ts';
import { NO_METADATA } from './encode.ts';
import { openArgs, progressReader, runFfmpeg, runFfprobe, type Tools } from './ffmpeg.ts';
import { type Movie, readMovie, type Track } from './movie.ts';
import { spanOf } from './timing.ts';
import type { TrackSource } from './write-movie.ts';

/** A merged video being slimmed. */
export interface SlimRun {
  movie: Movie;
  picture: Track;
  /** Ranks of the pictures that begin a segment. */
  joins: readonly number[];
  tools: Tools;
  workDir: string;
  /** True where the pictures are to be told to be BT.709. */
  is_bt709: boolean;
  is_background: boolean;
  signal: AbortSignal | undefined;
  onProgress: ((fraction: number) => void) | undefined;
}

/** The sound of the rendition, on the clock of the merged video. */
export interface SlimSound {
  source: TrackSource;
  config: AacConfig;
}

/** Pictures get these times; what they mean is put right afterwards (slim-cut.ts). */
const FPS = 30;
const NUMBERED = `settb=1/${FPS},setpts=N`;
const BT709 = 'setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv';
/** Three minutes take about eight minutes of processor time. */
const LIMITS = { cpu_seconds: 3600, wall_seconds: 2400 };
/** How the passes and the comparison share the progress. */
const SHARES = { first: [0, 0.3], second: [0.3, 0.9], compare: [0.9, 1] } as const;

/**
 * `slow` with `ssim` tuning (adaptive quantisers by variance, no psychovisual bets). Measured on noisy hand-held clips: `slower` costs a third more
 * for 0.0005 SSIM, denoising first loses 0.0008. Level 3.1 allows five references at this size.
 * One thread: with two, the second pass under a maximal rate gives other bytes each time.
 */
const X264 = 'ref=4:open-gop=0:keyint=250:nal-hrd=none';

/** Sound up to this many bits a second is copied: what an encode would save there gains the picture less than a thousandth of SSIM. */
const SOUND_COPIED_BITS = 140_000;
const SOUND_BITS = { 1: '64k', 2: '96k' } as const;

/** Encodes the pictures in two passes into about so many bytes and gives the path; the first pass serves all later calls of a run. */
export async function encodeSlim(run: SlimRun, { bytes, isFirst }: { bytes: number; isFirst: boolean }): Promise<string> {
  const output = join(run.workDir, 'picture.mp4');
  const bits = Math.max(1000, Math.floor((bytes * 8 * FPS) / run.picture.samples.length));
  const args = [
    ...['-map', '0:v:0', '-vf', run.is_bt709 ? `${NUMBERED},${BT709}` : NUMBERED, '-r', String(FPS), '-fps_mode', 'cfr'],
    ...['-c:v', 'libx264', '-preset', 'slow', '-tune', 'ssim', '-profile:v', 'high', '-level:v', '3.1', '-threads', '1'],
    ...['-b:v', String(bits), '-maxrate', String(bits * 4), '-bufsize', String(bits * 8), '-x264-params', X264],
    // a quarter of a picture early, so that rounding cannot make it the next one
    ...['-force_key_frames', run.joins.map((rank) => Math.max(0, (rank - 0.25) / FPS).toFixed(4)).join(',')],
    ...['-passlogfile', join(run.workDir, 'pass'), '-progress', 'pipe:1'],
  ];
  if (isFirst) {
    await overPictures(run, [run.movie.path], [...args, '-pass', '1', '-f', 'null', '-'], share(run, SHARES.first));
  }
  // x264 signs its work in a message of its own (SEI, type 6)
  const unsigned = ['-bsf:v', 'filter_units=remove_types=6', ...NO_METADATA];
  await overPictures(run, [run.movie.path], [...args, '-pass', '2', ...unsigned, '-f', 'mp4', output], share(run, SHARES.second));
  return output;
}

/** Mean SSIM over all pictures and planes of the rendition at `path` against the copy, picture by picture. */
export async function likeness(run: SlimRun, path: string): Promise<number> {
  const compare = `[0:v:0]${NUMBERED}[slim];[1:v:0]${NUMBERED}[copy];[slim][copy]ssim=stats_file=-`;
  const seen: number[] = [];
  const frames = run.picture.samples.length;
  const [from, to] = SHARES.compare;
  const onLine = (line: string) => {
    const all = /^n:\d+ .*\bAll:([\d.]+)/.exec(line)?.[1];
    if (all !== undefined) {
      seen.push(Number(all));
      run.onProgress?.(from + ((to - from) * seen.length) / frames);
    }
  };
  await overPictures(run, [path, run.movie.path], ['-filter_complex', compare, '-f', 'null', '-'], onLine);
  return seen.length === frames ? seen.reduce((sum, one) => sum + one, 0) / frames : 0;
}

/**
 * What the key frames of all clips say of their colours: the same, or BT.709 where some leave it unsaid (which is how players take it
 * at this size), or nothing that one encode could say for all.
 */
export async function coloursOf({
  movie,
  tools,
  signal,
}: Pick<SlimRun, 'movie' | 'tools' | 'signal'>): Promise<'same' | 'bt709' | 'mixed'> {
  const show = ['-select_streams', 'v:0', '-show_entries', 'frame=pix_fmt,color_range,color_space,color_primaries,color_transfer'];
  const told = await runFfprobe(tools, ['-skip_frame', 'nokey', ...show, '-of', 'csv=p=0', ...openArgs(movie.path, 'mov')], { signal });
  // a picture with messages beside it gets empty fields at the end of its line
  const lines = told.split('\n').filter((line) => line !== '');
  const looks = lines.map((line) => line.split(',').slice(0, 5));
  if (new Set(looks.map(String)).size === 1) {
    return 'same';
  }
  const meant = looks.map(([format, range, ...colours]) => {
    return [format, range === 'unknown' ? 'tv' : range, ...colours.map((colour) => (colour === 'unknown' ? 'bt709' : colour))].join();
  });
  return new Set(meant).size === 1 && meant[0] === 'yuv420p,tv,bt709,bt709,bt709' ? 'bt709' : 'mixed';
}

/** The sound as it is, or encoded anew where it takes much of the room. */
export async function lightSound(run: SlimRun): Promise<SlimSound> {
  const source = soundOf(run.movie);
  const span = spanOf(run.movie, source.track);
  const config = source.track.config === null ? null : readAacConfig(source.track.config);
  if (config === null || span === null) {
    throw new BoxError('damaged', 'a merged video whose sound is not AAC-LC');
  }
  const bits = (8 * source.track.samples.reduce((sum, { size }) => sum + size, 0)) / (span.end_seconds - span.start_seconds);
  if (bits <= SOUND_COPIED_BITS) {
    return { source, config };
  }
  const output = join(run.workDir, 'sound.mp4');
  const encode = ['-map', '0:a:0', '-c:a', 'aac', '-b:a', SOUND_BITS[config.channels === 1 ? 1 : 2], ...NO_METADATA, '-f', 'mp4', output];
  await runFfmpeg(run.tools, [...openArgs(run.movie.path, 'mov'), ...encode], {
    ...LIMITS,
    is_background: run.is_background,
    signal: run.signal,
  });
  return { source: soundOf(await readMovie(output)), config };
}

function soundOf(movie: Movie): TrackSource {
  const track = movie.tracks.find((each) => each.kind === 'sound');
  if (track === undefined) {
    throw new BoxError('damaged', 'a merged video without sound');
  }
  return { movie, track, origin_seconds: 0 };
}

function share({ picture, onProgress }: SlimRun, [from, to]: readonly [number, number]): (line: string) => void {
  const told = onProgress === undefined ? undefined : (fraction: number) => onProgress(from + (to - from) * fraction);
  return progressReader(picture.samples.length / FPS, told);
}

async function overPictures(
  { tools, is_background, signal }: SlimRun,
  inputs: readonly string[],
  args: readonly string[],
  onLine: (line: string) => void,
): Promise<void> {
  // edit lists would drop pictures, the matrix would turn them: both stay with the tables
  const opened = inputs.flatMap((path) => ['-threads', '2', '-noautorotate', '-ignore_editlist', '1', ...openArgs(path, 'mov')]);
  await runFfmpeg(tools, [...opened, '-an', ...args], { ...LIMITS, is_background, signal, onLine });
}
