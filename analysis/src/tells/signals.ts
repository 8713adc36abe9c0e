import type { VoiceAnalysis } from '../voice/types.ts';

/** How a signal is put on a scale where its noise is even: as it is, as a logarithm, as a root (counts, shares), as log-odds (probabilities). */
type Scale = 'linear' | 'log' | 'root' | 'odds';

/** What is known of one signal. */
export interface Signal {
  unit: string;
  scale: Scale;
  /**
   * Standard deviation between clips of one person in one mood, on that scale. `measured`: over EmoDB's and CREMA-D's clips of one speaker
   * and one emotion, the larger of the two (docs/models/stress.md). `assumed`: no such data was at hand; chosen wide.
   */
  spread: number;
  source: 'measured' | 'assumed';
}

/** The signals that clips are compared by. A name that is not here is passed on without an effect. */
export const SIGNALS: Record<string, Signal> = {
  pitch_median_hz: { unit: 'Hz', scale: 'log', spread: 0.19, source: 'measured' },
  pitch_variance: { unit: 'semitones²', scale: 'log', spread: 0.77, source: 'measured' },
  speaking_rate: { unit: 'syllables/s', scale: 'linear', spread: 1.22, source: 'measured' },
  jitter_ratio: { unit: '', scale: 'log', spread: 0.27, source: 'measured' },
  shimmer_ratio: { unit: '', scale: 'log', spread: 0.14, source: 'measured' },
  hnr_db: { unit: 'dB', scale: 'linear', spread: 1.46, source: 'measured' },
  stress_level: { unit: '', scale: 'odds', spread: 0.48, source: 'measured' },
  energy_db: { unit: 'dB', scale: 'linear', spread: 3, source: 'assumed' },
  pause_count: { unit: '', scale: 'root', spread: 0.6, source: 'assumed' },
  pause_seconds: { unit: 's', scale: 'root', spread: 0.6, source: 'assumed' },
  head_motion: { unit: '°/s', scale: 'log', spread: 0.4, source: 'assumed' },
  smile_asymmetry: { unit: '', scale: 'log', spread: 0.6, source: 'assumed' },
  blink_rate: { unit: '1/min', scale: 'root', spread: 1, source: 'assumed' },
  gaze_off_share: { unit: '', scale: 'root', spread: 0.15, source: 'assumed' },
  expression_change_rate: { unit: '1/min', scale: 'root', spread: 1.2, source: 'assumed' },
  expression_entropy: { unit: 'bits', scale: 'linear', spread: 0.35, source: 'assumed' },
  unsure_share: { unit: '', scale: 'root', spread: 0.2, source: 'assumed' },
};

/** Under this confidence a clip's voice is too little to compare. */
const CONFIDENCE_MIN = 0.2;

/** A clip's voice as signals by the names of `SIGNALS`; all `null` where there is no speech or too little of it. */
export function voiceSignals(voice: VoiceAnalysis): Record<string, number | null> {
  const { jitter_ratio, shimmer_ratio, hnr_db } = voice.voice_quality;
  const { pitch_median_hz, pitch_variance, speaking_rate, stress_level, energy_db, pause_count, pause_seconds } = voice;
  const signals = { pitch_median_hz, pitch_variance, speaking_rate, jitter_ratio, shimmer_ratio, hnr_db, stress_level, energy_db };
  const all: Record<string, number | null> = { ...signals, pause_count, pause_seconds };
  if (voice.confidence >= CONFIDENCE_MIN) {
    return all;
  }
  return Object.fromEntries(Object.keys(all).map((name) => [name, null]));
}

/** A value on the scale of its signal. */
export function scaled(value: number, scale: Scale): number {
  switch (scale) {
    case 'linear':
      return value;
    case 'log':
      return Math.log(Math.max(value, 1e-6));
    case 'root':
      return Math.sqrt(Math.max(value, 0));
    case 'odds': {
      const share = Math.min(1 - 1e-6, Math.max(1e-6, value));
      return Math.log(share / (1 - share));
    }
  }
}
