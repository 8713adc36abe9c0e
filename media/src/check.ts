/** Is this file a clip? Cheap looks first; the decoder sees it only when its own tables agree with each other. */
import { stat } from 'node:fs/promises';
import type { Notice, Refusal } from '@2t1l/game/challenge';
import { CLIP_ACCEPTED_SECONDS, CLIP_MAX_HEIGHT, CLIP_MAX_WIDTH, CLIP_MIN_SECONDS } from '@2t1l/game/limits';
import { BoxError } from './boxes.ts';
import { tryDecode } from './decode.ts';
import { readDeclaredSize } from './ebml.ts';
import { type Demuxer, PICTURE_CODECS, SOUND_CODECS, type Tools } from './ffmpeg.ts';
import { blamesFile } from './ffmpeg-errors.ts';
import { measureMatroska, measureMovie } from './measure.ts';
import { type Movie, readMovie } from './movie.ts';
import { hasCopyablePictures } from './picture-samples.ts';
import { type Probed, type ProbedStream, probe } from './probe.ts';
import { isOrderPossible, shownSamples, trimTrack } from './shown.ts';
import { sniff } from './sniff.ts';
import { spanOf } from './timing.ts';
import { type CanonicalVerdict, judge, type SeenStream } from './verdict.ts';

/** What is known of an accepted clip. */
export interface ClipFacts {
  /** Length as shown, edit lists applied; the longer of picture and sound. */
  duration_seconds: number;
  /** Pixels as displayed: square ones, after rotation. */
  width: number;
  height: number;
  /** ffprobe's names; `sound_codec` is null for a silent clip. */
  picture_codec: string;
  sound_codec: string | null;
  /** Pictures a second on average. */
  fps: number;
  has_sound: boolean;
  is_hdr: boolean;
  /** False where the colours must be converted to BT.709 in the limited range. */
  is_bt709: boolean;
  container: 'mp4' | 'webm';
  /** Where the file's own clock stands at the clip's first moment, in seconds. */
  origin_seconds: number;
  /** Which of the sound streams is the clip's, from 0. */
  sound_stream: number;
  /** What has to be done before it can be merged by copy. */
  canonical: CanonicalVerdict;
}

/** The outcome for a file: a clip, or the reasons why not. */
export type ClipCheck = { outcome: 'accepted'; facts: ClipFacts; notices: Notice[] } | { outcome: 'refused'; reasons: Refusal[] };

/** What a check needs and tells. `onProgress` gets fractions, 0 to 1. */
export interface CheckOptions {
  tools: Tools;
  signal?: AbortSignal | undefined;
  onProgress?: ((fraction: number) => void) | undefined;
  /** True for a clip that has passed before: its tables are read again, its pictures and sound are not decoded. */
  hasPassed?: boolean;
}

/** Pictures times pixels: a minute of the largest picture at 30 a second. Decoding and scaling cost what they cost however small the file is. */
const PIXELS_MAX = CLIP_MAX_WIDTH * CLIP_MAX_HEIGHT * CLIP_ACCEPTED_SECONDS * 30.5;

/**
 * Checks the file at `path`. A file that is no clip is a result, not an exception; what is thrown is our own trouble
 * (abort, full disk, missing tool, wall-clock limit, a file that cannot be opened).
 */
export async function checkClip(path: string, options: CheckOptions): Promise<ClipCheck> {
  const kind = await sniff(path);
  switch (kind) {
    case 'empty':
      return refused('empty');
    case 'no_video':
      return refused('not_a_video');
    case 'other_container':
      return refused('unsupported_format');
    case 'mov':
    case 'matroska':
      return await checkContainer(path, kind, options);
  }
}

async function checkContainer(path: string, demuxer: Demuxer, options: CheckOptions): Promise<ClipCheck> {
  try {
    const movie = demuxer === 'mov' ? await readMovie(path) : null;
    const early = movie === null ? await refuseMatroska(path) : refuseMovie(movie);
    if (early !== null) {
      return refused(early);
    }
    const probed = await probe(path, demuxer, options.tools, { signal: options.signal });
    return await checkStreams({ path, demuxer, movie, probed, options });
  } catch (error) {
    if (error instanceof BoxError) {
      return refused(error.refusal);
    }
    if (blamesFile(error)) {
      return refused('damaged');
    }
    throw error;
  }
}

/** What the tables alone refuse. */
function refuseMovie(movie: Movie): Refusal | null {
  const pictures = movie.tracks.filter((track) => track.kind === 'video');
  const [picture] = pictures;
  if (picture === undefined) {
    return 'no_picture';
  }
  if (pictures.length > 1) {
    return 'several_pictures';
  }
  if (isTooLarge(picture.width, picture.height)) {
    return 'too_many_pixels';
  }
  // an empty track is what a recorder leaves that never got its first picture
  if (picture.samples.length === 0) {
    return movie.is_fragmented ? 'no_picture' : 'incomplete';
  }
  if (!isOrderPossible(shownSamples(movie, picture))) {
    return 'damaged';
  }
  return refuseLength(measureMovie(movie).duration);
}

async function refuseMatroska(path: string): Promise<Refusal | null> {
  const { size } = await stat(path);
  const declared = await readDeclaredSize(path);
  return declared !== null && declared > size ? 'incomplete' : null;
}

function refuseLength(seconds: number): Refusal | null {
  if (seconds < CLIP_MIN_SECONDS - ROUNDING_SECONDS) {
    return 'too_short';
  }
  return seconds > CLIP_ACCEPTED_SECONDS + ROUNDING_SECONDS ? 'too_long' : null;
}

/** Containers count in ticks and milliseconds: a clip of one second may say 0.9995. */
const ROUNDING_SECONDS = 0.002;

function isTooLarge(width: number, height: number): boolean {
  return Math.max(width, height) > CLIP_MAX_WIDTH || Math.min(width, height) > CLIP_MAX_HEIGHT;
}

interface Opened {
  path: string;
  demuxer: Demuxer;
  movie: Movie | null;
  probed: Probed;
  options: CheckOptions;
}

async function checkStreams({ path, demuxer, movie, probed, options }: Opened): Promise<ClipCheck> {
  const pictures = probed.streams.filter((stream) => stream.kind === 'video');
  const sounds = probed.streams.filter((stream) => stream.kind === 'sound');
  const [picture] = pictures;
  if (picture === undefined) {
    return refused('no_picture');
  }
  if (pictures.length > 1) {
    return refused('several_pictures');
  }
  // a track that ffmpeg alone takes for sound shifts the others: one would be tried, another copied
  if (movie !== null && soundTracks(movie).length !== sounds.length) {
    return refused('damaged');
  }
  if (!PICTURE_CODECS.includes(picture.codec)) {
    return refused('unsupported_format');
  }
  const { width, height } = displayedSize(picture);
  if (isTooLarge(picture.width, picture.height) || isTooLarge(width, height)) {
    return refused('too_many_pixels');
  }
  const announced = sounds.findIndex((stream, index) => isHearable(stream) && isFilled(movie, index));
  const { tools, signal } = options;
  const length =
    movie === null ? await measureMatroska({ path, tools, signal, picture, sound: sounds[announced] ?? null }) : measureMovie(movie);
  const soundIndex = length.hears ? announced : -1;
  const sound = sounds[soundIndex] ?? null;
  const wrongLength = refuseLength(length.duration);
  if (wrongLength !== null) {
    return refused(wrongLength);
  }
  if (length.decoded * Math.max(picture.width * picture.height, width * height) > PIXELS_MAX) {
    return refused('too_many_pixels');
  }
  const seenPicture = see(picture, movie, 0);
  const trimmed = movie === null || seenPicture.track === null ? null : trimTrack(movie, seenPicture.track);
  const canonical = judge({
    picture: seenPicture,
    sound: sound === null ? null : see(sound, movie, soundIndex),
    fps: length.fps,
    is_trimmable: trimmed !== null,
    is_copyable:
      seenPicture.track === null || (picture.codec === 'h264' && (await hasCopyablePictures(path, trimmed ?? seenPicture.track))),
  });
  // what is encoded anew is decoded whole then, and given up at the first error as it is here
  if (options.hasPassed !== true && canonical.action !== 'redo_all') {
    const { onProgress } = options;
    const has_picture = canonical.action !== 'redo_picture';
    await tryDecode({ path, demuxer, sound_stream: soundIndex, duration_seconds: length.duration, has_picture, tools, signal, onProgress });
  }
  const facts: ClipFacts = {
    duration_seconds: length.duration,
    width,
    height,
    picture_codec: picture.codec,
    sound_codec: sound?.codec ?? null,
    fps: length.fps,
    has_sound: sound !== null,
    is_hdr: picture.is_hdr,
    is_bt709: picture.is_bt709,
    container: movie === null ? 'webm' : 'mp4',
    origin_seconds: length.origin,
    sound_stream: Math.max(0, soundIndex),
    canonical,
  };
  return { outcome: 'accepted', facts, notices: sound === null ? ['no_sound'] : [] };
}

/** Pixels as displayed: widened by their shape, which belongs to the coded picture, then turned. */
function displayedSize({ width, height, pixel_aspect, rotation }: ProbedStream): { width: number; height: number } {
  const wide = Math.max(1, Math.round(width * pixel_aspect));
  return rotation % 180 === 90 ? { width: height, height: wide } : { width: wide, height };
}

function isHearable(stream: ProbedStream): boolean {
  return SOUND_CODECS.includes(stream.codec) && stream.sample_rate > 0 && stream.channels > 0;
}

/** A recorder that got no sound leaves a track without samples. */
function isFilled(movie: Movie | null, index: number): boolean {
  return movie === null || (soundTracks(movie)[index]?.samples.length ?? 0) > 0;
}

function soundTracks({ tracks }: Movie): Movie['tracks'] {
  return tracks.filter((track) => track.kind === 'sound');
}

function see(stream: ProbedStream, movie: Movie | null, index: number): SeenStream {
  const track = movie?.tracks.filter((candidate) => candidate.kind === stream.kind)[index] ?? null;
  return { stream, track, span: movie === null || track === null ? null : spanOf(movie, track) };
}

function refused(reason: Refusal): ClipCheck {
  return { outcome: 'refused', reasons: [reason] };
}
