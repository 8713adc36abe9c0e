import { countBlinks } from '@2t1l/analysis/face/signals';
import type { FaceFrame } from '@2t1l/analysis/face/types';
import type { Blinks, PreviewTake } from './preview.types.ts';

/** How far back blinks are counted: what is older says nothing of now, and the memory stays bounded. */
const KEPT_SECONDS = 30;
/** A rate from less than this would jump with each blink. */
const LEAST_SECONDS = 10;
const MINUTE = 60;

type Seen = Extract<FaceFrame, { status: 'face' }>;

/** Counts the blinks of the take that runs; takes each picture's reading in turn. What was paused is left out. */
export function createBlinkWatch(): (frame: FaceFrame, take: PreviewTake) => Blinks {
  let seen: Seen[] = [];
  return (frame, take) => {
    if (take === 'none') {
      seen = [];
      return { status: 'none' };
    }
    if (take === 'running' && frame.status === 'face') {
      seen.push(frame);
      seen = seen.filter(({ timestamp_seconds }) => frame.timestamp_seconds - timestamp_seconds <= KEPT_SECONDS);
    }
    return blinksOf(seen);
  };
}

function blinksOf(seen: Seen[]): Blinks {
  const counted = countBlinks(seen);
  if (counted !== null && counted.watched_seconds >= LEAST_SECONDS) {
    return { status: 'counted', per_minute: (counted.blinks / counted.watched_seconds) * MINUTE };
  }
  const seconds = (seen.at(-1)?.timestamp_seconds ?? 0) - (seen[0]?.timestamp_seconds ?? 0);
  return { status: counted === null && seconds >= LEAST_SECONDS ? 'too_slow' : 'counting' };
}
