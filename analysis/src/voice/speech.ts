import { ENERGY_STEP_SECONDS } from './energy.ts';
import { STEP_SECONDS } from './frames.ts';
import type { Measured } from './measure.ts';
import { voicedRuns } from './periods.ts';
import { quantile } from './statistics.ts';

/** Less voice than this carries no figure: half a syllable. */
const VOICED_MIN_SECONDS = 0.15;
/** Nobody speaks this long on average without an unvoiced sound or a breath; held notes do. */
const RUN_MAX_SECONDS = 2.5;

/**
 * Whether the voiced parts are speech, and how much the figures may be trusted, 0 to 1. Speech is told from tones, hum and notes by what a held pitch lacks:
 * the pitch of speech moves from frame to frame, its level rises and falls with the syllables, and it stops. Bounds lie outside what
 * 5,798 clips of speech and synthetic voices show. Singing and much music with a lead voice pass.
 */
export function speechConfidence(measured: Measured): { isSpeech: boolean; confidence: number } {
  const { pitch, frames, energy, nuclei } = measured;
  const runs = voicedRuns(pitch.hz);
  const levels: number[] = [];
  const steps: number[] = [];
  for (const [first, last] of runs) {
    for (let i = first; i <= last; i++) {
      levels.push(energy[Math.round((frames.start_seconds + i * STEP_SECONDS) / ENERGY_STEP_SECONDS)] ?? 0);
      if (i > first) {
        steps.push(Math.abs(12 * Math.log2((pitch.hz[i] ?? 1) / (pitch.hz[i - 1] ?? 1))));
      }
    }
  }
  const voicedSeconds = levels.length * STEP_SECONDS;
  if (voicedSeconds < VOICED_MIN_SECONDS || nuclei.length === 0 || voicedSeconds / runs.length > RUN_MAX_SECONDS) {
    return { isSpeech: false, confidence: 0 };
  }
  const movesInPitch = ramp(quantile(steps, 0.25), 0.012, 0.032);
  const movesInLevel = ramp(quantile(levels, 0.9) - quantile(levels, 0.1), 1.5, 4.5);
  const isSpeech = Math.min(movesInPitch, movesInLevel) >= 0.5;
  const overNoise = quantile(levels, 0.8) - quantile(energy, 0.05);
  const amount = 1 - Math.exp(-voicedSeconds / 1.5);
  const confidence = amount * (0.3 + 0.7 * ramp(overNoise, 3, 25)) * movesInPitch * movesInLevel;
  return { isSpeech, confidence: isSpeech ? confidence : 0 };
}

/** 0 up to `from`, 1 from `to` on, straight between. */
function ramp(value: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}
