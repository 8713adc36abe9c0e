import { ENERGY_STEP_SECONDS } from './energy.ts';
import { STEP_SECONDS } from './frames.ts';
import type { Pitch } from './pitch-path.ts';
import { quantile } from './statistics.ts';

/** A gap in speech is a pause from this length on. */
export const PAUSE_SECONDS = 0.25;
/** Speech is no quieter than this under the level of the voiced parts, dB. */
const RANGE_DB = 25;
/** And this much over the quietest parts, dB. */
const OVER_NOISE_DB = 4;
/** Unvoiced sound counts as speech this near to a voiced frame, seconds: a consonant or two. */
const NEAR_SECONDS = 0.2;
/** A stretch with less voice than this is a click or a cough. */
const VOICED_MIN_SECONDS = 0.04;

/** A stretch of speech without a pause, in seconds. */
export interface Stretch {
  from: number;
  to: number;
}

/** Where there is speech: energy near to voice; gaps shorter than a pause are bridged. Ascending, apart by `PAUSE_SECONDS` at least. */
export function speechStretches(energy: Float64Array, pitch: Pitch, startSeconds: number): Stretch[] {
  const isVoicedAt = voicedAt(pitch, startSeconds);
  const nearness = new Float64Array(energy.length).fill(Infinity);
  const voicedLevels: number[] = [];
  for (let i = 0; i < energy.length; i++) {
    if (isVoicedAt((i + 0.5) * ENERGY_STEP_SECONDS)) {
      nearness[i] = 0;
      voicedLevels.push(energy[i] ?? 0);
    }
  }
  spread(nearness);
  const level = quantile(voicedLevels, 0.8);
  const threshold = Math.max(level - RANGE_DB, Math.min(quantile(energy, 0.05) + OVER_NOISE_DB, level - 6));
  const stretches: (Stretch & { voiced: number })[] = [];
  for (let i = 0; i < energy.length; i++) {
    if ((energy[i] ?? 0) < threshold || (nearness[i] ?? 0) * ENERGY_STEP_SECONDS > NEAR_SECONDS) {
      continue;
    }
    const from = i * ENERGY_STEP_SECONDS;
    const to = from + ENERGY_STEP_SECONDS;
    const voiced = nearness[i] === 0 ? ENERGY_STEP_SECONDS : 0;
    const last = stretches.at(-1);
    if (last && from - last.to < PAUSE_SECONDS) {
      last.to = to;
      last.voiced += voiced;
    } else {
      stretches.push({ from, to, voiced });
    }
  }
  return stretches.filter((stretch) => stretch.voiced >= VOICED_MIN_SECONDS).map(({ from, to }) => ({ from, to }));
}

/** Whether the frame nearest to a time is voiced. */
export function voicedAt(pitch: Pitch, startSeconds: number): (seconds: number) => boolean {
  return (seconds) => (pitch.hz[Math.round((seconds - startSeconds) / STEP_SECONDS)] ?? 0) > 0;
}

/** Turns 0 and Infinity into the distance to the nearest 0, in places. */
function spread(distances: Float64Array): void {
  for (let i = 1; i < distances.length; i++) {
    distances[i] = Math.min(distances[i] ?? 0, (distances[i - 1] ?? 0) + 1);
  }
  for (let i = distances.length - 2; i >= 0; i--) {
    distances[i] = Math.min(distances[i] ?? 0, (distances[i + 1] ?? 0) + 1);
  }
}
