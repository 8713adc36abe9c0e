import { type Stretch, speechStretches, voicedAt } from './activity.ts';
import { energyCurve } from './energy.ts';
import { type Frames, frameReader, STEP_SECONDS } from './frames.ts';
import { glottalMarks } from './periods.ts';
import { type Pitch, pitchPath } from './pitch-path.ts';
import { syllableNuclei } from './syllables.ts';

/** Everything that the figures of one clip are read off. */
export interface Measured {
  samples: Float32Array;
  frames: Frames;
  /** Unvoiced outside the stretches: what sounds there is the room. */
  pitch: Pitch;
  /** Glottal periods, seconds. */
  marks: number[];
  /** dB every `ENERGY_STEP_SECONDS`. */
  energy: Float64Array;
  stretches: Stretch[];
  /** Syllable nuclei inside the stretches, seconds. */
  nuclei: number[];
}

/** Frames between two looks at the signal and at whoever else waits: about 10 ms of work. */
const FRAMES_A_TURN = 250;

/** Measures a clip; gives way to other work now and then. `onTurn` gets the share done, and may throw to stop it. */
export async function measure(samples: Float32Array, onTurn: (done: number) => void): Promise<Measured> {
  const { frames, read } = frameReader(samples);
  for (let i = 0; i < frames.count; i++) {
    read(i);
    if (i % FRAMES_A_TURN === FRAMES_A_TURN - 1) {
      await turn();
      onTurn((0.8 * (i + 1)) / frames.count);
    }
  }
  const everywhere = pitchPath(frames);
  const energy = energyCurve(samples);
  await turn();
  onTurn(0.85);
  const stretches = speechStretches(energy, everywhere, frames.start_seconds);
  const pitch = within(everywhere, stretches, frames.start_seconds);
  const marks = glottalMarks(samples, pitch, frames.start_seconds);
  await turn();
  onTurn(0.95);
  return { samples, frames, pitch, marks, energy, stretches, nuclei: syllableNuclei(energy, voicedAt(pitch, frames.start_seconds)) };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

function within(pitch: Pitch, stretches: Stretch[], startSeconds: number): Pitch {
  const isInside = (i: number) => {
    const seconds = startSeconds + i * STEP_SECONDS;
    return stretches.some((stretch) => seconds > stretch.from - STEP_SECONDS && seconds < stretch.to + STEP_SECONDS);
  };
  const hz = pitch.hz.map((value, i) => (value > 0 && isInside(i) ? value : 0));
  return { hz, strength: pitch.strength.map((value, i) => (hz[i] ? value : 0)) };
}
