/** Pure: which samples have to be decoded to see a clip's pictures at regular moments. */
import { CLIP_ACCEPTED_SECONDS } from '@2t1l/game/limits';
import { BoxError } from './boxes.ts';
import { endOfSamples, type Sample, type SampleList } from './samples.ts';

/** The samples to decode, in their order, and how many moments there are: 0, 1/fps, 2/fps ... up to the end of the pictures. */
export interface FramePlan {
  samples: SampleList;
  moments: number;
}

/** A clip may begin a second early. */
const LONGEST_SECONDS = CLIP_ACCEPTED_SECONDS + 1;
/** A moment counts a tick's rounding as the same time. */
const ROUNDING_SECONDS = 1e-5;

/**
 * Pictures hang on those decoded before them back to the last key frame, and on nothing behind them: what follows the last picture that is
 * shown at one of the moments, up to the next key frame, is left out. Moments count from the first picture. Throws BoxError where they go on
 * for longer than any clip.
 */
export function planFrames(samples: SampleList, timescale: number, fps: number): FramePlan {
  const shown = samples.map((sample, index) => ({ sample, index })).toSorted((a, b) => a.sample.cts - b.sample.cts);
  const zero = shown[0]?.sample.cts ?? 0;
  const moments = Math.max(1, Math.ceil(((endOfSamples(samples) - zero) / timescale - ROUNDING_SECONDS) * fps));
  if (moments > LONGEST_SECONDS * fps + 1) {
    throw new BoxError('damaged', `pictures of ${moments / fps} s`);
  }
  const groups = groupOf(samples);
  const lastNeeded = new Map<number, number>();
  let at = 0;
  for (let moment = 0; moment < moments; moment += 1) {
    const time = zero + (moment / fps + ROUNDING_SECONDS) * timescale;
    while ((shown[at + 1]?.sample.cts ?? Number.POSITIVE_INFINITY) <= time) {
      at += 1;
    }
    const index = shown[at]?.index ?? 0;
    const group = groups[index] ?? 0;
    lastNeeded.set(group, Math.max(lastNeeded.get(group) ?? 0, index));
  }
  return { samples: samples.filter((_, index) => index <= (lastNeeded.get(groups[index] ?? 0) ?? -1)), moments };
}

/** For each sample the number of its group: a key frame with no picture behind it shown before it begins one. */
function groupOf(samples: SampleList): number[] {
  const groups: number[] = [];
  const earliestFrom: number[] = [];
  let earliest = Number.POSITIVE_INFINITY;
  for (let index = samples.length - 1; index >= 0; index -= 1) {
    earliest = Math.min(earliest, samples[index]?.cts ?? earliest);
    earliestFrom[index] = earliest;
  }
  for (const [index, sample] of samples.entries()) {
    const before = groups.at(-1) ?? 0;
    groups.push(index > 0 && isClosedKey(sample, earliestFrom[index]) ? before + 1 : before);
  }
  return groups;
}

function isClosedKey(sample: Sample, earliestShown: number | undefined): boolean {
  return sample.is_sync && sample.cts === earliestShown;
}
