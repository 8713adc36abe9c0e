/** Pure: which pictures of a track are shown by its edit list, and whether a copy can leave out the others. */
import type { Movie, Track } from './movie.ts';
import type { Sample, SampleList } from './samples.ts';
import { type Span, spanOf } from './timing.ts';

/** Times of samples and edits are counted in different ticks. */
const TICK_SECONDS = 0.001;
/** A picture cut through by the start of the edit is left out: at 20 pictures a second or more nobody sees that. */
const LATE_FIRST_SECONDS = 0.05;
/** ITU-T H.264, A.3.1, and H.265, A.4.2: a decoder keeps 16 pictures at most. */
const REORDERED_MAX = 16;

/** The samples that are shown, in order of decoding. Where several stretches are shown, all of them. */
export function shownSamples(movie: Pick<Movie, 'timescale'>, track: Track): SampleList {
  const span = spanOf(movie, track);
  return span === null || !span.is_single ? track.samples : track.samples.filter((sample) => isShown(sample, track, span));
}

/** How many pictures a decoder goes through: of each stretch those shown, and those before them back to the key frame they hang on. */
export function countDecoded(movie: Pick<Movie, 'timescale'>, { edits, samples, timescale }: Track): number {
  const stretches = edits
    .filter((edit) => edit.media_time >= 0)
    .map(({ media_time, duration }) => ({
      from: media_time,
      until: duration > 0 ? media_time + (duration / movie.timescale) * timescale : Number.POSITIVE_INFINITY,
    }));
  return edits.length === 0 ? samples.length : stretches.reduce((sum, stretch) => sum + countStretch(samples, stretch), 0);
}

function countStretch(samples: SampleList, { from, until }: { from: number; until: number }): number {
  let key = 0;
  let first = -1;
  let last = -1;
  for (const [index, { cts, duration, is_sync }] of samples.entries()) {
    key = is_sync && first < 0 ? index : key;
    if (cts + duration > from && cts < until) {
      first = first < 0 ? key : first;
      last = index;
    }
  }
  return first < 0 ? 0 : last - first + 1;
}

/**
 * The track with nothing but what is shown, fit for a copy; the track itself where that is all of it. Null where a copy would show more: the
 * edit begins between two key frames, or a picture that is not shown stands between others.
 */
export function trimTrack(movie: Pick<Movie, 'timescale'>, track: Track): Track | null {
  const span = spanOf(movie, track);
  if (span === null || !span.is_single) {
    return null;
  }
  const first = track.samples.findIndex((sample) => isShown(sample, track, span));
  const kept = track.samples.slice(first, track.samples.findLastIndex((sample) => isShown(sample, track, span)) + 1);
  const last = kept.at(-1);
  if (first < 0 || last === undefined || !kept.every((sample) => isShown(sample, track, span))) {
    return null;
  }
  if (kept.length === track.samples.length && span.is_plain) {
    return track;
  }
  const zero = kept.reduce((least, sample) => Math.min(least, sample.cts), Number.POSITIVE_INFINITY);
  if (!kept[0]?.is_sync || zero / track.timescale + span.shift_seconds > span.from_seconds + LATE_FIRST_SECONDS) {
    return null;
  }
  const shownLast = kept.reduce((most, sample) => Math.max(most, sample.cts), 0);
  const duration = Math.max(1, Math.round((span.cut_seconds - span.shift_seconds) * track.timescale) - shownLast);
  return { ...track, samples: [...kept.slice(0, -1), { ...last, duration }] };
}

/** False where so many pictures are decoded before others that are shown earlier that no decoder can hold them: the times are made up. */
export function isOrderPossible(samples: readonly Sample[]): boolean {
  const latest: number[] = [];
  for (const { cts } of samples) {
    const place = latest.findIndex((held) => held <= cts);
    const ahead = place < 0 ? latest.length : place;
    if (ahead > REORDERED_MAX) {
      return false;
    }
    latest.splice(ahead, 0, cts);
    latest.length = Math.min(latest.length, REORDERED_MAX + 1);
  }
  return true;
}

function isShown({ cts }: Sample, { timescale }: Track, { shift_seconds, from_seconds, cut_seconds }: Span): boolean {
  const time = cts / timescale + shift_seconds;
  return time > from_seconds - TICK_SECONDS && time < cut_seconds - TICK_SECONDS;
}
