import { STEP_SECONDS } from './frames.ts';
import { vertex } from './interpolate.ts';
import type { Pitch } from './pitch-path.ts';
import { SAMPLE_RATE } from './types.ts';

/** Neighbouring periods less alike than this are not counted as voice. */
const ALIKE_MIN = 0.3;
/** One mark may stand past the edge of a voiced stretch if its period is that much like its neighbour. */
const ALIKE_AT_EDGE = 0.7;
/** Periods quieter than this share of the loudest sample are none. */
const PEAK_MIN = 0.01;

/**
 * The glottal periods as marks in seconds, ascending. In each voiced stretch the first mark is the extremum nearest its middle; from there each next
 * mark lies 0.8 to 1.25 periods on, where the sound around it is most like the sound around the last one (cross-correlation over one period, with
 * a parabola between samples), as the manual of Praat describes "To PointProcess (cc)".
 */
export function glottalMarks(samples: Float32Array, pitch: Pitch, startSeconds: number): number[] {
  const loudest = peakOf(samples, 0, samples.length);
  const sound = { samples, squares: runningSquares(samples) };
  const marks: number[] = [];
  for (const [first, last] of voicedRuns(pitch.hz)) {
    const from = startSeconds + (first - 0.5) * STEP_SECONDS;
    const to = startSeconds + (last + 0.5) * STEP_SECONDS;
    const periodAt = (seconds: number) => 1 / pitchAt(pitch.hz, first, last, (seconds - startSeconds) / STEP_SECONDS);
    const middle = extremum(samples, (from + to) / 2, periodAt((from + to) / 2));
    const after = marks.at(-1) ?? -1;
    const keep = (mark: number) => mark - after > 0.8 * periodAt(mark);
    const walk = (direction: 1 | -1) => walkFrom(sound, middle, { direction, from, to, loudest, periodAt });
    marks.push(...walk(-1).reverse().filter(keep), middle, ...walk(1));
  }
  return marks;
}

interface Sound {
  samples: Float32Array;
  /** Place i holds the sum of the squares before sample i. */
  squares: Float64Array;
}

function runningSquares(samples: Float32Array): Float64Array {
  const squares = new Float64Array(samples.length + 1);
  for (let i = 0; i < samples.length; i++) {
    squares[i + 1] = (squares[i] ?? 0) + (samples[i] ?? 0) ** 2;
  }
  return squares;
}

interface Walk {
  direction: 1 | -1;
  from: number;
  to: number;
  loudest: number;
  periodAt: (seconds: number) => number;
}

function walkFrom(sound: Sound, start: number, walk: Walk): number[] {
  const marks: number[] = [];
  let at = start;
  for (;;) {
    const period = walk.periodAt(at);
    const found = mostAlike(sound, at, period, walk.direction);
    if (found === null) {
      at += walk.direction * period;
    } else {
      at = found.at;
    }
    const isOutside = at < walk.from || at > walk.to;
    const peakMin = (isOutside ? 2.3 : 1) * PEAK_MIN * walk.loudest;
    if (found !== null && found.likeness > (isOutside ? ALIKE_AT_EDGE : ALIKE_MIN) && found.peak > peakMin) {
      marks.push(at);
    }
    if (isOutside) {
      return marks;
    }
  }
}

/** The first and last frame of each voiced stretch. */
export function voicedRuns(hz: Float64Array): [number, number][] {
  const runs: [number, number][] = [];
  let first = -1;
  for (let i = 0; i <= hz.length; i++) {
    const isVoiced = (hz[i] ?? 0) > 0;
    if (isVoiced && first < 0) {
      first = i;
    }
    if (!isVoiced && first >= 0) {
      runs.push([first, i - 1]);
      first = -1;
    }
  }
  return runs;
}

function pitchAt(hz: Float64Array, first: number, last: number, frame: number): number {
  const at = Math.min(last, Math.max(first, frame));
  const left = Math.min(Math.floor(at), last);
  const right = Math.min(left + 1, last);
  return (hz[left] ?? 0) + (at - left) * ((hz[right] ?? 0) - (hz[left] ?? 0));
}

function peakOf(samples: Float32Array, from: number, to: number): number {
  let peak = 0;
  for (let i = Math.max(0, from); i < Math.min(to, samples.length); i++) {
    peak = Math.max(peak, Math.abs(samples[i] ?? 0));
  }
  return peak;
}

/** Seconds of the sample farthest from zero within one period around `middle`. */
function extremum(samples: Float32Array, middle: number, period: number): number {
  const from = Math.max(0, Math.round((middle - period / 2) * SAMPLE_RATE));
  const to = Math.min(samples.length - 1, Math.round((middle + period / 2) * SAMPLE_RATE));
  let at = from;
  for (let i = from; i <= to; i++) {
    if (Math.abs(samples[i] ?? 0) > Math.abs(samples[at] ?? 0)) {
      at = i;
    }
  }
  const height = (i: number) => Math.abs(samples[i] ?? 0);
  return (at + 0.5 + vertex(height(at - 1), height(at), height(at + 1)).offset) / SAMPLE_RATE;
}

/** Where, 0.8 to 1.25 periods on, one period of sound is most like the period around `mark`; `null` where there is no sound to compare. */
function mostAlike(sound: Sound, mark: number, period: number, direction: 1 | -1): { at: number; likeness: number; peak: number } | null {
  const left = Math.round((mark - period / 2) * SAMPLE_RATE - 0.5);
  const right = Math.round((mark + period / 2) * SAMPLE_RATE - 0.5);
  const near = mark + direction * 0.8 * period;
  const far = mark + direction * 1.25 * period;
  const lowest = Math.floor((Math.min(near, far) - period / 2) * SAMPLE_RATE - 0.5);
  const highest = Math.ceil((Math.max(near, far) - period / 2) * SAMPLE_RATE - 0.5);
  const length = right - left + 1;
  if (left < 0 || right >= sound.samples.length) {
    return null;
  }
  let best = -1;
  let bestAt = 0;
  let offset = 0;
  let [before, last] = [0, 0];
  for (let start = lowest; start <= highest; start++) {
    const here = likeness(sound, left, start, length);
    if (last > best && last >= before && last >= here) {
      const top = vertex(before, last, here);
      best = last;
      bestAt = start - 1;
      offset = top.offset;
    }
    before = last;
    last = here;
  }
  if (best < 0) {
    return null;
  }
  return { at: mark + (bestAt + offset - left) / SAMPLE_RATE, likeness: best, peak: peakOf(sound.samples, bestAt, bestAt + length) };
}

function likeness({ samples, squares }: Sound, left: number, start: number, length: number): number {
  if (start < 0 || start + length > samples.length) {
    return 0;
  }
  let product = 0;
  for (let i = 0; i < length; i++) {
    product += (samples[left + i] ?? 0) * (samples[start + i] ?? 0);
  }
  const own = (squares[left + length] ?? 0) - (squares[left] ?? 0);
  const other = (squares[start + length] ?? 0) - (squares[start] ?? 0);
  return own > 1e-12 && other > 1e-12 ? product / Math.sqrt(own * other) : 0;
}
