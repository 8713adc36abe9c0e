import type { Segment, SegmentIndex } from '@2t1l/game/challenge';

/** Which statement is on at `seconds`; before the first the first, after the last the last. */
export function segmentAt(segments: readonly Segment[], seconds: number): SegmentIndex {
  const started = segments.filter((segment) => segment.start_seconds <= seconds + 0.05).length;
  return Math.min(2, Math.max(0, started - 1)) as SegmentIndex;
}

/** How much of one segment has passed, 0 to 1. */
export function passed(segment: Segment | undefined, seconds: number): number {
  if (!segment || segment.end_seconds <= segment.start_seconds) {
    return 0;
  }
  return Math.min(1, Math.max(0, (seconds - segment.start_seconds) / (segment.end_seconds - segment.start_seconds)));
}
