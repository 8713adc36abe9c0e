import { ENERGY_STEP_SECONDS } from './energy.ts';
import { quantile } from './statistics.ts';

/** A nucleus is this much louder than the dip that follows it, dB. */
const DIP_DB = 2;
/** And no quieter than this under the loudest speech (the 99th percentile), dB. */
const RANGE_DB = 25;

/**
 * Syllable nuclei in seconds, ascending, after N. de Jong and T. Wempe (2009, Behavior Research Methods 41: 385-390; their script of 2010): maxima of the
 * energy curve that are loud enough, voiced, and followed by a dip before the next such maximum. As there, the last maximum of all is none.
 * @param energy dB, as `energyCurve` gives it
 */
export function syllableNuclei(energy: Float64Array, isVoicedAt: (seconds: number) => boolean): number[] {
  const floor = quantile(energy, 0.99) - RANGE_DB;
  const nuclei: number[] = [];
  let peak: number | null = null;
  let dip = Infinity;
  for (const [i, value] of energy.entries()) {
    dip = Math.min(dip, value);
    const isMaximum = value > (energy[i - 1] ?? Infinity) && value >= (energy[i + 1] ?? Infinity);
    if (!isMaximum || value <= floor) {
      continue;
    }
    if (peak !== null && (energy[peak] ?? 0) - dip > DIP_DB && isVoicedAt(secondsOf(peak))) {
      nuclei.push(secondsOf(peak));
    }
    peak = i;
    dip = value;
  }
  return nuclei;
}

function secondsOf(index: number): number {
  return (index + 0.5) * ENERGY_STEP_SECONDS;
}
