import { SAMPLE_RATE } from './types.ts';

/** Seconds from one value to the next. */
export const ENERGY_STEP_SECONDS = 0.005;
/** dB given where there is nothing at all. */
export const SILENCE_DB = -120;

/** A block of samples summed before the window, in samples and seconds: 1 ms. */
const BLOCK = SAMPLE_RATE / 1000;
const BLOCKS_A_STEP = (ENERGY_STEP_SECONDS * SAMPLE_RATE) / BLOCK;
/** Reach and width of the bell in blocks: it takes in what a 64 ms window does, the one that the counting of syllables was published with. */
const REACH = 64;
const SIGMA = 14.2;

/**
 * The power of the sound in dB relative to full scale, smoothed by a bell of 64 ms, without its constant part; value i lies at
 * `(i + 0.5) * ENERGY_STEP_SECONDS`.
 */
export function energyCurve(samples: Float32Array): Float64Array {
  const blocks = blockPowers(samples);
  const bell = Float64Array.from({ length: 2 * REACH }, (_, i) => Math.exp(-0.5 * ((i + 0.5 - REACH) / SIGMA) ** 2));
  const curve = new Float64Array(Math.ceil(blocks.length / BLOCKS_A_STEP));
  for (let i = 0; i < curve.length; i++) {
    const middle = Math.round((i + 0.5) * BLOCKS_A_STEP);
    let sum = 0;
    let weights = 0;
    for (let k = -REACH; k < REACH; k++) {
      const block = middle + k;
      if (block >= 0 && block < blocks.length) {
        sum += (bell[k + REACH] ?? 0) * (blocks[block] ?? 0);
        weights += bell[k + REACH] ?? 0;
      }
    }
    curve[i] = weights > 0 && sum > 0 ? Math.max(SILENCE_DB, 10 * Math.log10(sum / weights)) : SILENCE_DB;
  }
  return curve;
}

/** Mean power of each millisecond, after a high pass at 40 Hz that takes constant parts and rumble away. */
function blockPowers(samples: Float32Array): Float64Array {
  const powers = new Float64Array(Math.floor(samples.length / BLOCK));
  const keep = Math.exp((-2 * Math.PI * 40) / SAMPLE_RATE);
  let slow = samples[0] ?? 0;
  for (let block = 0; block < powers.length; block++) {
    let sum = 0;
    for (let i = block * BLOCK; i < (block + 1) * BLOCK; i++) {
      const value = samples[i] ?? 0;
      slow = keep * slow + (1 - keep) * value;
      sum += (value - slow) ** 2;
    }
    powers[block] = sum / BLOCK;
  }
  return powers;
}
