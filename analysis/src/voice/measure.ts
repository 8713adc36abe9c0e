import { type Stretch, speechStretches, voicedAt } from './activity.ts';
import { energyCurve } from './energy.ts';
import { type Frames, frameReader, STEP_SECONDS } from './frames.ts';
import { glottalMarks, voicedRuns } from './periods.ts';
import { type Pitch, pitchPath } from './pitch-path.ts';
import { syllableNuclei } from './syllables.ts';

/** Everything that the figures of one clip are read off. */
export interface Measured {
  samples: Float32Array;
  frames: Frames;
  /** Unvoiced where no stretch is near: what sounds there is the room. */
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
/** Voice this near to a stretch of speech may belong to it: a word that dies away. */
const NEAR_SECONDS = 0.5;

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

/** Voiced runs further from speech than `NEAR_SECONDS` become unvoiced. */
function within(pitch: Pitch, stretches: Stretch[], startSeconds: number): Pitch {
  const [hz, strength] = [pitch.hz.slice(), pitch.strength.slice()];
  for (const [first, last] of voicedRuns(pitch.hz)) {
    const from = startSeconds + first * STEP_SECONDS;
    const to = startSeconds + last * STEP_SECONDS;
    if (!stretches.some((stretch) => to > stretch.from - NEAR_SECONDS && from < stretch.to + NEAR_SECONDS)) {
      hz.fill(0, first, last + 1);
      strength.fill(0, first, last + 1);
    }
  }
  return { hz, strength };
}
