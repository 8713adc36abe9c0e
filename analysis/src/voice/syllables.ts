import { ENERGY_STEP_SECONDS } from './energy.ts';
import { quantile } from './statistics.ts';

/** A nucleus is this much louder than the dips on both its sides, dB. */
const DIP_DB = 2;
/** And no quieter than this under the loudest speech (the 99th percentile), dB. */
const RANGE_DB = 25;

/**
 * Syllable nuclei in seconds, ascending, after N. de Jong and T. Wempe (2009, Behavior Research Methods 41: 385-390): peaks of the energy curve between
 * dips, loud enough and voiced.
 * @param energy dB, as `energyCurve` gives it
 */
export function syllableNuclei(energy: Float64Array, isVoicedAt: (seconds: number) => boolean): number[] {
  const floor = quantile(energy, 0.99) - RANGE_DB;
  const nuclei: number[] = [];
  for (const index of peaksBetweenDips(energy, DIP_DB)) {
    const seconds = (index + 0.5) * ENERGY_STEP_SECONDS;
    if ((energy[index] ?? 0) > floor && isVoicedAt(seconds)) {
      nuclei.push(seconds);
    }
  }
  return nuclei;
}

/** Indices of the maxima that rise at least `dip` over the minimum before and the minimum after them. */
function peaksBetweenDips(curve: Float64Array, dip: number): number[] {
  const peaks: number[] = [];
  let low = Infinity;
  let high = -Infinity;
  let highAt = 0;
  let isRising = false;
  for (const [i, value] of curve.entries()) {
    if (value > high) {
      high = value;
      highAt = i;
    }
    low = Math.min(low, value);
    if (isRising && value < high - dip) {
      peaks.push(highAt);
      isRising = false;
      low = value;
    } else if (!isRising && value > low + dip) {
      isRising = true;
      high = value;
      highAt = i;
    }
  }
  return peaks;
}
