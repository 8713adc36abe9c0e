/** What an author is making: it lives on this device until the server has published it. */
import type { ProblemCode } from '@2t1l/contract/problems';
import type { Clip } from '@2t1l/contract/schemas';
import type { Audience, ChallengeStatus, Notice, Refusal, SegmentIndex, Step, Transition } from '@2t1l/game/challenge';
import type { EndedBy } from '../recorder/recorder.types.ts';

/** Why a clip waits for its author: a problem that trying again does not mend. */
export type ClipProblem = ProblemCode | 'bytes_lost';

/** Where a clip is on its way. `waiting` and `sending` are ours to know, the rest is what the server said last. */
export type ClipSending =
  | { status: 'waiting'; upload_url: string | null; sent_bytes: number; attempts: number; retry_at_ms: number }
  | { status: 'sending'; upload_url: string | null; sent_bytes: number; attempts: number }
  | { status: 'checking' }
  | { status: 'ready'; notices: Notice[] }
  | { status: 'refused'; reasons: Refusal[] }
  | { status: 'blocked'; problem: ClipProblem }
  /** Another device has filled this place: the author says which of the two counts. Nothing is sent until then. */
  | { status: 'contested'; rival: Clip };

/** Why a recording ended: what the recorder says, or `closed` where the app ended first and what it had kept was found again. */
export type TakeEnd = EndedBy | 'closed';

/** One finished recording. Its bytes lie in the clip store under `take_id`. */
export interface Take {
  take_id: string;
  media_type: string;
  duration_seconds: number;
  width: number;
  height: number;
  size_bytes: number;
}

export interface LocalClip extends Take {
  sending: ClipSending;
  /** `elsewhere`: recorded on another device; the server has it, this device has no bytes of it. */
  origin: 'here' | 'elsewhere';
  /** The server's clip this one was seen as, and the one it takes the place of: news of that one is old news. */
  clip_id: string | null;
  replaces_clip_id: string | null;
}

/** How far the author's wish to publish has come. */
export type Publishing =
  | { status: 'editing' }
  | { status: 'requested' }
  /** Only the author can help: terms, age, a lie. */
  | { status: 'needs'; problem: ProblemCode }
  | { status: 'failed'; step: Step; reason: string }
  | { status: 'done'; as: Extract<ChallengeStatus, 'published' | 'held' | 'hidden' | 'removed'> };

/** What an author can write and choose. */
export interface DraftText {
  title: string;
  prompt: string | null;
  statements: [string, string, string];
  story: string;
  lie_index: SegmentIndex | null;
  audience: Audience;
  /** What the video shows between two clips; fixed once they are merged. */
  transition: Transition;
}

/** Whose challenge it is, and on which server (its origin). A guest cannot log in again. */
export interface Owner {
  id: string;
  is_guest: boolean;
  server: string;
}

export interface Draft extends DraftText {
  /** Made on this device; with `generation` it is the Idempotency-Key, so that a crash never makes two challenges. */
  id: string;
  generation: number;
  challenge_id: string | null;
  /** Null before its challenge is on the server. */
  owner: Owner | null;
  server_status: ChallengeStatus | null;
  clips: [LocalClip | null, LocalClip | null, LocalClip | null];
  /** A take that was recorded and not yet kept or rejected. */
  review: { index: SegmentIndex; take: Take; ended_by: TakeEnd } | null;
  /** Takes that were replaced or rejected. Their bytes too stay until the challenge is out. */
  old_takes: string[];
  publishing: Publishing;
  merge_percent: number | null;
  /** The texts as the server last told them, and when it last changed them (ISO, its clock): what differs from them is the author's news. */
  server_text: DraftText | null;
  server_updated_at: string | null;
  /** The last change of a text on this device. Like every `_ms` here by the server's clock, see lib/server-clock.ts. */
  edited_at_ms: number;
  /** Calls to the server that failed in a row, and when the next may go out. */
  attempts: number;
  retry_at_ms: number;
  created_at_ms: number;
  updated_at_ms: number;
  /** Deleted by the author; gone for good once the time for an undo is over. */
  deleted_at_ms: number | null;
  /** True once the bytes are gone, which is only after publishing. */
  is_cleaned: boolean;
}

/** How long a deleted draft can be brought back. */
export const UNDO_MS = 10_000;

/** An empty draft. */
export function newDraft(id: string, nowMs: number, prompt: string | null = null): Draft {
  return {
    id,
    generation: 0,
    challenge_id: null,
    owner: null,
    server_status: null,
    title: '',
    prompt,
    statements: ['', '', ''],
    story: '',
    lie_index: null,
    audience: 'public',
    transition: 'none',
    clips: [null, null, null],
    review: null,
    old_takes: [],
    publishing: { status: 'editing' },
    merge_percent: null,
    server_text: null,
    server_updated_at: null,
    edited_at_ms: nowMs,
    attempts: 0,
    retry_at_ms: 0,
    created_at_ms: nowMs,
    updated_at_ms: nowMs,
    deleted_at_ms: null,
    is_cleaned: false,
  };
}

/** A take on its way from the beginning. */
export function newClip(take: Take, replaces: LocalClip | null): LocalClip {
  return {
    ...take,
    sending: freshWait(),
    origin: 'here',
    clip_id: null,
    replaces_clip_id: replaces?.clip_id ?? replaces?.replaces_clip_id ?? null,
  };
}

/** Waiting for its turn, nothing sent yet. */
export function freshWait(): ClipSending {
  return { status: 'waiting', upload_url: null, sent_bytes: 0, attempts: 0, retry_at_ms: 0 };
}

/** True for a clip whose bytes the server has and has not refused. */
export function hasArrived(clip: LocalClip | null): boolean {
  return clip !== null && (clip.sending.status === 'checking' || clip.sending.status === 'ready');
}

/** Every take whose bytes lie here and belong to this draft. */
export function takesOf(draft: Draft): string[] {
  const kept = draft.clips.flatMap((clip) => (clip === null || clip.origin === 'elsewhere' ? [] : [clip.take_id]));
  return [...kept, ...(draft.review === null ? [] : [draft.review.take.take_id]), ...draft.old_takes];
}

/** True for a draft of another account that plays on this device too: it waits until that one logs in again. With the server a player takes drafts along. */
export function isForeign({ owner }: Draft, player: Owner | null): boolean {
  return owner !== null && player !== null && owner.server === player.server && owner.id !== player.id && !owner.is_guest;
}

/** True when there is something that a player would miss. */
export function hasContent(draft: Draft): boolean {
  return (
    takesOf(draft).length > 0 ||
    draft.clips.some((clip) => clip !== null) ||
    draft.title !== '' ||
    draft.story !== '' ||
    draft.statements.some((line) => line !== '')
  );
}

/** The first statement without a clip; null when all three are there. */
export function nextIndex(draft: Draft): SegmentIndex | null {
  const index = draft.clips.indexOf(null);
  return index === 0 || index === 1 || index === 2 ? index : null;
}

/** False from the merge on: then the server takes no clip any more. */
export function isOpenForTakes(draft: Draft): boolean {
  return draft.publishing.status !== 'done' && draft.server_status !== 'processing' && draft.server_status !== 'ready';
}

const LOGIN_PROBLEMS: readonly ClipProblem[] = [
  'unauthenticated',
  'session_ended',
  'token_invalid',
  'token_expired',
  'refresh_invalid',
  'refresh_reused',
];

/** True for what goes away when somebody logs in. */
export function needsLogin(problem: ClipProblem): boolean {
  return LOGIN_PROBLEMS.includes(problem);
}
