import { PAUSE_SECONDS } from './activity.ts';
import { ENERGY_STEP_SECONDS, SILENCE_DB } from './energy.ts';
import { semitones, voiceFeatures } from './features.ts';
import { STEP_SECONDS } from './frames.ts';
import { type Measured, measure } from './measure.ts';
import { voiceQuality } from './quality.ts';
import { speechConfidence } from './speech.ts';
import { quantile, variance } from './statistics.ts';
import { STRESS_MODEL, stressLevel } from './stress.ts';
import type { VoiceAnalysis, VoiceCurves, VoiceOptions } from './types.ts';

/** Seconds between two points of the curves. */
const CURVE_STEP_SECONDS = 0.05;

/**
 * The voice of one clip: mono samples of 16 kHz, -1 to 1. No sound is a cause to throw: without speech, or with samples that are no numbers, the status says
 * so and every figure is null. Rejects only with the reason of `signal`.
 */
export async function analyseVoice(samples: Float32Array, options: VoiceOptions = {}): Promise<VoiceAnalysis> {
  const { signal, onProgress } = options;
  signal?.throwIfAborted();
  if (!areNumbers(samples)) {
    return withoutFigures('failed');
  }
  const measured = await measure(samples, (done) => {
    signal?.throwIfAborted();
    onProgress?.(done);
  });
  const { isSpeech, confidence } = speechConfidence(measured);
  onProgress?.(1);
  if (!isSpeech) {
    return withoutFigures('no_speech');
  }
  const features = voiceFeatures(measured);
  return {
    status: 'completed',
    stress_level: stressLevel(features),
    ...prosody(measured),
    voice_quality: voiceQuality(samples, measured.marks, measured.pitch),
    confidence,
    model: STRESS_MODEL,
    features,
    curves: curvesOf(measured),
  };
}

function areNumbers(samples: Float32Array): boolean {
  let sum = 0;
  for (const value of samples) {
    sum += 0 * value;
  }
  return sum === 0;
}

function withoutFigures(status: 'no_speech' | 'failed'): VoiceAnalysis {
  return {
    status,
    stress_level: null,
    pitch_median_hz: null,
    pitch_variance: null,
    speaking_rate: null,
    voice_quality: { jitter_ratio: null, shimmer_ratio: null, hnr_db: null },
    energy_db: null,
    pause_count: null,
    pause_seconds: null,
    speech_seconds: null,
    confidence: 0,
    model: STRESS_MODEL,
    features: null,
    curves: null,
  };
}

function prosody({ pitch, energy, stretches, nuclei }: Measured) {
  const voiced = pitch.hz.filter((hz) => hz > 0);
  const span = (stretches.at(-1)?.to ?? 0) - (stretches[0]?.from ?? 0);
  const pauses = stretches.slice(1).map((stretch, i) => stretch.from - (stretches[i]?.to ?? 0));
  let power = 0;
  let count = 0;
  for (const stretch of stretches) {
    for (let i = Math.round(stretch.from / ENERGY_STEP_SECONDS); i < Math.round(stretch.to / ENERGY_STEP_SECONDS); i++) {
      power += 10 ** ((energy[i] ?? SILENCE_DB) / 10);
      count++;
    }
  }
  return {
    pitch_median_hz: quantile(voiced, 0.5),
    pitch_variance: variance(Array.from(voiced, semitones)),
    speaking_rate: nuclei.length / Math.max(span, PAUSE_SECONDS),
    energy_db: 10 * Math.log10(power / Math.max(1, count)),
    pause_count: pauses.length,
    pause_seconds: pauses.reduce((sum, pause) => sum + pause, 0),
    speech_seconds: span,
  };
}

function curvesOf({ pitch, energy, frames }: Measured): VoiceCurves {
  const seconds = (energy.length - 0.5) * ENERGY_STEP_SECONDS;
  const times = Array.from({ length: Math.ceil(seconds / CURVE_STEP_SECONDS) }, (_, i) => (i + 0.5) * CURVE_STEP_SECONDS);
  return {
    start_seconds: CURVE_STEP_SECONDS / 2,
    step_seconds: CURVE_STEP_SECONDS,
    pitch_hz: times.map((at) => {
      const hz = pitch.hz[Math.round((at - frames.start_seconds) / STEP_SECONDS)] ?? 0;
      return hz > 0 ? Math.round(10 * hz) / 10 : null;
    }),
    energy_db: times.map((at) => Math.round(10 * (energy[Math.round(at / ENERGY_STEP_SECONDS - 0.5)] ?? SILENCE_DB)) / 10),
  };
}
