/** How long a clip is, and where it begins on its own clock. */
import { BoxError } from './boxes.ts';
import type { Tools } from './ffmpeg.ts';
import type { Movie } from './movie.ts';
import { measurePackets, type ProbedStream } from './probe.ts';
import { countDecoded, shownSamples } from './shown.ts';
import { originOf, spanOf } from './timing.ts';

/** Times of a clip in seconds. */
export interface Length {
  /** From the first moment to the last of picture or sound. */
  duration: number;
  /** How many pictures a decoder goes through to show it. */
  decoded: number;
  /** Pictures a second on average. */
  fps: number;
  /** What the file's own clock says at the first moment. */
  origin: number;
  /** False where a sound stream is announced and never comes. */
  hears: boolean;
}

/** A recorder's first pictures may be timed a little below 0; further below, no length would count them. */
const EARLY_SECONDS = 1;

/** Measures what a player shows of an MP4, by its tables. Throws a BoxError where that is no picture, or begins far before 0. */
export function measureMovie(movie: Movie): Length {
  const picture = movie.tracks.find((track) => track.kind === 'video');
  const sound = movie.tracks.find((track) => track.kind === 'sound' && track.samples.length > 0);
  const seen = picture === undefined ? null : spanOf(movie, picture);
  const shown = picture === undefined ? 0 : shownSamples(movie, picture).length;
  if (picture === undefined || seen === null || shown === 0) {
    throw new BoxError('no_picture', 'no picture is shown');
  }
  const track = sound === undefined ? null : spanOf(movie, sound);
  const heard = track !== null && track.cut_seconds > track.from_seconds ? track : null;
  const origin = originOf([seen, heard]);
  if (Math.min(seen.from_seconds, heard?.from_seconds ?? 0) < -EARLY_SECONDS) {
    throw new BoxError('damaged', 'it begins before its own clock does');
  }
  const end = Math.max(seen.cut_seconds, heard?.cut_seconds ?? 0);
  const fps = average(shown, seen.cut_seconds - seen.from_seconds);
  return { duration: round(end - origin), decoded: countDecoded(movie, picture), fps, origin, hears: heard !== null };
}

/** A WebM file and the two streams of it that count. */
export interface Packets {
  path: string;
  tools: Tools;
  signal: AbortSignal | undefined;
  picture: ProbedStream;
  sound: ProbedStream | null;
}

/** A browser's recording often does not say how long it is: its packets do. */
export async function measureMatroska({ path, tools, signal, picture, sound }: Packets): Promise<Length> {
  const spans = await measurePackets(path, 'matroska', tools, { signal });
  const shown = spans.get(picture.index);
  const heard = sound === null ? undefined : spans.get(sound.index);
  if (shown === undefined) {
    throw new BoxError('incomplete', 'no pictures');
  }
  // without lengths of their own the last picture lasts as long as the average one
  const between = shown.end_seconds - shown.start_seconds;
  const step = shown.has_durations || shown.packets < 2 ? 0 : Math.min(1, between / (shown.packets - 1));
  const origin = Math.max(0, Math.min(shown.start_seconds, heard?.start_seconds ?? Number.POSITIVE_INFINITY));
  const end = Math.max(shown.end_seconds + step, heard?.end_seconds ?? 0);
  const fps = average(shown.packets, between + step);
  return { duration: round(end - origin), decoded: shown.packets, fps, origin, hears: heard !== undefined };
}

function average(count: number, seconds: number): number {
  return seconds > 0 ? Math.round((count / seconds) * 1000) / 1000 : 0;
}

/** To the microsecond, so that facts compare well. */
function round(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}
