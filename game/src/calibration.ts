/**
 * A player's rates and calibration: of the guesses that they called 70 % sure, were about 70 % right? Rates are never shown bare.
 */

/** Standard normal, two-sided 90 %. */
const Z_90 = 1.644854;

/**
 * The share `hits / of` with its Wilson score interval, 90 % unless another `z` is given; null for no trials.
 * E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
 */
export function wilson(hits: number, of: number, z: number = Z_90): { share: number; interval: [number, number] } | null {
  if (of <= 0) {
    return null;
  }
  const middle = (hits + z ** 2 / 2) / (of + z ** 2);
  const reach = (z / (of + z ** 2)) * Math.sqrt((hits * (of - hits)) / of + z ** 2 / 4);
  return { share: hits / of, interval: [Math.max(0, middle - reach), Math.min(1, middle + reach)] };
}

/** Guesses it takes before the plot says anything. */
export const CALIBRATION_MIN = 20;

/** Where a bin of confidences begins; the next one's beginning is its end, 1 the end of the last. */
export const CALIBRATION_EDGES = [1 / 3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] as const;

/** The bin, 0 to 6, of a confidence from 1/3 to 1. */
export function calibrationBin(confidence: number): number {
  return Math.max(
    0,
    CALIBRATION_EDGES.findLastIndex((edge) => edge <= confidence + 1e-9),
  );
}

/** What is counted of the guesses in one bin. */
export interface BinCount {
  bin: number;
  guesses: number;
  correct: number;
  /** Sum of their confidences. */
  confidence: number;
}

/** One point of the plot: how sure, and how often right, with the share's 90 % interval. */
export interface CalibrationBin {
  from: number;
  to: number;
  guesses: number;
  correct: number;
  mean_confidence: number;
  share: number;
  interval: [number, number];
}

/**
 * How sure on the whole against how often right: `fits` where the mean confidence lies in the share's 90 % interval, else `over`- or
 * `under`confident.
 */
export interface Calibration {
  guesses: number;
  mean_confidence: number;
  share: number;
  interval: [number, number];
  verdict: 'fits' | 'over' | 'under';
  /** Those with guesses, by rising confidence. */
  bins: CalibrationBin[];
}

/** The plot's numbers; null below `CALIBRATION_MIN` guesses. */
export function calibrationOf(counts: readonly BinCount[]): Calibration | null {
  const total = (key: 'guesses' | 'correct' | 'confidence') => counts.reduce((sum, count) => sum + count[key], 0);
  const guesses = total('guesses');
  const all = wilson(total('correct'), guesses);
  if (all === null || guesses < CALIBRATION_MIN) {
    return null;
  }
  const mean_confidence = total('confidence') / guesses;
  const [low, high] = all.interval;
  const verdict = mean_confidence > high ? 'over' : mean_confidence < low ? 'under' : 'fits';
  return { guesses, mean_confidence, ...all, verdict, bins: counts.flatMap(pointOf).sort((a, b) => a.from - b.from) };
}

function pointOf({ bin, guesses, correct, confidence }: BinCount): CalibrationBin[] {
  const rate = wilson(correct, guesses);
  const from = CALIBRATION_EDGES[bin];
  if (rate === null || from === undefined) {
    return [];
  }
  return [{ from, to: CALIBRATION_EDGES[bin + 1] ?? 1, guesses, correct, mean_confidence: confidence / guesses, ...rate }];
}
