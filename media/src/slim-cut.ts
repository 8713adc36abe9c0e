/** Pure: a new encode of a merged video takes over the times of the old pictures and is cut at the joins, so that it can be written like a merge. */
import type { Segment } from '@2t1l/game/challenge';
import type { Movie, Track } from './movie.ts';
import type { Sample } from './samples.ts';
import { spanOf } from './timing.ts';
import type { ClipSource, TrackSource } from './write-movie.ts';

/** Segments are told in whole ticks of the picture's clock; half of one is rounding. */
const ROUNDING_SECONDS = 0.5 / 90_000;

/** What is cut: the old picture gives the times, the new one the bytes. */
export interface Cut {
  movie: Movie;
  picture: Track;
  /** Its pictures are numbered: the time of each is its rank. */
  encoded: { movie: Movie; track: Track };
  /** On the clock of the merged video. */
  sound: TrackSource;
  segments: readonly Segment[];
}

/** The rank, in order of showing, of the first picture of every segment. */
export function joinsOf(movie: Pick<Movie, 'timescale'>, picture: Track, segments: readonly Segment[]): number[] {
  const shift = spanOf(movie, picture)?.shift_seconds ?? 0;
  const shown = inOrderOfShowing(picture);
  return segments.map(({ start_seconds }) => {
    const first = shown.findIndex((sample) => sample.cts / picture.timescale + shift >= start_seconds - ROUNDING_SECONDS);
    return first < 0 ? shown.length : first;
  });
}

/** One clip a segment; null where the encode has not the same pictures, or does not begin anew at a join. */
export function cutAtJoins({ movie, picture, encoded, sound, segments }: Cut): ClipSource[] | null {
  const shift = spanOf(movie, picture)?.shift_seconds ?? 0;
  const shown = inOrderOfShowing(picture);
  const { samples } = encoded.track;
  const ranks = ranksOf(samples);
  const joins = [...joinsOf(movie, picture, segments), shown.length];
  const isWhole = samples.length === shown.length && joins.every((join, index) => index === 0 || join > (joins[index - 1] ?? 0));
  if (!isWhole || joins[0] !== 0) {
    return null;
  }
  const clips: ClipSource[] = [];
  for (const [index, segment] of segments.entries()) {
    const { start_seconds } = segment;
    // a card that follows is a part of it here
    const end_seconds = segments[index + 1]?.start_seconds ?? segment.end_seconds;
    const [from = 0, to = 0] = [joins[index], joins[index + 1]];
    const isClosed = samples[from]?.is_sync === true && ranks.slice(from, to).every((rank) => rank >= from && rank < to);
    if (!isClosed) {
      return null;
    }
    const timed = samples.slice(from, to).map((sample, at) => {
      const dts = shown[from + at]?.cts ?? 0;
      const cts = shown[ranks[from + at] ?? 0]?.cts ?? 0;
      return { ...sample, dts, cts, duration: (shown[from + at + 1]?.cts ?? dts) - dts };
    });
    // the last picture is held until the next segment, and it is the last one decoded that says so (samples.ts, endOfSamples)
    const last = timed.at(-1);
    if (last !== undefined) {
      last.duration = Math.round((end_seconds - shift) * picture.timescale) - (shown[to - 1]?.cts ?? 0);
    }
    const { timescale, matrix, width, height } = picture;
    const track = { ...encoded.track, timescale, matrix, width, height, edits: [], samples: timed };
    clips.push({
      picture: { movie: encoded.movie, track, origin_seconds: start_seconds - shift },
      sound: { ...sound, track: soundUntil(sound, end_seconds), origin_seconds: start_seconds },
    });
  }
  return clips;
}

function soundUntil({ movie, track }: TrackSource, endSeconds: number): Track {
  const shift = spanOf(movie, track)?.shift_seconds ?? 0;
  return { ...track, samples: track.samples.filter((sample) => sample.dts / track.timescale + shift < endSeconds) };
}

function inOrderOfShowing(track: Track): Sample[] {
  return track.samples.toSorted((a, b) => a.cts - b.cts);
}

/** The place of each sample in order of showing. */
function ranksOf(samples: readonly Sample[]): number[] {
  const ranks: number[] = [];
  for (const [rank, index] of [...samples.keys()].toSorted((a, b) => (samples[a]?.cts ?? 0) - (samples[b]?.cts ?? 0)).entries()) {
    ranks[index] = rank;
  }
  return ranks;
}
