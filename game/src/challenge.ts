/**
 * The life of a challenge and of a clip. `STATES` are what the server works with; `STATUSES` are what anybody outside sees.
 */

/** Every state a challenge can be in, in the order of its life. */
export const STATES = ['draft', 'checking', 'merging', 'publishing', 'ready', 'published', 'held', 'hidden', 'removed', 'failed'] as const;
export type ChallengeState = (typeof STATES)[number];

/** States in which nobody but the author has seen a challenge yet. */
export const UNPUBLISHED_STATES: readonly ChallengeState[] = ['draft', 'checking', 'merging', 'publishing', 'ready', 'failed'];

/** What the wire says of a state: the steps between draft and ready are one word, `processing`. */
export const STATUSES = ['draft', 'processing', 'ready', 'published', 'failed', 'held', 'hidden', 'removed'] as const;
export type ChallengeStatus = (typeof STATUSES)[number];

/** The steps whose failure a challenge can report. */
export const STEPS = ['check-clip', 'merge-clips', 'publish-challenge'] as const;
export type Step = (typeof STEPS)[number];

/** States of one clip: `checking` from its last byte on, then `ready` or `refused`. */
export const CLIP_STATES = ['uploading', 'checking', 'ready', 'refused'] as const;
export type ClipState = (typeof CLIP_STATES)[number];

/** Who may find a challenge: everybody in the feed, or only those who have its link. */
export const AUDIENCES = ['public', 'link'] as const;
export type Audience = (typeof AUDIENCES)[number];

/** What the merged video shows between two clips: nothing, a card with the number of the next one, or its first picture fading in. */
export const TRANSITIONS = ['none', 'card', 'fade'] as const;
export type Transition = (typeof TRANSITIONS)[number];

/** Why a clip was refused. Each is a sentence in the app; the clip can be recorded again. */
export const REFUSALS = [
  'empty',
  'not_a_video',
  'unsupported_format',
  'incomplete',
  'no_picture',
  'several_pictures',
  'too_short',
  'too_long',
  'too_many_pixels',
  'damaged',
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** What the author should know of a clip that was accepted all the same. */
export const NOTICES = ['no_sound'] as const;
export type Notice = (typeof NOTICES)[number];

/** Index of one of the three statements. */
export type SegmentIndex = 0 | 1 | 2;
export const SEGMENT_INDEXES: readonly SegmentIndex[] = [0, 1, 2];

/** Where a clip lies in the merged video, in seconds from its start; `end_seconds` is exclusive. */
export interface Segment {
  start_seconds: number;
  end_seconds: number;
}

const STATUS_OF: Record<ChallengeState, ChallengeStatus> = {
  draft: 'draft',
  checking: 'processing',
  merging: 'processing',
  publishing: 'processing',
  ready: 'ready',
  published: 'published',
  held: 'held',
  hidden: 'hidden',
  removed: 'removed',
  failed: 'failed',
};

/** The word that the wire uses for a state. */
export function statusOf(state: ChallengeState): ChallengeStatus {
  return STATUS_OF[state];
}

/** True while the author may still change clips: before the merge has begun, or after a step has failed. */
export function isOpenForClips(state: ChallengeState): boolean {
  return state === 'draft' || state === 'failed';
}

/** True until the lie is locked: a lie may be set or changed before the challenge is published. */
export function isOpenForLie(state: ChallengeState): boolean {
  return state === 'draft' || state === 'checking' || state === 'merging' || state === 'ready' || state === 'failed';
}
