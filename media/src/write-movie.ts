/** Copies the samples of one or three clips into one new file: tables first, pictures and sound as they are but for user data, a few megabytes of memory. */
import { copyFile, type FileHandle, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Segment } from '@2t1l/game/challenge';
import { type AacConfig, readAvcConfig, silentAacFrame } from './codec-config.ts';
import { BATCH_BYTES, ByteCopier, OpenFiles, type Run, writeAll } from './copy-bytes.ts';
import { translateError } from './ffmpeg-errors.ts';
import {
  AAC_FRAME,
  type ClipTrack,
  type ClipTracks,
  interleave,
  type LaidOut,
  layOut,
  PICTURE_TIMESCALE,
  type PlacedSample,
} from './lay-out.ts';
import type { Movie, Track } from './movie.ts';
import { spanOf } from './timing.ts';
import { blankUserData } from './user-data.ts';
import { writeHeader } from './write-mp4.ts';

/** A track inside a file. `origin_seconds` is taken off its times. */
export interface TrackSource {
  movie: Movie;
  track: Track;
  origin_seconds: number;
  /** A second file, read as if it followed the first: its samples have offsets from `movie.size_bytes` on. */
  tail?: string;
}

/** Picture and sound of one clip, from one file or two; no sound means silence. */
export interface ClipSource {
  picture: TrackSource;
  sound: TrackSource | null;
  /** True for what stands between two clips: no segment and no chapter. */
  is_card?: boolean;
}

/** How the file is to be written. */
export interface WriteOptions {
  avcc: Uint8Array;
  sound: AacConfig;
  /** Where the file grows until it is whole. */
  workDir: string;
  signal?: AbortSignal | undefined;
  onProgress?: ((fraction: number) => void) | undefined;
}

/** Writes `output` whole or not at all and says where each clip lies in it, cards left out. Throws DiskFullError, the abort's reason, or a RangeError for no clips. */
export async function writeMovie(clips: readonly ClipSource[], output: string, options: WriteOptions): Promise<Segment[]> {
  const [first] = clips;
  if (first === undefined) {
    throw new RangeError('no clips to write');
  }
  const laid = layOut(clips.map(clockOf), options.sound);
  const segments = laid.segments.filter((_, index) => clips[index]?.is_card !== true);
  const { order, ...chunks } = interleave(laid, options.sound.rate);
  const header = writeHeader(tableOf(first.picture.track, { ...laid, segments }, chunks, options));
  const part = join(options.workDir, `merge-${crypto.randomUUID()}.part`);
  try {
    await writeSamples({ part, header, order, clips, total: chunks.data_bytes, options });
    options.signal?.throwIfAborted();
    await moveInto(part, output);
  } catch (error) {
    await rm(part, { force: true });
    throw translateError(error);
  }
  return segments;
}

/** A clip's samples with what turns their times into seconds on one clock. */
export function clockOf({ picture, sound }: ClipSource): ClipTracks {
  return { picture: onClock(picture), sound: sound === null ? null : onClock(sound) };
}

function onClock({ movie, track, origin_seconds }: TrackSource): ClipTrack {
  const span = spanOf(movie, track) ?? { shift_seconds: 0, cut_seconds: 0 };
  const times = { shift_seconds: span.shift_seconds - origin_seconds, end_seconds: span.cut_seconds - origin_seconds };
  return { samples: track.samples, timescale: track.timescale, ...times };
}

function tableOf(
  shape: Track,
  laid: LaidOut,
  chunks: Pick<ReturnType<typeof interleave>, 'picture' | 'sound' | 'data_bytes'>,
  { avcc, sound }: WriteOptions,
): Parameters<typeof writeHeader>[0] {
  const { width, height, matrix } = shape;
  const picture = { timescale: PICTURE_TIMESCALE, samples: laid.picture, chunks: chunks.picture, duration: laid.picture_duration };
  const heard = { timescale: sound.rate, samples: laid.sound, chunks: chunks.sound, duration: laid.sound.length * AAC_FRAME };
  return {
    picture: { ...picture, width, height, matrix, avcc, lead: laid.lead },
    sound: { ...heard, ...sound },
    chapters: laid.segments.length > 1 ? laid.segments.map((segment) => segment.start_seconds) : [],
    data_bytes: chunks.data_bytes,
  };
}

interface Writing {
  part: string;
  header: Buffer;
  order: readonly PlacedSample[];
  clips: readonly ClipSource[];
  total: number;
  options: WriteOptions;
}

async function writeSamples({ part, header, order, clips, total, options }: Writing): Promise<void> {
  const silence = silentAacFrame(options.sound.channels);
  await using files = new OpenFiles();
  await using output = await open(part, 'wx');
  const sources = await openSources(clips, files);
  await writeAll(output, header);
  const copier = new ByteCopier(output);
  let done = 0;
  let runs: Run[] = [];
  let waiting = 0;
  let pictures: [start: number, end: number][] = [];
  const lengthSize = readAvcConfig(options.avcc)?.length_size;
  const hush = (bytes: Buffer) => {
    for (const [start, end] of lengthSize === undefined ? [] : pictures) {
      blankUserData(bytes.subarray(start, end), lengthSize ?? 0);
    }
  };
  const append = async () => {
    options.signal?.throwIfAborted();
    options.onProgress?.(done / total);
    await copier.append(runs, hush);
    done += waiting;
    runs = [];
    pictures = [];
    waiting = 0;
  };
  for (const sample of order) {
    if (waiting > 0 && waiting + sample.size > BATCH_BYTES) {
      await append();
    }
    const place = sample.offset < 0 ? undefined : sources[sample.kind][sample.clip]?.(sample.offset);
    const last = runs.at(-1);
    if (place === undefined) {
      runs.push({ handle: null, bytes: silence, length: silence.length });
    } else if (last !== undefined && last.handle === place.handle && last.offset + last.length === place.offset) {
      last.length += sample.size;
    } else {
      runs.push({ ...place, length: sample.size });
    }
    if (sample.kind === 'picture') {
      pictures.push([waiting, waiting + sample.size]);
    }
    waiting += sample.size;
  }
  await append();
  options.onProgress?.(1);
}

/** Where the byte at a sample's offset really lies. */
type Locate = (offset: number) => { handle: FileHandle; offset: number };

async function openSources(clips: readonly ClipSource[], files: OpenFiles): Promise<Record<PlacedSample['kind'], (Locate | undefined)[]>> {
  const opened = { picture: [] as (Locate | undefined)[], sound: [] as (Locate | undefined)[] };
  for (const { picture, sound } of clips) {
    opened.picture.push(await openSource(picture, files));
    opened.sound.push(sound === null ? undefined : await openSource(sound, files));
  }
  return opened;
}

async function openSource({ movie, tail }: TrackSource, files: OpenFiles): Promise<Locate> {
  const whole = await files.reading(movie.path);
  const second = tail === undefined ? whole : await files.reading(tail);
  return (offset) =>
    tail === undefined || offset < movie.size_bytes ? { handle: whole, offset } : { handle: second, offset: offset - movie.size_bytes };
}

async function moveInto(part: string, output: string): Promise<void> {
  try {
    await rename(part, output);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) {
      throw error;
    }
    const near = `${output}.part`;
    try {
      await copyFile(part, near);
      await rename(near, output);
    } catch (failure) {
      await rm(near, { force: true });
      throw failure;
    }
    await rm(part, { force: true });
  }
}
