import type { VoiceAnalysis } from '../voice/types.ts';

/** How a signal is put on a scale where its noise is even: as it is, as a logarithm, as a root (counts, shares). */
type Scale = 'linear' | 'log' | 'root';

/** How long a clip shows a face, holds speech without its pauses, and lasts from the first word to the last. */
export interface Seconds {
  face: number;
  speech: number;
  span: number;
}

/** What is known of one signal. */
export interface Signal {
  unit: string;
  /** By which seconds of a clip its noise falls. */
  of: keyof Seconds;
  scale: Scale;
  /**
   * Standard deviation between clips of one person in one mood, on that scale. `measured`: over EmoDB's and CREMA-D's clips of one speaker
   * and one emotion, the larger of the two (docs/models/stress.md). `assumed`: no such data was at hand; chosen wide.
   */
  spread: number;
  /**
   * What chance adds to that variance in a clip of one second; it falls with a clip's length. Counts are a matter of luck (Poisson: a quarter of
   * the rate's unit, twice that where they come in pairs, as changes of expression do), shares no less.
   */
  noise: number;
  source: 'measured' | 'assumed';
}

/** Raised when a signal comes, goes or changes its meaning: clips measured as another version's are not compared with this one's. */
export const SIGNALS_VERSION = 'signals-2';

/** One event in a second is 60 a minute; the variance of a Poisson count's root is 1/4. */
const COUNT_NOISE = 60 / 4;

/** The signals that clips are compared by. A name that is not here is passed on without an effect. */
export const SIGNALS: Record<string, Signal> = {
  pitch_median_hz: { unit: 'Hz', of: 'speech', scale: 'log', spread: 0.19, noise: 0.007, source: 'measured' },
  pitch_variance: { unit: 'semitones²', of: 'speech', scale: 'log', spread: 0.77, noise: 0.42, source: 'measured' },
  speaking_rate: { unit: 'syllables/s', of: 'span', scale: 'linear', spread: 1.22, noise: 0.48, source: 'measured' },
  jitter_ratio: { unit: '', of: 'speech', scale: 'log', spread: 0.27, noise: 0.025, source: 'measured' },
  shimmer_ratio: { unit: '', of: 'speech', scale: 'log', spread: 0.14, noise: 0.02, source: 'measured' },
  hnr_db: { unit: 'dB', of: 'speech', scale: 'linear', spread: 1.46, noise: 3.1, source: 'measured' },
  energy_db: { unit: 'dB', of: 'speech', scale: 'linear', spread: 4.1, noise: 4.3, source: 'measured' },
  pause_rate: { unit: '1/min', of: 'span', scale: 'root', spread: 0.8, noise: COUNT_NOISE, source: 'assumed' },
  pause_share: { unit: '', of: 'span', scale: 'root', spread: 0.12, noise: 0.3, source: 'assumed' },
  head_motion: { unit: '°/s', of: 'face', scale: 'log', spread: 0.4, noise: 1, source: 'assumed' },
  smile_asymmetry: { unit: '', of: 'face', scale: 'log', spread: 0.6, noise: 0.5, source: 'assumed' },
  blink_rate: { unit: '1/min', of: 'face', scale: 'root', spread: 1, noise: COUNT_NOISE, source: 'assumed' },
  gaze_off_share: { unit: '', of: 'face', scale: 'root', spread: 0.15, noise: 0.5, source: 'assumed' },
  expression_change_rate: { unit: '1/min', of: 'face', scale: 'root', spread: 1.2, noise: 2 * COUNT_NOISE, source: 'assumed' },
  expression_entropy: { unit: 'bits', of: 'face', scale: 'linear', spread: 0.35, noise: 0.5, source: 'assumed' },
  unsure_share: { unit: '', of: 'face', scale: 'root', spread: 0.2, noise: 0.5, source: 'assumed' },
};

/** Under this confidence a clip's voice is too little to compare. */
const CONFIDENCE_MIN = 0.2;
const MINUTE = 60;

/** A clip's voice as signals by the names of `SIGNALS`, none of which grows with its length; all `null` where there is no speech or too little of it. */
export function voiceSignals(voice: VoiceAnalysis): Record<string, number | null> {
  const { pitch_median_hz, pitch_variance, speaking_rate, energy_db, pause_count, pause_seconds, speech_seconds } = voice;
  const per = (amount: number | null) => (amount !== null && speech_seconds ? amount / speech_seconds : null);
  const pauses = per(pause_count);
  const all: Record<string, number | null> = {
    ...{ pitch_median_hz, pitch_variance, speaking_rate, ...voice.voice_quality, energy_db },
    pause_rate: pauses === null ? null : pauses * MINUTE,
    pause_share: per(pause_seconds),
  };
  if (voice.confidence >= CONFIDENCE_MIN) {
    return all;
  }
  return Object.fromEntries(Object.keys(all).map((name) => [name, null]));
}

/** The seconds that a voice's signals stand on; no face. */
export function voiceSeconds({ speech_seconds, pause_seconds }: VoiceAnalysis): Seconds {
  const span = speech_seconds ?? 0;
  return { face: 0, speech: span - (pause_seconds ?? 0), span };
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
  }
}
