import { STEP_SECONDS } from './frames.ts';
import type { Measured } from './measure.ts';
import { quantile } from './statistics.ts';

export interface SpeechEvidence {
  voicedSeconds: number;
  peak: number;
  step: number;
  strength: number;
  snr: number;
  energyRange: number;
  rate: number;
  span: number;
  drift: number;
}

/** dev */
export function evidence({ pitch, frames, energy, stretches, nuclei, samples }: Measured): SpeechEvidence {
  const steps: number[] = [];
  const strengths: number[] = [];
  const levels: number[] = [];
  let voiced = 0;
  for (let i = 0; i < pitch.hz.length; i++) {
    const hz = pitch.hz[i] ?? 0;
    if (hz > 0) {
      voiced++;
      strengths.push(pitch.strength[i] ?? 0);
      levels.push(energy[Math.round((frames.start_seconds + i * STEP_SECONDS) / 0.005)] ?? 0);
      const last = pitch.hz[i - 1] ?? 0;
      if (last > 0) steps.push(Math.abs(12 * Math.log2(hz / last)));
    }
  }
  let peak = 0;
  for (const s of samples) peak = Math.max(peak, Math.abs(s));
  const spoken = stretches.reduce((sum, stretch) => sum + stretch.to - stretch.from, 0);
  return {
    voicedSeconds: voiced * STEP_SECONDS,
    peak,
    step: quantile(steps, 0.5),
    drift: quantile(steps, 0.25),
    strength: quantile(strengths, 0.5),
    snr: quantile(levels, 0.8) - quantile(energy, 0.05),
    energyRange: quantile(levels, 0.9) - quantile(levels, 0.1),
    rate: nuclei.length / Math.max(0.1, spoken),
    span: spoken,
  };
}
