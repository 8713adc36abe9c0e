/** When a track is shown: its edit list applied, in seconds on the file's own clock. */
import type { Movie, Track } from './movie.ts';
import { endOfSamples } from './samples.ts';

/** A track's place on the clock of its file, in seconds. */
export interface Span {
  start_seconds: number;
  end_seconds: number;
  /** Where the edit list ends it; `end_seconds` where it does not. */
  cut_seconds: number;
  /** What is added to `cts / timescale` to get the time shown. */
  shift_seconds: number;
  /** False where the edit list does more than delay the start, drop decoder priming or say what is true anyway. */
  is_plain: boolean;
}

/** An edit that ends this much before the samples do is only rounding. */
const ROUNDING_SECONDS = 0.1;

/** The span of a track; null where it has no samples. */
export function spanOf(movie: Pick<Movie, 'timescale'>, track: Track): Span | null {
  const { samples, timescale } = track;
  if (samples.length === 0) {
    return null;
  }
  let first = Number.POSITIVE_INFINITY;
  for (const sample of samples) {
    first = Math.min(first, sample.cts);
  }
  const shown = track.edits.filter((edit) => edit.media_time >= 0);
  const leading = track.edits[0]?.media_time === -1 ? track.edits[0].duration / movie.timescale : 0;
  const edit = shown[0];
  const shift = leading - (edit?.media_time ?? 0) / timescale;
  const end = endOfSamples(samples) / timescale + shift;
  // a duration of 0 means "all there is" in a fragmented file
  const cut = edit !== undefined && edit.duration > 0 ? Math.min(end, leading + edit.duration / movie.timescale) : end;
  const span = { start_seconds: first / timescale + shift, end_seconds: end, cut_seconds: cut, shift_seconds: shift };
  const cutsEnd = cut < end - ROUNDING_SECONDS;
  const isInOrder = track.edits.length === shown.length + (leading > 0 || track.edits[0]?.media_time === -1 ? 1 : 0);
  return { ...span, is_plain: shown.length <= 1 && isInOrder && !cutsEnd && (edit === undefined || edit.rate === 1) };
}

/** The file's first moment: what a fragmented recording that starts in the middle of a stream has to be moved by. At least 0. */
export function originOf(spans: readonly (Span | null)[]): number {
  const starts = spans.filter((span) => span !== null).map((span) => span.start_seconds);
  return starts.length === 0 ? 0 : Math.max(0, Math.min(...starts));
}
