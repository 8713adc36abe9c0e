import type { Pitch } from './pitch-path.ts';
import { SAMPLE_RATE, type VoiceQuality } from './types.ts';

/** Seconds that a period may last, and how much neighbours may differ before they are no longer taken for one voice (the limits usual with Praat). */
const PERIOD_MIN = 0.0001;
const PERIOD_MAX = 0.02;
const PERIOD_FACTOR_MAX = 1.3;
const AMPLITUDE_FACTOR_MAX = 1.6;

/** Jitter and shimmer (local) from the glottal marks, and the harmonics-to-noise ratio from the strengths of the voiced frames. */
export function voiceQuality(samples: Float32Array, marks: number[], pitch: Pitch): VoiceQuality {
  return { jitter_ratio: jitter(marks), shimmer_ratio: shimmer(samples, marks), hnr_db: harmonicity(pitch) };
}

function isPeriod(seconds: number): boolean {
  return seconds >= PERIOD_MIN && seconds <= PERIOD_MAX;
}

function arePair(one: number, other: number): boolean {
  return isPeriod(one) && isPeriod(other) && Math.max(one, other) <= PERIOD_FACTOR_MAX * Math.min(one, other);
}

/** Mean |T(i) - T(i+1)| over the mean period. */
function jitter(marks: number[]): number | null {
  let difference = 0;
  let period = 0;
  let pairs = 0;
  for (let i = 2; i < marks.length; i++) {
    const one = (marks[i - 1] ?? 0) - (marks[i - 2] ?? 0);
    const other = (marks[i] ?? 0) - (marks[i - 1] ?? 0);
    if (arePair(one, other)) {
      difference += Math.abs(one - other);
      period += (one + other) / 2;
      pairs++;
    }
  }
  return pairs === 0 ? null : difference / period;
}

/** Mean |A(i) - A(i+1)| over the mean amplitude, A the effective amplitude under a raised cosine of 0.4 periods around the mark. */
function shimmer(samples: Float32Array, marks: number[]): number | null {
  const places: { at: number; amplitude: number }[] = [];
  for (let i = 1; i < marks.length - 1; i++) {
    const at = marks[i] ?? 0;
    const left = at - (marks[i - 1] ?? 0);
    const right = (marks[i + 1] ?? 0) - at;
    if (arePair(left, right)) {
      places.push({ at, amplitude: amplitudeAt(samples, at, 0.2 * left, 0.2 * right) });
    }
  }
  let difference = 0;
  let pairs = 0;
  let sum = 0;
  for (const [i, place] of places.entries()) {
    const last = places[i - 1];
    sum += place.amplitude;
    if (last && isPeriod(place.at - last.at) && areLevel(last.amplitude, place.amplitude)) {
      difference += Math.abs(place.amplitude - last.amplitude);
      pairs++;
    }
  }
  return pairs === 0 || sum === 0 ? null : difference / pairs / (sum / places.length);
}

function areLevel(one: number, other: number): boolean {
  return Math.min(one, other) > 0 && Math.max(one, other) <= AMPLITUDE_FACTOR_MAX * Math.min(one, other);
}

function amplitudeAt(samples: Float32Array, at: number, left: number, right: number): number {
  let sum = 0;
  let weights = 0;
  const from = Math.max(0, Math.ceil((at - left) * SAMPLE_RATE - 0.5));
  const to = Math.min(samples.length - 1, Math.floor((at + right) * SAMPLE_RATE - 0.5));
  for (let i = from; i <= to; i++) {
    const seconds = (i + 0.5) / SAMPLE_RATE - at;
    const weight = (0.5 + 0.5 * Math.cos((Math.PI * seconds) / (seconds < 0 ? left : right))) ** 2;
    sum += weight * (samples[i] ?? 0) ** 2;
    weights += weight;
  }
  return weights > 0 ? Math.sqrt(sum / weights) : 0;
}

/** Mean of 10 log10(r / (1 - r)) over the voiced frames, r the autocorrelation at the pitch. */
function harmonicity(pitch: Pitch): number | null {
  let sum = 0;
  let voiced = 0;
  for (const r of pitch.strength) {
    if (r > 0) {
      sum += harmonicityOf(r);
      voiced++;
    }
  }
  return voiced === 0 ? null : sum / voiced;
}

/** dB of the harmonic part against the rest, from the normalised autocorrelation at the pitch (0 to 1). */
export function harmonicityOf(r: number): number {
  const clean = Math.min(Math.max(r, 1e-6), 1 - 1e-6);
  return 10 * Math.log10(clean / (1 - clean));
}
