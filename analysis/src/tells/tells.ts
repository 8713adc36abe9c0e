import { type Seconds, SIGNALS, type Signal, scaled } from './signals.ts';

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

/** One clip as it is compared: its signals by the names of `SIGNALS`, and the seconds that they stand on. */
export interface Compared {
  signals: Record<string, number | null>;
  seconds: Seconds;
}

/** How often a challenge with nothing in it may show a strongest signal, at most. */
const FALSE_ALARMS = 0.1;
/** How many observations the known spread counts for beside what the person's statements show. */
const PRIOR_WEIGHT = 8;

/**
 * Holds each segment against the author's other segments, signal by signal, of face and voice together; `earlier`, the clips of other challenges of
 * the same person, say how much that person varies anyway. The lie is neither asked for nor guessed at.
 *
 * effect = d / sqrt(s² (1 + 1/n) + c/T + sum of c/T_i / n²), on the signal's scale: d is the value less the mean of the n others, and c/T the
 * signal's noise in a clip of T seconds, so that a short clip needs more to stand out. So does a person who varies much:
 * s² = spread² (8 + sum of w q) / (8 + sum of w f), over the n others and each earlier challenge's clips, q their squares about their mean over
 * spread² and noise, f their degrees of freedom, and w = (spread² / (spread² + noise))² how much they can tell of the spread at all (the Fisher
 * information of a variance beside a known noise). With m effects known, the strongest is clear from sqrt(2 ln(m / 0.1)) on: by Chernoff's and
 * Boole's bounds pure normal noise of that spread stays below in at least 90 of 100 challenges, however the signals hang together.
 */
export function tellsOf(segments: Compared[], earlier: Compared[][] = []): Tells {
  const names = [...new Set(segments.flatMap(({ signals }) => Object.keys(signals)))].sort();
  const told = segments.map((segment, index) => {
    const others = segments.filter((_, i) => i !== index);
    return { signals: Object.fromEntries(names.map((name) => [name, tellOf(name, segment, others, earlier)])) };
  });
  return { segments: told, strongest: strongestOf(told) };
}

/** A signal's value in one clip, also on its scale, with the variance of the noise there. */
interface Reading {
  value: number;
  scaled: number;
  noise: number;
}

function tellOf(name: string, segment: Compared, others: Compared[], earlier: Compared[][]): Tell {
  const signal = SIGNALS[name];
  const unit = signal?.unit ?? '';
  const [own] = readingsOf(name, [segment]);
  const rest = readingsOf(name, others);
  if (own === undefined || rest.length === 0) {
    return { value: own?.value ?? null, unit, difference: null, effect: null };
  }
  const groups = [rest, ...earlier.map((clips) => readingsOf(name, clips))];
  const effect = signal === undefined ? null : effectOf(own, rest, varianceOf(groups, signal));
  return { value: own.value, unit, difference: own.value - mean(rest.map(({ value }) => value)), effect };
}

function readingsOf(name: string, clips: Compared[]): Reading[] {
  const { scale, noise, of } = SIGNALS[name] ?? { scale: 'linear', noise: 0, of: 'face' };
  return clips.flatMap(({ signals, seconds }) => {
    const value = signals[name];
    return typeof value === 'number' && Number.isFinite(value) ? [{ value, scaled: scaled(value, scale), noise: noise / seconds[of] }] : [];
  });
}

/** How much the signal varies between this person's clips besides its noise: what is known of everybody, and each group's clips about their mean. */
function varianceOf(groups: Reading[][], { spread }: Signal): number {
  let [squares, weights] = [PRIOR_WEIGHT, PRIOR_WEIGHT];
  for (const group of groups) {
    const clips = group.filter(({ noise }) => Number.isFinite(noise));
    if (clips.length > 1) {
      const middle = mean(clips.map((clip) => clip.scaled));
      const expected = spread ** 2 + mean(clips.map(({ noise }) => noise));
      const weight = (spread ** 2 / expected) ** 2;
      squares += (weight * clips.reduce((sum, clip) => sum + (clip.scaled - middle) ** 2, 0)) / expected;
      weights += weight * (clips.length - 1);
    }
  }
  return (spread ** 2 * squares) / weights;
}

/** Null where a clip is too short to tell its noise. */
function effectOf(own: Reading, rest: Reading[], variance: number): number | null {
  const difference = own.scaled - mean(rest.map((other) => other.scaled));
  const noise = own.noise + rest.reduce((sum, other) => sum + other.noise, 0) / rest.length ** 2;
  const chance = variance * (1 + 1 / rest.length) + noise;
  return Number.isFinite(chance) ? difference / Math.sqrt(chance) : null;
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
