import { ENERGY_STEP_SECONDS } from './energy.ts';
import { STEP_SECONDS } from './frames.ts';
import type { Measured } from './measure.ts';
import { voicedRuns } from './periods.ts';
import { harmonicityOf, voiceQuality } from './quality.ts';
import { spectralFeatures } from './spectral-features.ts';
import { line, mean, quantile, variance } from './statistics.ts';
import type { VoiceFeatures } from './types.ts';

/** Hz that semitones are counted from. */
const REFERENCE_HZ = 55;

/**
 * The raw features of one clip with speech, names as in the weights. None is an absolute level and none reads above 5 kHz, so that gain and most codecs
 * drop out; what a microphone adds to the spectrum drops out when the same person's clips are compared.
 */
export function voiceFeatures(measured: Measured): VoiceFeatures {
  return {
    ...pitchFeatures(measured),
    ...timingFeatures(measured),
    ...energyFeatures(measured),
    ...qualityFeatures(measured),
    ...spectralFeatures(measured.frames, measured.pitch),
  };
}

/** Semitones over 55 Hz. */
export function semitones(hz: number): number {
  return 12 * Math.log2(hz / REFERENCE_HZ);
}

/** Semitones; slopes in semitones a second, within voiced stretches of 50 ms and more. */
function pitchFeatures({ pitch }: Measured): VoiceFeatures {
  const voiced = Array.from(
    pitch.hz.filter((hz) => hz > 0),
    semitones,
  );
  const rises: number[] = [];
  const falls: number[] = [];
  const steps: number[] = [];
  for (const [first, last] of voicedRuns(pitch.hz)) {
    const run = Array.from(pitch.hz.subarray(first, last + 1), semitones);
    for (let i = 4; i < run.length; i++) {
      const slope = ((run[i] ?? 0) - (run[i - 4] ?? 0)) / (4 * STEP_SECONDS);
      (slope > 0 ? rises : falls).push(Math.abs(slope));
    }
    for (let i = 1; i < run.length; i++) {
      steps.push(Math.abs((run[i] ?? 0) - (run[i - 1] ?? 0)));
    }
  }
  const low = quantile(voiced, 0.1);
  const high = quantile(voiced, 0.9);
  const places = voiced.map((_, i) => i / Math.max(1, voiced.length - 1));
  return {
    pitch_median: quantile(voiced, 0.5),
    pitch_low: low,
    pitch_high: high,
    pitch_range: high - low,
    pitch_sd: Math.sqrt(variance(voiced)),
    pitch_skew: quantile(voiced, 0.5) - (low + high) / 2,
    pitch_rise: quantile(rises, 0.5),
    pitch_fall: quantile(falls, 0.5),
    pitch_step: quantile(steps, 0.5),
    pitch_trend: line(places, voiced).slope,
  };
}

/** Rates a second, lengths in seconds, shares 0 to 1. */
function timingFeatures({ stretches, pitch, nuclei }: Measured): VoiceFeatures {
  const span = (stretches.at(-1)?.to ?? 0) - (stretches[0]?.from ?? 0);
  const spoken = stretches.reduce((sum, stretch) => sum + stretch.to - stretch.from, 0);
  const runs = voicedRuns(pitch.hz).map(([first, last]) => (last - first + 1) * STEP_SECONDS);
  const voiced = runs.reduce((sum, run) => sum + run, 0);
  const gaps = nuclei.slice(1).map((at, i) => at - (nuclei[i] ?? 0));
  return {
    speaking_rate: nuclei.length / Math.max(span, 0.1),
    articulation_rate: nuclei.length / Math.max(spoken, 0.1),
    pause_share: span > 0 ? 1 - spoken / span : 0,
    voiced_share: voiced / Math.max(spoken, 0.1),
    voiced_run: mean(runs),
    voiced_runs_rate: runs.length / Math.max(spoken, 0.1),
    syllable_gap_sd: Math.sqrt(variance(gaps.filter((gap) => gap < 1))),
  };
}

/** dB, and dB a second; differences only, no level. */
function energyFeatures({ energy, stretches, pitch, frames }: Measured): VoiceFeatures {
  const spoken: number[] = [];
  const rises: number[] = [];
  const falls: number[] = [];
  const span = 6;
  for (const stretch of stretches) {
    const first = Math.round(stretch.from / ENERGY_STEP_SECONDS);
    const last = Math.round(stretch.to / ENERGY_STEP_SECONDS);
    for (let i = first; i < last; i++) {
      spoken.push(energy[i] ?? 0);
      if (i - first >= span) {
        const slope = ((energy[i] ?? 0) - (energy[i - span] ?? 0)) / (span * ENERGY_STEP_SECONDS);
        (slope > 0 ? rises : falls).push(Math.abs(slope));
      }
    }
  }
  const levels: number[] = [];
  const pitches: number[] = [];
  for (const [i, hz] of pitch.hz.entries()) {
    if (hz > 0) {
      levels.push(energy[Math.round((frames.start_seconds + i * STEP_SECONDS) / ENERGY_STEP_SECONDS - 0.5)] ?? 0);
      pitches.push(semitones(hz));
    }
  }
  const places = levels.map((_, i) => i / Math.max(1, levels.length - 1));
  return {
    energy_sd: Math.sqrt(variance(spoken)),
    energy_high: quantile(spoken, 0.95) - quantile(spoken, 0.5),
    energy_low: quantile(spoken, 0.5) - quantile(spoken, 0.15),
    energy_voiced_sd: Math.sqrt(variance(levels)),
    energy_rise: mean(rises),
    energy_fall: mean(falls),
    energy_trend: line(places, levels).slope,
    energy_with_pitch: line(pitches, levels).correlation,
    energy_per_semitone: line(pitches, levels).slope,
  };
}

/** Logarithms, since the measures spread by factors; HNR in dB. */
function qualityFeatures({ samples, marks, pitch }: Measured): VoiceFeatures {
  const quality = voiceQuality(samples, marks, pitch);
  const clean = Array.from(
    pitch.strength.filter((r) => r > 0),
    harmonicityOf,
  );
  return {
    jitter: Math.log(Math.max(quality.jitter_ratio ?? 0.02, 1e-3)),
    shimmer: Math.log(Math.max(quality.shimmer_ratio ?? 0.1, 1e-3)),
    hnr: mean(clean),
    hnr_high: quantile(clean, 0.9),
    hnr_sd: Math.sqrt(variance(clean)),
  };
}
