/** Loudness of a stream, for the meter under the picture. */

const FFT_SIZE = 512;
/** Decibels below full scale that count as silence, and that fill the meter: a quiet room, and close speech. */
const QUIET_DB = -55;
const LOUD_DB = -12;

export interface LevelMeter {
  level(): number;
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
  return {
    level() {
      // A context made before a tap starts suspended; the tap on "record" wakes it.
      if (context.state === 'suspended') {
        context.resume().catch(() => undefined);
      }
      analyser.getFloatTimeDomainData(samples);
      return levelOf(samples);
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
