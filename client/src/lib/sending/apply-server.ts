/**
 * How news from the server changes a draft. For states the server wins; of texts the later edit; what the author recorded is never
 * touched: where another device has filled a place that this one has a recording for, the author is asked.
 */
import type { Clip, OwnChallenge } from '@2t1l/contract/schemas';
import { type ChallengeStatus, SEGMENT_INDEXES } from '@2t1l/game/challenge';
import type { ClipSending, Draft, LocalClip } from './draft.ts';
import { mergeTexts, NO_TEXT, textOf, textOfChallenge } from './draft-text.ts';

/** A whole challenge, as GET, PATCH, process and publish answer it. An answer that was overtaken by a later one changes nothing. */
export function applyChallenge(draft: Draft, challenge: OwnChallenge): void {
  if (draft.server_updated_at !== null && challenge.updated_at < draft.server_updated_at) {
    return;
  }
  for (const index of SEGMENT_INDEXES) {
    const clip = challenge.clips.find(({ segment_index }) => segment_index === index) ?? null;
    draft.clips[index] = meetClip(draft.clips[index], clip);
  }
  const theirs = textOfChallenge(challenge);
  const isMineLater = draft.edited_at_ms >= Date.parse(challenge.updated_at);
  Object.assign(draft, mergeTexts(draft.server_text ?? NO_TEXT, textOf(draft), theirs, isMineLater));
  draft.server_text = theirs;
  draft.server_updated_at = challenge.updated_at;
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

/** One clip, as an event tells it. */
export function applyClip(draft: Draft, clip: Clip): void {
  draft.clips[clip.segment_index] = meetClip(draft.clips[clip.segment_index], clip);
}

/** One place: what this device has there, and what the server has. */
export function meetClip(local: LocalClip | null, clip: Clip | null): LocalClip | null {
  if (clip === null || clip.status === 'uploading') {
    return local?.origin === 'elsewhere' && clip === null ? null : local;
  }
  if (local === null || local.origin === 'elsewhere') {
    return clipFromElsewhere(clip);
  }
  switch (whose(local, clip)) {
    case 'ours':
      return { ...local, clip_id: clip.id, sending: sendingOf(clip) };
    case 'before':
      return local;
    case 'rival':
      return { ...local, sending: { status: 'contested', rival: clip } };
  }
}

/** A clip that another device has recorded: to be seen here, not to be played. */
export function clipFromElsewhere(clip: Clip): LocalClip {
  return {
    take_id: `elsewhere-${clip.id}`,
    media_type: 'video/mp4',
    duration_seconds: clip.duration_seconds ?? 0,
    width: clip.width ?? 0,
    height: clip.height ?? 0,
    size_bytes: clip.size_bytes,
    origin: 'elsewhere',
    clip_id: clip.id,
    replaces_clip_id: null,
    sending: sendingOf(clip),
  };
}

/** `before`: the one that ours is to replace, or one that we cannot tell while ours is on its way. */
function whose(local: LocalClip, clip: Clip): 'ours' | 'before' | 'rival' {
  const { sending, clip_id, replaces_clip_id } = local;
  if (clip.id === clip_id) {
    return 'ours';
  }
  const isSameSize = clip.size_bytes === local.size_bytes;
  switch (sending.status) {
    case 'sending':
      return 'before';
    case 'waiting':
      if (clip.id === replaces_clip_id) {
        return 'before';
      }
      // Its last answer was lost on the way here.
      return sending.upload_url !== null && isSameSize ? 'ours' : 'rival';
    case 'blocked':
    case 'contested':
      return clip.id === replaces_clip_id ? 'before' : 'rival';
    case 'checking':
    case 'ready':
    case 'refused':
      if (clip_id === null) {
        return clip.id === replaces_clip_id && !isSameSize ? 'before' : 'ours';
      }
      return clip.id === replaces_clip_id ? 'before' : 'rival';
  }
}

function sendingOf(clip: Clip): ClipSending {
  switch (clip.status) {
    case 'uploading':
    case 'checking':
      return { status: 'checking' };
    case 'ready':
      return { status: 'ready', notices: [...clip.notices] };
    case 'refused':
      return { status: 'refused', reasons: [...clip.reasons] };
  }
}
