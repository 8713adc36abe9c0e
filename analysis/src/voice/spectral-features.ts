import { BAND_EDGES, BANDS, type Frames } from './frames.ts';
import type { Pitch } from './pitch-path.ts';
import { line, mean, variance } from './statistics.ts';
import type { VoiceFeatures } from './types.ts';

/** Coefficients of the cepstrum that are kept. */
const CEPSTRUM = 6;
/** Only voiced frames this far under the loudest count, dB: further down lies the room. */
const RANGE_DB = 30;

/**
 * How the power of the voiced frames lies over the bands up to 5 kHz, in dB: tilt (a loud, pressed voice is flatter), its movement, and the shape as
 * cosine coefficients over mel bands. No level: each frame is read relative to itself.
 */
export function spectralFeatures(frames: Frames, pitch: Pitch): VoiceFeatures {
  const rows = voicedRows(frames, pitch);
  const balances = rows.map((row) => balance(row.powers, 1_000));
  const tilts = rows.map((row) => line(MIDDLES, row.levels).slope);
  const peaks = rows.map((row) => peakDifference(row.levels));
  const cepstra = rows.map((row) => cepstrum(row.levels));
  const moves: number[] = [];
  for (const [i, row] of rows.entries()) {
    const last = rows[i - 1];
    if (last && row.index === last.index + 1) {
      moves.push(
        Math.sqrt(mean(row.levels.map((level, band) => (level - mean(row.levels) - (last.levels[band] ?? 0) + mean(last.levels)) ** 2))),
      );
    }
  }
  const features: VoiceFeatures = {
    balance_500: mean(rows.map((row) => balance(row.powers, 500))),
    balance_1000: mean(balances),
    balance_1000_sd: Math.sqrt(variance(balances)),
    balance_2000: mean(rows.map((row) => balance(row.powers, 2_000))),
    tilt: mean(tilts),
    tilt_low: mean(rows.map((row) => line(MIDDLES.slice(0, LOW_BANDS), row.levels.slice(0, LOW_BANDS)).slope)),
    tilt_sd: Math.sqrt(variance(tilts)),
    tilt_with_energy: line(
      rows.map((row) => row.total),
      balances,
    ).slope,
    peak_difference: mean(peaks),
    peak_difference_sd: Math.sqrt(variance(peaks)),
    centre: mean(rows.map((row) => centre(row.powers))),
    movement: mean(moves),
  };
  for (let k = 0; k < CEPSTRUM; k++) {
    const values = cepstra.map((row) => row[k] ?? 0);
    features[`cepstrum_${k + 1}`] = mean(values);
    features[`cepstrum_${k + 1}_sd`] = Math.sqrt(variance(values));
  }
  return features;
}

interface Row {
  index: number;
  powers: number[];
  levels: number[];
  total: number;
}

/** Octaves over 100 Hz of each band's middle. */
const MIDDLES = Array.from({ length: BANDS }, (_, band) => Math.log2(((BAND_EDGES[band] ?? 0) + (BAND_EDGES[band + 1] ?? 0)) / 200));
/** Bands below 1 kHz. */
const LOW_BANDS = BAND_EDGES.findIndex((hz) => hz > 1_000) - 1;

function voicedRows(frames: Frames, pitch: Pitch): Row[] {
  const rows: Row[] = [];
  for (let index = 0; index < frames.count; index++) {
    if ((pitch.hz[index] ?? 0) === 0) {
      continue;
    }
    const powers = Array.from(frames.bands.subarray(index * BANDS, (index + 1) * BANDS));
    const sum = powers.reduce((total, power) => total + power, 0);
    if (sum > 0) {
      // Nothing further than 50 dB under the frame's own sum is believed.
      rows.push({ index, powers, levels: powers.map((power) => db(power + 1e-5 * sum)), total: db(sum) });
    }
  }
  const loudest = Math.max(...rows.map((row) => row.total), -Infinity);
  return rows.filter((row) => row.total > loudest - RANGE_DB);
}

function db(power: number): number {
  return 10 * Math.log10(power);
}

/** dB above `hz` against below. */
function balance(powers: number[], hz: number): number {
  let [below, above] = [0, 0];
  for (const [band, power] of powers.entries()) {
    if ((BAND_EDGES[band] ?? 0) + (BAND_EDGES[band + 1] ?? 0) < 2 * hz) {
      below += power;
    } else {
      above += power;
    }
  }
  return db((above + 1e-5 * (above + below)) / (below + 1e-5 * (above + below)));
}

/** The strongest band below 2 kHz against the strongest above, dB (after Hammarberg 1980). */
function peakDifference(levels: number[]): number {
  const cut = BAND_EDGES.findIndex((hz) => hz > 2_000) - 1;
  return Math.max(...levels.slice(0, cut)) - Math.max(...levels.slice(cut));
}

/** The middle of the power, in octaves over 100 Hz. */
function centre(powers: number[]): number {
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.reduce((total, power, band) => total + power * (MIDDLES[band] ?? 0), 0) / sum;
}

function cepstrum(levels: number[]): number[] {
  return COSINES.map((row) => row.reduce((sum, cosine, band) => sum + cosine * (levels[band] ?? 0), 0) / BANDS);
}

const COSINES = Array.from({ length: CEPSTRUM }, (_, k) =>
  Array.from({ length: BANDS }, (__, band) => Math.cos((Math.PI * (k + 1) * (band + 0.5)) / BANDS)),
);
