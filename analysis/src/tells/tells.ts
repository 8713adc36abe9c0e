import { SIGNALS, type Signal, scaled } from './signals.ts';

/** One signal of one segment. */
export interface Tell {
  value: number | null;
  unit: string;
  /** Value less the mean of the author's other segments, in `unit`; null where either is missing. */
  difference: number | null;
  /** The difference in standard deviations that chance alone would give it; null where that is not known. */
  effect: number | null;
}

/** Measured signals, no verdict: which segment stands out by what, if any does. */
export interface Tells {
  segments: { signals: Record<string, Tell> }[];
  /** The largest effect, where chance alone would rarely give it; `null`: no clear signal. */
  strongest: { segment_index: number; signal: string; effect: number; direction: 'higher' | 'lower' } | null;
}

/** How often a challenge with nothing in it may show a strongest signal, at most. */
const FALSE_ALARMS = 0.1;
/** How many observations the known spread counts for beside what the other segments show. */
const PRIOR_WEIGHT = 8;

/**
 * Holds each segment against the author's other segments, signal by signal. Names as in `SIGNALS`, of face and voice together; the lie is neither asked for nor
 * guessed at.
 *
 * effect = d / (s * sqrt(1 + 1/n)), on the signal's scale: d is the value less the mean of the n others, s² = (8 * spread² + v) / 9 with v the variance
 * of the others, so that a person who varies much needs more to stand out. With m effects known, the strongest is clear from sqrt(2 ln(m / 0.1)) on: by
 * Chernoff's and Boole's bounds pure normal noise of that spread stays below in at least 90 of 100 challenges, however the signals hang together.
 */
export function tellsOf(segments: Record<string, number | null>[]): Tells {
  const names = [...new Set(segments.flatMap((segment) => Object.keys(segment)))].sort();
  const told = segments.map((segment, index) => ({
    signals: Object.fromEntries(
      names.map((name) => {
        const others = segments.filter((_, i) => i !== index).flatMap((other) => numberOf(other[name]));
        return [name, tellOf(numberOf(segment[name])[0] ?? null, others, SIGNALS[name])];
      }),
    ),
  }));
  return { segments: told, strongest: strongestOf(told) };
}

function numberOf(value: number | null | undefined): number[] {
  return typeof value === 'number' && Number.isFinite(value) ? [value] : [];
}

function tellOf(value: number | null, others: number[], signal: Signal | undefined): Tell {
  const unit = signal?.unit ?? '';
  if (value === null || others.length === 0) {
    return { value, unit, difference: null, effect: null };
  }
  return { value, unit, difference: value - mean(others), effect: signal ? effectOf(value, others, signal) : null };
}

function effectOf(value: number, others: number[], { scale, spread }: Signal): number {
  const rest = others.map((other) => scaled(other, scale));
  const difference = scaled(value, scale) - mean(rest);
  const freedom = rest.length - 1;
  const squares = rest.reduce((sum, other) => sum + (other - mean(rest)) ** 2, 0);
  const variance = (PRIOR_WEIGHT * spread ** 2 + squares) / (PRIOR_WEIGHT + freedom);
  return difference / Math.sqrt(variance * (1 + 1 / rest.length));
}

function strongestOf(segments: Tells['segments']): Tells['strongest'] {
  const effects = segments.flatMap(({ signals }, segment_index) =>
    Object.entries(signals).flatMap(([signal, { effect }]) => (effect === null ? [] : [{ segment_index, signal, effect }])),
  );
  const clear = Math.sqrt(2 * Math.log(Math.max(1, effects.length) / FALSE_ALARMS));
  const [first] = effects.sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect));
  if (!first || Math.abs(first.effect) < clear) {
    return null;
  }
  return { ...first, direction: first.effect > 0 ? 'higher' : 'lower' };
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
