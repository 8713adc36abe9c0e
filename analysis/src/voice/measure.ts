import { type Stretch, speechStretches, voicedAt } from './activity.ts';
import { energyCurve } from './energy.ts';
import { type Frames, frameReader } from './frames.ts';
import { glottalMarks } from './periods.ts';
import { type Pitch, pitchPath } from './pitch-path.ts';
import { syllableNuclei } from './syllables.ts';

/** Everything that the figures of one clip are read off. */
export interface Measured {
  samples: Float32Array;
  frames: Frames;
  pitch: Pitch;
  /** Glottal periods, seconds. */
  marks: number[];
  /** dB every `ENERGY_STEP_SECONDS`. */
  energy: Float64Array;
  stretches: Stretch[];
  /** Syllable nuclei inside the stretches, seconds. */
  nuclei: number[];
}

/** Frames between two looks at the clock, the signal and whoever else waits: about 20 ms of work. */
const FRAMES_A_TURN = 500;

/** Measures a clip; gives way to other work now and then. Calls `onTurn` with the share done, which may throw to stop it. */
export async function measure(samples: Float32Array, onTurn: (done: number) => void): Promise<Measured> {
  const { frames, read } = frameReader(samples);
  for (let i = 0; i < frames.count; i++) {
    read(i);
    if (i % FRAMES_A_TURN === FRAMES_A_TURN - 1) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      onTurn((0.8 * (i + 1)) / frames.count);
    }
  }
  const pitch = pitchPath(frames);
  const energy = energyCurve(samples);
  onTurn(0.85);
  const marks = glottalMarks(samples, pitch, frames.start_seconds);
  onTurn(0.95);
  const stretches = speechStretches(energy, pitch, frames.start_seconds);
  const nuclei = syllableNuclei(energy, voicedAt(pitch, frames.start_seconds)).filter((at) =>
    stretches.some((stretch) => at >= stretch.from && at <= stretch.to),
  );
  return { samples, frames, pitch, marks, energy, stretches, nuclei };
}
