/** What happens to a voice on its way to us, in plain arithmetic: noise, a narrow line, a room. All take and give samples of 16 kHz. */
import { SAMPLE_RATE } from '../src/voice/types.ts';

/** Chance from a seed: 0 <= x < 1 (mulberry32, T. Ettinger). */
export function chanceOf(text: string): () => number {
  let state = [...text].reduce((hash, letter) => (Math.imul(hash, 31) + (letter.codePointAt(0) ?? 0)) | 0, 7);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The ways, each with its strength drawn by chance. */
export const DEGRADATIONS: Record<string, (samples: Float32Array, chance: () => number) => Float32Array> = {
  noise: (samples, chance) => gain(withNoise(samples, 8 + 17 * chance(), chance), chance),
  line: (samples, chance) => gain(withNoise(bandPass(samples, 300, 3_400), 20 + 10 * chance(), chance), chance),
  room: (samples, chance) => gain(withNoise(inRoom(samples, 0.2 + 0.3 * chance(), chance), 15 + 15 * chance(), chance), chance),
};

function gain(samples: Float32Array, chance: () => number): Float32Array {
  const factor = 10 ** (-0.5 - chance());
  const peak = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
  return samples.map((value) => (value / peak) * factor);
}

/** Noise that falls 3 dB an octave, `snr` dB under the mean power. */
function withNoise(samples: Float32Array, snr: number, chance: () => number): Float32Array {
  const power = samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
  let [a, b, c] = [0, 0, 0];
  // P. Kellet's three poles.
  const noise = samples.map(() => {
    const white = 2 * chance() - 1;
    a = 0.99765 * a + white * 0.099046;
    b = 0.963 * b + white * 0.2965164;
    c = 0.57 * c + white * 1.0526913;
    return a + b + c + white * 0.1848;
  });
  const own = noise.reduce((sum, value) => sum + value * value, 0) / noise.length;
  const factor = Math.sqrt(power / own / 10 ** (snr / 10));
  return samples.map((value, i) => value + factor * (noise[i] ?? 0));
}

/** Second-order high pass and two second-order low passes (R. Bristow-Johnson's cookbook). */
function bandPass(samples: Float32Array, low: number, high: number): Float32Array {
  return biquad(biquad(biquad(samples, low, true), high, false), high, false);
}

function biquad(samples: Float32Array, hz: number, isHigh: boolean): Float32Array {
  const angle = (2 * Math.PI * hz) / SAMPLE_RATE;
  const cosine = Math.cos(angle);
  const alpha = Math.sin(angle) / Math.SQRT2;
  const edge = (isHigh ? 1 + cosine : 1 - cosine) / 2 / (1 + alpha);
  const middle = (isHigh ? -2 : 2) * edge;
  const [a1, a2] = [(-2 * cosine) / (1 + alpha), (1 - alpha) / (1 + alpha)];
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  return samples.map((x) => {
    const y = edge * x + middle * x1 + edge * x2 - a1 * y1 - a2 * y2;
    [x2, x1, y2, y1] = [x1, x, y1, y];
    return y;
  });
}

/** A tail of sparse echoes that dies away by 60 dB in `seconds`, half as strong as the direct sound. */
function inRoom(samples: Float32Array, seconds: number, chance: () => number): Float32Array {
  const echoes = Array.from({ length: 60 }, () => {
    const at = 0.004 + chance() * seconds;
    return { delay: Math.round(at * SAMPLE_RATE), level: (2 * chance() - 1) * 10 ** ((-3 * at) / seconds) };
  });
  const norm = 0.7 / Math.sqrt(echoes.reduce((sum, echo) => sum + echo.level ** 2, 0));
  const out = samples.slice();
  for (const { delay, level } of echoes) {
    for (let i = delay; i < out.length; i++) {
      out[i] = (out[i] ?? 0) + norm * level * (samples[i - delay] ?? 0);
    }
  }
  return out;
}
