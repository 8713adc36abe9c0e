/** Where a clip that has arrived goes: decided here, carried out by receive-clip.ts. */
import { Problem } from '@2t1l/contract/problems';
import { type ChallengeState, type ClipState, isOpenForClips, SEGMENT_INDEXES, type SegmentIndex } from '@2t1l/game/challenge';

export interface PlacedClip {
  id: string;
  segment_index: SegmentIndex;
  status: ClipState;
  source_hash: string;
}

export interface Placement<C extends PlacedClip> {
  segment_index: SegmentIndex;
  /** The same bytes lie there already: nothing is to be done. */
  same: C | null;
  /** The clip that gives way. */
  replaces: C | null;
}

/** In `draft` and `failed` clips come and go; in `ready` one may be recorded again, which makes the challenge a draft. */
export function acceptsClips(state: ChallengeState): boolean {
  return isOpenForClips(state) || state === 'ready';
}

/**
 * The place of a clip. Without an index it is the first that was never filled, then the first whose clip was refused: a check
 * that is quicker than the next upload does not change the order. Throws `too_many_clips` and `challenge_locked` Problems.
 */
export function placeClip<C extends PlacedClip>(
  state: ChallengeState,
  clips: readonly C[],
  wanted: { segment_index: SegmentIndex | null; hash: string | null },
): Placement<C> {
  const at = (index: SegmentIndex) => clips.find((clip) => clip.segment_index === index) ?? null;
  const there = wanted.segment_index === null ? null : at(wanted.segment_index);
  if (there !== null && there.source_hash === wanted.hash) {
    return { segment_index: there.segment_index, same: there, replaces: null };
  }
  if (!acceptsClips(state)) {
    throw new Problem('challenge_locked', { detail: 'Clips cannot be changed any more.' });
  }
  const index =
    wanted.segment_index ??
    SEGMENT_INDEXES.find((free) => at(free) === null) ??
    SEGMENT_INDEXES.find((refused) => at(refused)?.status === 'refused');
  if (index === undefined) {
    throw new Problem('too_many_clips', { detail: 'Give `segment_index` to replace one of them.' });
  }
  return { segment_index: index, same: null, replaces: at(index) };
}
