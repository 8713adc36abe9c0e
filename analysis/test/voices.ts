import { execFileSync } from 'node:child_process';

const RATE = 16_000;
/** Formants of a neutral vowel: Hz and bandwidth. */
const FORMANTS = [
  [500, 220],
  [1500, 260],
  [2500, 320],
] as const;

/** Chance that is the same in each run: 0 <= x < 1. */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 4_294_967_296;
  };
}

/** One value for each sample of `seconds`. */
export function samplesOf(seconds: number, value: (t: number) => number): Float32Array {
  return Float32Array.from({ length: Math.round(seconds * RATE) }, (_, i) => value(i / RATE));
}

/** A vowel: at each pulse (`at` in seconds, not bound to samples) three formants ring, as loud as `level`. */
export function vowel(seconds: number, pulses: { at: number; level: number }[]): Float32Array {
  const sound = new Float32Array(Math.round(seconds * RATE));
  for (const { at, level } of pulses) {
    const first = Math.ceil(at * RATE);
    for (let i = first; i < Math.min(sound.length, first + 500); i++) {
      const t = i / RATE - at;
      let value = 0;
      for (const [hz, band] of FORMANTS) {
        value += Math.exp(-Math.PI * band * t) * Math.sin(2 * Math.PI * hz * t);
      }
      sound[i] = (sound[i] ?? 0) + 0.15 * level * value;
    }
  }
  return sound;
}

/** Pulses whose rate follows `hz`; `wobble` and `flutter` change each period and level by that share at most, by chance. */
export function pulses(
  seconds: number,
  hz: (t: number) => number,
  { wobble = 0, flutter = 0, seed = 1 } = {},
): { at: number; level: number }[] {
  const next = chance(seed);
  const list: { at: number; level: number }[] = [];
  for (let at = 0.001; at < seconds; ) {
    list.push({ at, level: 1 + flutter * (2 * next() - 1) });
    at += (1 / hz(at)) * (1 + wobble * (2 * next() - 1));
  }
  return list;
}

/** What flite says: a synthetic voice, cut to `seconds` where given. */
export function spoken(text: string, voice: 'slt' | 'kal' | 'rms' | 'awb', seconds = 60): Float32Array {
  const source = ['-f', 'lavfi', '-i', `flite=text='${text}':voice=${voice}`, '-t', String(seconds)];
  const bytes = execFileSync('ffmpeg', ['-nostdin', '-loglevel', 'error', ...source, '-ac', '1', '-ar', String(RATE), '-f', 'f32le', '-']);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~3)));
}

/** One sound after another. */
export function joined(...sounds: Float32Array[]): Float32Array {
  const all = new Float32Array(sounds.reduce((sum, sound) => sum + sound.length, 0));
  let at = 0;
  for (const sound of sounds) {
    all.set(sound, at);
    at += sound.length;
  }
  return all;
}
