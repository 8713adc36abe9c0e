/** What to do next. One lane: one job at a time, so that a slow network carries one clip to its end before the next. */
import type { SegmentIndex } from '@2t1l/game/challenge';
import type { ChallengeState } from './challenge-state.ts';
import { type Draft, hasArrived, type LocalClip, UNDO_MS } from './draft.ts';
import { unsentText } from './draft-text.ts';
import { ownDrafts } from './select-draft.ts';

export type Job =
  | { kind: 'create'; draft: Draft }
  | { kind: 'send'; draft: Draft; challenge_id: string; index: SegmentIndex; clip: LocalClip }
  | { kind: 'text'; draft: Draft; challenge_id: string }
  | { kind: 'process'; draft: Draft; challenge_id: string }
  | { kind: 'publish'; draft: Draft; challenge_id: string }
  | { kind: 'clean'; draft: Draft }
  | { kind: 'erase'; draft: Draft };

/** Words are sent this long after the last of them, so that another device sees them soon and the server not every letter. */
const TEXT_PAUSE_MS = 2000;
/** No backoff lasts longer: a time further ahead was written by a clock that has been set back since. */
const LONGEST_WAIT_MS = 3_600_000;

/** A job to do now; or when to look again, `null` for "when something changes". */
export type Plan = { job: Job } | { job: null; look_at_ms: number | null };

/** The next job. Drafts that the author waits for come first, then the oldest. */
export function planNext(state: ChallengeState, nowMs: number): Plan {
  if (!state.is_loaded) {
    return { job: null, look_at_ms: null };
  }
  const drafts = ownDrafts(state).sort((a, b) => rank(a) - rank(b) || a.created_at_ms - b.created_at_ms);
  let lookAt: number | null = null;
  for (const draft of drafts) {
    const step = planDraft(draft, state.is_online);
    if (step === null) {
      continue;
    }
    if (step.at_ms <= nowMs || step.at_ms > nowMs + LONGEST_WAIT_MS) {
      return { job: step.job };
    }
    lookAt = lookAt === null ? step.at_ms : Math.min(lookAt, step.at_ms);
  }
  return { job: null, look_at_ms: lookAt };
}

/** True while the server is at work on something of this draft, so that its events matter. */
export function needsFollowing(draft: Draft): boolean {
  if (draft.challenge_id === null || draft.deleted_at_ms !== null || draft.publishing.status === 'done') {
    return false;
  }
  return draft.server_status === 'processing' || draft.clips.some((clip) => clip?.sending.status === 'checking');
}

function rank(draft: Draft): number {
  return draft.publishing.status === 'requested' ? 0 : 1;
}

/** The draft's next job and the earliest time for it. */
function planDraft(draft: Draft, isOnline: boolean): { job: Job; at_ms: number } | null {
  if (draft.deleted_at_ms !== null) {
    const at_ms = Math.max(draft.deleted_at_ms + UNDO_MS, draft.retry_at_ms);
    return isOnline || draft.challenge_id === null ? { job: { kind: 'erase', draft }, at_ms } : null;
  }
  if (draft.publishing.status === 'done') {
    return draft.is_cleaned ? null : { job: { kind: 'clean', draft }, at_ms: 0 };
  }
  return isOnline ? planSending(draft) : null;
}

function planSending(draft: Draft): { job: Job; at_ms: number } | null {
  const { challenge_id } = draft;
  if (challenge_id === null) {
    const isWanted = draft.clips.some((clip) => clip !== null);
    return isWanted ? { job: { kind: 'create', draft }, at_ms: draft.retry_at_ms } : null;
  }
  const waiting = firstWaiting(draft);
  if (waiting !== null) {
    return { job: { kind: 'send', draft, challenge_id, index: waiting.index, clip: waiting.clip }, at_ms: waiting.at_ms };
  }
  if (draft.publishing.status !== 'requested' || draft.server_status === 'processing') {
    const isNews = Object.keys(unsentText(draft, draft.server_text)).length > 0;
    const at_ms = Math.max(draft.retry_at_ms, draft.edited_at_ms + TEXT_PAUSE_MS);
    return isNews ? { job: { kind: 'text', draft, challenge_id }, at_ms } : null;
  }
  if (draft.server_status === 'ready') {
    return { job: { kind: 'publish', draft, challenge_id }, at_ms: draft.retry_at_ms };
  }
  return draft.clips.every(hasArrived) ? { job: { kind: 'process', draft, challenge_id }, at_ms: draft.retry_at_ms } : null;
}

/** The waiting clip that may go first; the lower statement where two may go at once. */
function firstWaiting(draft: Draft): { index: SegmentIndex; clip: LocalClip; at_ms: number } | null {
  let first: { index: SegmentIndex; clip: LocalClip; at_ms: number } | null = null;
  draft.clips.forEach((clip, index) => {
    if (clip?.sending.status === 'waiting' && (first === null || clip.sending.retry_at_ms < first.at_ms)) {
      first = { index: index as SegmentIndex, clip, at_ms: clip.sending.retry_at_ms };
    }
  });
  return first;
}
