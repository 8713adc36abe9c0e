/** Samples a second of every sound that is analysed here; mono, -1 to 1. */
export const SAMPLE_RATE = 16_000;

/** `no_speech`: nothing in the clip is sure to be a voice; `failed`: the samples are not numbers. In both every figure is null. */
export type VoiceStatus = 'completed' | 'no_speech' | 'failed';

/** Measures of the glottal periods; null where fewer than three periods in a row were found. */
export interface VoiceQuality {
  /** Mean absolute difference of neighbouring periods over the mean period (jitter, local); 0.005 to 0.02 in speech is common. */
  jitter_ratio: number | null;
  /** The same for the amplitudes of neighbouring periods (shimmer, local). */
  shimmer_ratio: number | null;
  /** Harmonics-to-noise ratio in dB, mean over the voiced frames. */
  hnr_db: number | null;
}

/** Curves for drawing: value i lies at `start_seconds + i * step_seconds`. */
export interface VoiceCurves {
  start_seconds: number;
  step_seconds: number;
  /** Hz; null where there is no voice. */
  pitch_hz: (number | null)[];
  /** dB below full scale. */
  energy_db: number[];
}

/** What was measured in one clip, raw: name -> value. Kept, so that clips of one author can be compared later; it holds no sound and no voiceprint. */
export type VoiceFeatures = Record<string, number>;

/** The voice of one clip. */
export interface VoiceAnalysis {
  status: VoiceStatus;
  /** The stress proxy (acted anger and fear against calm speech), 0 to 1, by a model that knows nothing of the author. Aroused, not lying. */
  stress_level: number | null;
  pitch_median_hz: number | null;
  /** Variance of the pitch over the voiced frames, in semitones squared. */
  pitch_variance: number | null;
  /** Syllable nuclei a second, pauses counted in, from the first sound of speech to the last. */
  speaking_rate: number | null;
  voice_quality: VoiceQuality;
  /** Mean power while speaking, dB relative to full scale. Depends on the microphone: compare clips of one sitting only. */
  energy_db: number | null;
  pause_count: number | null;
  /** All pauses together; silence before the first and after the last word is none. */
  pause_seconds: number | null;
  /** From the first sound of speech to the last, pauses counted in. */
  speech_seconds: number | null;
  /** 0 to 1: how much clear speech the figures stand on. 0 without speech. */
  confidence: number;
  /** Name and version of the weights behind `stress_level`. */
  model: string;
  features: VoiceFeatures | null;
  curves: VoiceCurves | null;
}

/** What a caller may pass along. */
export interface VoiceOptions {
  /** Rejects with the signal's reason, within a tenth of a second of work. */
  signal?: AbortSignal;
  /** Called with the share that is done, 0 to 1. */
  onProgress?: (done: number) => void;
}
