import FFT from 'fft.js';
import { peakNear, vertex } from './interpolate.ts';
import { SAMPLE_RATE } from './types.ts';

/** Seconds from one frame to the next. */
export const STEP_SECONDS = 0.01;
/** The range of pitches that is looked for, Hz. */
export const PITCH_FLOOR = 75;
export const PITCH_CEILING = 600;
/** Candidates kept of each frame. */
export const CANDIDATES = 12;
/** Edges of the bands in Hz: equal steps in mel from 60 Hz to 5 kHz. Nothing above is read: much speech reaches us through narrow codecs. */
export const BAND_EDGES = melEdges(60, 5_000, 22);
/** Number of bands. */
export const BANDS = BAND_EDGES.length - 1;

/** An autocorrelation peak below this is no candidate. */
const STRENGTH_MIN = 0.225;
/** Three periods of the lowest pitch. */
const WINDOW = Math.round((3 * SAMPLE_RATE) / PITCH_FLOOR);
const FFT_SIZE = 1024;
const LONGEST_PERIOD = Math.floor(SAMPLE_RATE / PITCH_FLOOR);
const LAG_MAX = Math.floor(WINDOW / 3) + 2;
/** Lags that the interpolation may read. */
const LAGS = WINDOW / 2;

/** What the first pass says of each of `count` frames; frame i is centred at `start_seconds + i * STEP_SECONDS`. */
export interface Frames {
  count: number;
  start_seconds: number;
  /** Largest |sample| under the window near the middle. */
  peak: Float64Array;
  /** Frequencies in Hz, `CANDIDATES` places a frame, `found` of them filled. */
  frequency: Float64Array;
  /** Height of the normalised autocorrelation at the candidate, 0 to 1. */
  strength: Float64Array;
  found: Uint8Array;
  /** Power in each band, `BANDS` places a frame. */
  bands: Float32Array;
}

/**
 * Cuts a sound into frames and reads pitch candidates and band powers off each: a Hann window of three longest periods, its power spectrum, and
 * the autocorrelation divided by the window's own (P. Boersma 1993, Proc. Institute of Phonetic Sciences 17: 97-110). Call `read(i)` once for
 * each i, in any order. A sound shorter than the window gives no frame.
 */
export function frameReader(samples: Float32Array): { frames: Frames; read: (index: number) => void } {
  const seconds = samples.length / SAMPLE_RATE;
  const count = samples.length < WINDOW ? 0 : Math.floor((seconds - WINDOW / SAMPLE_RATE) / STEP_SECONDS + 1e-9) + 1;
  const frames: Frames = {
    count,
    start_seconds: 0.5 * (seconds - (count - 1) * STEP_SECONDS),
    peak: new Float64Array(count),
    frequency: new Float64Array(count * CANDIDATES),
    strength: new Float64Array(count * CANDIDATES),
    found: new Uint8Array(count),
    bands: new Float32Array(count * BANDS),
  };
  const window = Float64Array.from({ length: WINDOW }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / WINDOW));
  const spectrum = spectrumOf();
  spectrum.input.set(window);
  const ofWindow = spectrum.correlate().slice();
  const correlation = new Float64Array(LAGS);

  function read(index: number): void {
    const middle = Math.floor((frames.start_seconds + index * STEP_SECONDS) * SAMPLE_RATE + 0.5);
    frames.peak[index] = cut(samples, middle, window, spectrum.input);
    const ofFrame = spectrum.correlate();
    addBands(spectrum.power, frames.bands, index * BANDS);
    const whole = ofFrame[0] ?? 0;
    if (whole <= 0) {
      return;
    }
    const scale = (ofWindow[0] ?? 1) / whole;
    for (let lag = 0; lag < LAGS; lag++) {
      correlation[lag] = ((ofFrame[lag] ?? 0) * scale) / (ofWindow[lag] ?? 1);
    }
    addCandidates(correlation, frames, index);
  }
  return { frames, read };
}

/** Copies the frame around `middle` under the window, without its local mean, and gives its peak. */
function cut(samples: Float32Array, middle: number, window: Float64Array, into: Float64Array): number {
  let mean = 0;
  const from = Math.max(0, middle - LONGEST_PERIOD);
  const to = Math.min(samples.length, middle + LONGEST_PERIOD);
  for (let i = from; i < to; i++) {
    mean += samples[i] ?? 0;
  }
  mean /= Math.max(1, to - from);
  const first = middle - WINDOW / 2;
  let peak = 0;
  for (let i = 0; i < WINDOW; i++) {
    const value = ((samples[first + i] ?? mean) - mean) * (window[i] ?? 0);
    into[i] = value;
    if (Math.abs(i - WINDOW / 2) <= LONGEST_PERIOD / 2 && Math.abs(value) > peak) {
      peak = Math.abs(value);
    }
  }
  return peak;
}

/** The transform of one frame: fill `input`, call `correlate`, read `power` (half of it) and the lags that it gives. */
function spectrumOf(): { input: Float64Array; power: Float64Array; correlate: () => Float64Array } {
  const fft = new FFT(FFT_SIZE);
  const input = new Float64Array(FFT_SIZE);
  const power = new Float64Array(FFT_SIZE);
  const out = new Float64Array(2 * FFT_SIZE);
  const lags = new Float64Array(LAGS);
  function correlate(): Float64Array {
    fft.realTransform(out, input);
    for (let k = 0; k <= FFT_SIZE / 2; k++) {
      const re = out[2 * k] ?? 0;
      const im = out[2 * k + 1] ?? 0;
      power[k] = re * re + im * im;
      power[(FFT_SIZE - k) % FFT_SIZE] = power[k] ?? 0;
    }
    // The power spectrum is even, so that its forward transform is its inverse but for the scale.
    fft.realTransform(out, power);
    for (let lag = 0; lag < LAGS; lag++) {
      lags[lag] = out[2 * lag] ?? 0;
    }
    return lags;
  }
  return { input, power, correlate };
}

function addCandidates(correlation: Float64Array, frames: Frames, index: number): void {
  const base = index * CANDIDATES;
  let found = 0;
  const shortest = Math.max(2, Math.floor(SAMPLE_RATE / PITCH_CEILING / 2));
  for (let lag = shortest; lag < LAG_MAX; lag++) {
    const here = correlation[lag] ?? 0;
    const before = correlation[lag - 1] ?? 0;
    const after = correlation[lag + 1] ?? 0;
    if (here < STRENGTH_MIN || here <= before || here < after) {
      continue;
    }
    const peak = peakNear(correlation, lag + vertex(before, here, after).offset);
    const frequency = SAMPLE_RATE / peak.at;
    // Short windows can lift a peak over 1; it is mirrored.
    const strength = peak.value > 1 ? 1 / peak.value : peak.value;
    if (frequency < PITCH_FLOOR || frequency > PITCH_CEILING) {
      continue;
    }
    let place = found;
    if (found === CANDIDATES) {
      place = weakest(frames.strength, base);
      if ((frames.strength[base + place] ?? 0) >= strength) {
        continue;
      }
    } else {
      found++;
    }
    frames.frequency[base + place] = frequency;
    frames.strength[base + place] = strength;
  }
  frames.found[index] = found;
}

function weakest(strength: Float64Array, base: number): number {
  let place = 0;
  for (let i = 1; i < CANDIDATES; i++) {
    if ((strength[base + i] ?? 0) < (strength[base + place] ?? 0)) {
      place = i;
    }
  }
  return place;
}

const BIN_HZ = SAMPLE_RATE / FFT_SIZE;
const EDGE_BINS = BAND_EDGES.map((hz) => Math.round(hz / BIN_HZ));

function addBands(power: Float64Array, bands: Float32Array, base: number): void {
  for (let band = 0; band < BANDS; band++) {
    let sum = 0;
    for (let k = EDGE_BINS[band] ?? 0; k < (EDGE_BINS[band + 1] ?? 0); k++) {
      sum += power[k] ?? 0;
    }
    bands[base + band] = sum;
  }
}

function melEdges(from: number, to: number, bands: number): number[] {
  const mel = (hz: number) => 2595 * Math.log10(1 + hz / 700);
  const hz = (value: number) => 700 * (10 ** (value / 2595) - 1);
  return Array.from({ length: bands + 1 }, (_, i) => hz(mel(from) + ((mel(to) - mel(from)) * i) / bands));
}
