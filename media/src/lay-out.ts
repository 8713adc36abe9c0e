/** Pure: which samples of which clip go where on the merged clock. Sound and picture stay within half an AAC frame at every join. */
import type { Segment } from '@2t1l/game/challenge';
import { CLIP_ACCEPTED_SECONDS } from '@2t1l/game/limits';
import { BoxError } from './boxes.ts';
import { type AacConfig, silentAacFrame } from './codec-config.ts';
import { endOfSamples, type Sample } from './samples.ts';
import type { Chunk, WrittenSample } from './write-mp4.ts';

/** The samples of one clip and how their times become seconds on the clip's clock: `(time / timescale) + shift_seconds`. */
export interface ClipTrack {
  samples: readonly Sample[];
  timescale: number;
  shift_seconds: number;
  /** Where an edit list ends the track, on the clip's clock; without it the last sample does. */
  end_seconds?: number;
}

/** One clip; without sound it is given silence. */
export interface ClipTracks {
  picture: ClipTrack;
  sound: ClipTrack | null;
}

/** A sample to be written, and where it comes from: `clip` and `offset` in that clip's file of the kind, or a frame of silence. */
export interface PlacedSample extends WrittenSample {
  kind: 'picture' | 'sound';
  clip: number;
  /** -1 for a frame of silence. */
  offset: number;
}

/** The merged tables; times of the picture in 1/90000 s, of the sound in samples. */
export interface LaidOut {
  picture: PlacedSample[];
  sound: PlacedSample[];
  /** What `dts` runs ahead of `cts`; `cts` includes it. */
  lead: number;
  picture_duration: number;
  segments: Segment[];
}

/** Divides by 24, 25, 30, 50, 60 and 1001ths thereof well enough: an error of 6 microseconds at most, and never summed up. */
export const PICTURE_TIMESCALE = 90_000;
export const AAC_FRAME = 1024;
/** Sound that outlasts its picture by less than this is cut with it; by more, and the last picture is held. */
const SOUND_TAIL_SECONDS = 0.1;
const INTERLEAVE_SECONDS = 0.5;
/** Twice what the check accepts: a table may claim centuries, and sound is laid out for all of it. */
const CLIP_LAID_SECONDS = 2 * CLIP_ACCEPTED_SECONDS;
/** Samples at the rim of a frame's window that weigh next to nothing: a break there is 40 dB below the sound. */
const WINDOW_RIM = 64;

/** Places all clips one after another. Segments are read off the result: no gap, no overlap, first at 0. */
export function layOut(clips: readonly ClipTracks[], sound: AacConfig): LaidOut {
  const timed = clips.map(timePicture);
  const lead = Math.max(0, ...timed.map((clip) => clip.lead));
  const laid: LaidOut = { picture: [], sound: [], lead, picture_duration: 0, segments: [] };
  for (const [index, clip] of timed.entries()) {
    const start = laid.picture_duration;
    placePicture(laid, index, clip);
    laid.picture_duration += clip.duration;
    const isLast = index === timed.length - 1;
    placeSound(laid, { index, isLast, start, zero: clip.zero_seconds, track: clips[index]?.sound ?? null, config: sound });
    laid.segments.push({ start_seconds: start / PICTURE_TIMESCALE, end_seconds: laid.picture_duration / PICTURE_TIMESCALE });
  }
  return laid;
}

/** Chunks of half a second, picture and sound in turn: what a player needs at a moment lies close together. */
export function interleave(laid: LaidOut, rate: number): { picture: Chunk[]; sound: Chunk[]; order: PlacedSample[]; data_bytes: number } {
  const result = { picture: [] as Chunk[], sound: [] as Chunk[], order: [] as PlacedSample[], data_bytes: 0 };
  let [pictureAt, soundAt] = [0, 0];
  for (let until = INTERLEAVE_SECONDS; pictureAt < laid.picture.length || soundAt < laid.sound.length; until += INTERLEAVE_SECONDS) {
    pictureAt = takeChunk({ from: laid.picture, at: pictureAt, until: until * PICTURE_TIMESCALE, into: result.picture, result });
    soundAt = takeChunk({ from: laid.sound, at: soundAt, until: until * rate, into: result.sound, result });
  }
  return result;
}

interface Take {
  from: readonly PlacedSample[];
  at: number;
  until: number;
  into: Chunk[];
  result: { order: PlacedSample[]; data_bytes: number };
}

function takeChunk({ from, at, until, into, result }: Take): number {
  const chunk: Chunk = { offset: result.data_bytes, samples: 0 };
  let next = at;
  for (let sample = from[next]; sample !== undefined && sample.dts < until; sample = from[next]) {
    result.order.push(sample);
    result.data_bytes += sample.size;
    chunk.samples += 1;
    next += 1;
  }
  if (chunk.samples > 0) {
    into.push(chunk);
  }
  return next;
}

/** A clip's pictures as they will be placed. */
export interface TimedPicture {
  /** `dts` from the first sample, `cts` from the first shown picture. */
  samples: { sample: Sample; dts: number; cts: number }[];
  /** Length of the segment in ticks. */
  duration: number;
  /** How far decoding, begun at 0, must run ahead of showing. */
  lead: number;
  /** The first picture on the clip's own clock. */
  zero_seconds: number;
}

/** Times of a clip's pictures in ticks. Throws a RangeError where there are none, a BoxError where they are shown for ages. */
export function timePicture({ picture, sound }: ClipTracks): TimedPicture {
  const first = picture.samples[0];
  if (first === undefined) {
    throw new RangeError('a clip without pictures cannot be laid out');
  }
  const zero = picture.samples.reduce((least, sample) => Math.min(least, sample.cts), Number.POSITIVE_INFINITY);
  const end = endOfSamples(picture.samples);
  const ticks = (time: number) => Math.round(((time - zero) / picture.timescale) * PICTURE_TIMESCALE);
  const zeroSeconds = zero / picture.timescale + picture.shift_seconds;
  const soundEnd = Math.round((endOf(sound) - zeroSeconds) * PICTURE_TIMESCALE);
  const shown = ticks(end);
  const samples = picture.samples.map((sample) => ({ sample, dts: ticks(sample.dts) - ticks(first.dts), cts: ticks(sample.cts) }));
  const duration = soundEnd > shown + SOUND_TAIL_SECONDS * PICTURE_TIMESCALE ? soundEnd : shown;
  const lead = samples.reduce((most, { dts, cts }) => Math.max(most, dts - cts), 0);
  if (!(duration > 0 && Math.max(duration, lead) <= CLIP_LAID_SECONDS * PICTURE_TIMESCALE)) {
    throw new BoxError('damaged', 'times that no clip has');
  }
  return { samples, duration, lead, zero_seconds: zeroSeconds };
}

function endOf(track: ClipTrack | null): number {
  const last = track?.samples.at(-1);
  if (track === null || last === undefined) {
    return 0;
  }
  return Math.min((last.dts + last.duration) / track.timescale + track.shift_seconds, track.end_seconds ?? Number.POSITIVE_INFINITY);
}

function placePicture(laid: LaidOut, clip: number, timed: TimedPicture): void {
  const start = laid.picture_duration;
  for (const [index, { sample, dts, cts }] of timed.samples.entries()) {
    const previous = laid.picture.at(-1);
    // every clip begins to decode `lead` ahead of its segment, whatever lead it came with: decode times must rise over the joins
    const wanted = start + dts;
    const placed = Math.max(wanted, previous === undefined ? 0 : previous.dts + 1);
    const shown = start + cts + laid.lead;
    const isLast = index === timed.samples.length - 1;
    const duration = isLast ? Math.max(1, start + timed.duration - placed) : 0;
    laid.picture.push({
      kind: 'picture',
      clip,
      offset: sample.offset,
      size: sample.size,
      dts: placed,
      cts: Math.max(shown, placed),
      duration,
      is_sync: sample.is_sync,
    });
  }
}

interface SoundPlace {
  index: number;
  isLast: boolean;
  /** Start of the segment in picture ticks. */
  start: number;
  /** What the clip's own clock says at its first picture, in seconds. */
  zero: number;
  track: ClipTrack | null;
  config: AacConfig;
}

/**
 * Sound frames stand side by side from sample 0 on, so a clip's frames can be placed only in steps of 1024 samples: the frame
 * nearest to each slot is taken. What comes before the first picture (decoder priming) or after the end is left out.
 * So is a frame that holds the place where the clip's sound breaks off or sets in: its neighbour's window fades the sound instead.
 */
function placeSound(laid: LaidOut, { index, isLast, start, zero, track, config }: SoundPlace): void {
  const silence = silentAacFrame(config.channels).length;
  const startSample = (start / PICTURE_TIMESCALE) * config.rate;
  const endSample = (laid.picture_duration / PICTURE_TIMESCALE) * config.rate;
  const firstFrame = track?.samples[0];
  // where the clip's frame 0 would stand on the merged clock, in samples
  const origin =
    track === null || firstFrame === undefined
      ? 0
      : startSample + (firstFrame.dts / track.timescale + track.shift_seconds - zero) * config.rate;
  const wholeFrames = track === null ? 0 : countUnbroken(track, config);
  // the file must end with its last picture, so there the sound may only be shorter; elsewhere the nearest frame ends a segment
  const needed = isLast ? AAC_FRAME : AAC_FRAME / 2;
  for (let slot = laid.sound.length; slot * AAC_FRAME + needed <= endSample; slot += 1) {
    const frame = Math.round((slot * AAC_FRAME - origin) / AAC_FRAME);
    const sample = frame > 0 && frame < wholeFrames ? track?.samples[frame] : undefined;
    laid.sound.push({
      kind: 'sound',
      clip: index,
      offset: sample?.offset ?? -1,
      size: sample?.size ?? silence,
      dts: slot * AAC_FRAME,
      cts: slot * AAC_FRAME,
      duration: AAC_FRAME,
      is_sync: true,
    });
  }
}

/**
 * How many frames have sound in all of their window, which is two frames long and overlaps the next one's (ISO/IEC 14496-3, 4.6.11).
 * The window of frame 0 begins with what the encoder was primed with, so sound sets in somewhere inside: it never counts.
 */
function countUnbroken(track: ClipTrack, { rate }: AacConfig): number {
  const first = track.samples[0];
  if (first === undefined) {
    return 0;
  }
  const heard = (endOf(track) - first.dts / track.timescale - track.shift_seconds) * rate;
  return Math.floor((heard + WINDOW_RIM) / AAC_FRAME) - 1;
}
