/** Loudness of a stream, for the meter under the picture. */

/** 43 ms at 48 kHz: read every 70 ms, hardly anything loud is missed. */
const FFT_SIZE = 2048;
/** Of full scale: what reaches it was cut off. */
const CEILING = 0.99;
/** Decibels below full scale that count as silence, and that fill the meter: a quiet room, and close speech. */
const QUIET_DB = -55;
const LOUD_DB = -12;

export interface LevelMeter {
  level(): number;
  /** Whether the sound reached its ceiling in what `level` saw since the last call. */
  wasClipped(): boolean;
  close(): void;
}

/** Root mean square of the last samples on a decibel scale, 0 to 1. Null where the browser has no AudioContext or the stream no sound. */
export function createLevelMeter(stream: MediaStream): LevelMeter | null {
  if (typeof AudioContext === 'undefined' || stream.getAudioTracks().length === 0) {
    return null;
  }
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = FFT_SIZE;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(FFT_SIZE);
  let isClipped = false;
  return {
    level() {
      // A context made before a tap starts suspended; the tap on "record" wakes it.
      if (context.state === 'suspended') {
        context.resume().catch(() => undefined);
      }
      analyser.getFloatTimeDomainData(samples);
      isClipped ||= samples.some((sample) => Math.abs(sample) >= CEILING);
      return levelOf(samples);
    },
    wasClipped() {
      const before = isClipped;
      isClipped = false;
      return before;
    },
    close() {
      context.close().catch(() => undefined);
    },
  };
}

function levelOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) {
    sum += sample * sample;
  }
  const decibels = 10 * Math.log10(sum / samples.length + 1e-10);
  return Math.min(Math.max((decibels - QUIET_DB) / (LOUD_DB - QUIET_DB), 0), 1);
}
