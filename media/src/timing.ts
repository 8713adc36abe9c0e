/** When a track is shown: its edit list applied, in seconds on the file's own clock. */
import type { Movie, Track } from './movie.ts';
import { endOfSamples } from './samples.ts';

/** A track's place on the clock of its file, in seconds. */
export interface Span {
  /** Of the samples, whatever the edit list shows of them. */
  start_seconds: number;
  end_seconds: number;
  /** Where the edit list begins to show them and ends; nothing is shown where the end is not after the beginning. */
  from_seconds: number;
  cut_seconds: number;
  /** What is added to `cts / timescale` to get the time shown. */
  shift_seconds: number;
  /** True where the edit list shows one stretch at its own speed, delayed or not. */
  is_single: boolean;
  /** False where the edit list does more than delay the start, drop decoder priming or say what is true anyway. */
  is_plain: boolean;
}

/** An edit that ends this much before the samples do is only rounding: a picture at most, and what pads the last frames of sound. */
const ROUNDING_SECONDS = { video: 0.05, sound: 0.1, other: 0.1 };

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
  const isDelayed = track.edits[0]?.media_time === -1;
  const leading = isDelayed ? (track.edits[0]?.duration ?? 0) / movie.timescale : 0;
  const edit = shown[0];
  const shift = leading - (edit?.media_time ?? 0) / timescale;
  const start = first / timescale + shift;
  const end = endOfSamples(samples) / timescale + shift;
  const isInOrder = track.edits.length === shown.length + (isDelayed ? 1 : 0);
  const isSingle = shown.length <= 1 && isInOrder && (edit === undefined || edit.rate === 1);
  const cut = edit === undefined ? end : shown.length === 1 ? cutOf(edit, { movie, leading, end }) : leading + lengthOf(movie, track);
  return {
    start_seconds: start,
    end_seconds: end,
    from_seconds: edit === undefined ? start : Math.max(start, leading),
    cut_seconds: cut,
    shift_seconds: shift,
    is_single: isSingle,
    is_plain: isSingle && cut >= end - ROUNDING_SECONDS[track.kind],
  };
}

/** The file's first moment: what a fragmented recording that starts in the middle of a stream has to be moved by. At least 0. */
export function originOf(spans: readonly (Span | null)[]): number {
  const starts = spans.filter((span) => span !== null).map((span) => span.from_seconds);
  return starts.length === 0 ? 0 : Math.max(0, Math.min(...starts));
}

type Edit = Track['edits'][number];

function cutOf(edit: Edit, { movie, leading, end }: { movie: Pick<Movie, 'timescale'>; leading: number; end: number }): number {
  // a duration of 0 means "all there is" in a fragmented file
  return edit.duration > 0 ? Math.min(end, leading + edit.duration / movie.timescale) : end;
}

/** Several edits are shown one after another; of the last no more than there are samples for. */
function lengthOf(movie: Pick<Movie, 'timescale'>, { edits, samples, timescale }: Track): number {
  const rest = edits[0]?.media_time === -1 ? edits.slice(1) : edits;
  const last = rest.at(-1);
  const before = rest.slice(0, -1).reduce((sum, edit) => sum + edit.duration, 0) / movie.timescale;
  if (last === undefined || last.media_time < 0) {
    return before;
  }
  const left = (endOfSamples(samples) - last.media_time) / timescale;
  return before + Math.max(0, last.duration > 0 ? Math.min(last.duration / movie.timescale, left) : left);
}
