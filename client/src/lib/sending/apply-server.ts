/** How news from the server changes a draft. For states the server wins; what the author typed or recorded is never touched. */
import type { Clip, OwnChallenge } from '@2t1l/contract/schemas';
import type { ChallengeStatus } from '@2t1l/game/challenge';
import type { ClipSending, Draft, LocalClip } from './draft.ts';

/** A whole challenge, as GET, PATCH, process and publish answer it. */
export function applyChallenge(draft: Draft, challenge: OwnChallenge): void {
  for (const clip of challenge.clips) {
    applyClip(draft, clip);
  }
  applyStatus(draft, challenge.status);
  // A failure that the author has answered with another try is history until the server has taken it up.
  if (challenge.status === 'failed' && draft.publishing.status !== 'done') {
    const { step, reason } = challenge.failure ?? { step: 'merge-clips', reason: '' };
    draft.publishing = { status: 'failed', step, reason };
  }
}

/** The challenge's status alone, as an event tells it. */
export function applyStatus(draft: Draft, status: ChallengeStatus): void {
  draft.server_status = status;
  if (status === 'published' || status === 'held' || status === 'hidden' || status === 'removed') {
    draft.publishing = { status: 'done', as: status };
    draft.merge_percent = null;
  }
}

/** One clip. While ours is still being sent, what the server has at that place is another one. */
export function applyClip(draft: Draft, clip: Clip): void {
  const local = draft.clips[clip.segment_index];
  if (local === null || !isNewsOf(local, clip)) {
    return;
  }
  local.clip_id = clip.id;
  local.sending = sendingOf(clip) ?? local.sending;
}

function isNewsOf(local: LocalClip, clip: Clip): boolean {
  const { status } = local.sending;
  if (status !== 'checking' && status !== 'ready' && status !== 'refused') {
    return false;
  }
  return clip.id !== local.replaces_clip_id || clip.size_bytes === local.size_bytes;
}

function sendingOf(clip: Clip): ClipSending | null {
  switch (clip.status) {
    case 'uploading':
      return null;
    case 'checking':
      return { status: 'checking' };
    case 'ready':
      return { status: 'ready', notices: [...clip.notices] };
    case 'refused':
      return { status: 'refused', reasons: [...clip.reasons] };
  }
}
