/** Copies the samples of one or three clips into one new file: tables first, bytes as they are, a few megabytes of memory. */
import { copyFile, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Segment } from '@2t1l/game/challenge';
import { BoxError } from './boxes.ts';
import { type AacConfig, silentAacFrame } from './codec-config.ts';
import { ByteSink, ByteSource, OpenFiles } from './copy-bytes.ts';
import { translateError } from './ffmpeg.ts';
import { AAC_FRAME, type ClipTrack, interleave, type LaidOut, layOut, PICTURE_TIMESCALE, type PlacedSample } from './lay-out.ts';
import type { Movie, Track } from './movie.ts';
import { spanOf } from './timing.ts';
import { writeHeader } from './write-mp4.ts';

/** A track inside a file. `origin_seconds` is taken off its times. */
export interface TrackSource {
  movie: Movie;
  track: Track;
  origin_seconds: number;
}

/** Picture and sound of one clip, from one file or two; no sound means silence. */
export interface ClipSource {
  picture: TrackSource;
  sound: TrackSource | null;
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

/** A larger sample goes around the window. */
const COPIED_WHOLE_BYTES = 512 * 1024;

/** Writes `output` whole or not at all and says where each clip lies in it. Throws DiskFullError, the abort's reason, or a RangeError for no clips. */
export async function writeMovie(clips: readonly ClipSource[], output: string, options: WriteOptions): Promise<Segment[]> {
  const [first] = clips;
  if (first === undefined) {
    throw new RangeError('no clips to write');
  }
  const laid = layOut(
    clips.map((clip) => ({ picture: onClock(clip.picture), sound: clip.sound === null ? null : onClock(clip.sound) })),
    options.sound,
  );
  const { order, ...chunks } = interleave(laid, options.sound.rate);
  const header = writeHeader(tableOf(first.picture.track, laid, chunks, options));
  const part = join(options.workDir, `merge-${crypto.randomUUID()}.part`);
  try {
    await writeSamples({ part, header, order, clips, total: chunks.data_bytes, options });
    options.signal?.throwIfAborted();
    await moveInto(part, output);
  } catch (error) {
    await rm(part, { force: true });
    throw translateError(error);
  }
  return laid.segments;
}

function onClock({ movie, track, origin_seconds }: TrackSource): ClipTrack {
  const shift = spanOf(movie, track)?.shift_seconds ?? 0;
  return { samples: track.samples, timescale: track.timescale, shift_seconds: shift - origin_seconds };
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
  await using handle = await open(part, 'wx');
  const sink = new ByteSink(handle);
  const sources = await openSources(clips, files);
  await sink.flush(header);
  let done = 0;
  for (const sample of order) {
    const source = sample.offset < 0 ? undefined : sources[sample.kind][sample.clip];
    // awaiting costs more than copying: only a full buffer or an empty window is waited for
    if (!sink.hasRoom(sample.size)) {
      await sink.flush();
      options.signal?.throwIfAborted();
      options.onProgress?.(done / total);
    }
    if (source === undefined) {
      sink.add(silence, 0, silence.length);
    } else if (sample.size > COPIED_WHOLE_BYTES) {
      await sink.flush(await source.read(sample.offset, sample.size));
    } else {
      let found = source.peek(sample.offset, sample.size);
      if (found === null) {
        await source.load(sample.offset);
        found = source.peek(sample.offset, sample.size);
      }
      if (found === null) {
        throw new BoxError('incomplete', 'the file ends inside a sample');
      }
      sink.add(found.bytes, found.at, found.at + sample.size);
    }
    done += sample.size;
  }
  await sink.flush();
  options.onProgress?.(1);
}

async function openSources(
  clips: readonly ClipSource[],
  files: OpenFiles,
): Promise<Record<PlacedSample['kind'], (ByteSource | undefined)[]>> {
  const opened = { picture: [] as (ByteSource | undefined)[], sound: [] as (ByteSource | undefined)[] };
  for (const { picture, sound } of clips) {
    opened.picture.push(new ByteSource(await files.reading(picture.movie.path)));
    opened.sound.push(sound === null ? undefined : new ByteSource(await files.reading(sound.movie.path)));
  }
  return opened;
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
