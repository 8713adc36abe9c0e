/** What becomes of drafts on their way: what the sender did, what the server said. */
import type { ProblemCode } from '@2t1l/contract/problems';
import type { Clip, OwnChallenge } from '@2t1l/contract/schemas';
import type { SegmentIndex } from '@2t1l/game/challenge';
import type { PayloadAction } from '@reduxjs/toolkit';
import { baseUrl } from '../base-url.ts';
import type { playerChanged } from '../store/auth-slice.ts';
import type { onlineChanged } from '../store/ui-slice.ts';
import { applyChallenge, applyClip } from './apply-server.ts';
import { type ChallengeState, clipsOf, edit, type OfDraft } from './challenge-state.ts';
import {
  type ClipProblem,
  type Draft,
  freshWait,
  hasArrived,
  isForeign,
  type LocalClip,
  needsLogin,
  newClip,
  newDraft,
  takesOf,
} from './draft.ts';

type OfTake<T = object> = PayloadAction<{ take_id: string } & T>;

/** Half of the `challenge` slice; the other is in draft-reducers.ts. */
export const sendingReducers = {
  /** The app was started: what was being sent when it ended waits for its turn again, at once. */
  restarted(state: ChallengeState, { payload }: PayloadAction<{ drafts: Record<string, Draft> }>) {
    state.drafts = { ...payload.drafts, ...state.drafts };
    state.is_loaded = true;
    pauseSending(state);
    endBackoffs(state);
  },
  /** The app came to the foreground: no reason to sit out a backoff. */
  woken(state: ChallengeState) {
    endBackoffs(state);
  },
  challengeCreated(state: ChallengeState, { payload }: OfDraft<{ challenge_id: string }>) {
    const twin = Object.values(state.drafts).find(({ id, challenge_id }) => challenge_id === payload.challenge_id && id !== payload.id);
    edit(state, payload.id, (draft) => {
      draft.challenge_id = payload.challenge_id;
      draft.server_status = 'draft';
      draft.owner = state.player;
      draft.attempts = 0;
      // The server's list was quicker than this answer and has brought the same challenge as one from elsewhere.
      if (twin !== undefined) {
        draft.old_takes.push(...takesOf(twin));
        delete state.drafts[twin.id];
      }
    });
  },
  /** The player's challenges as the server lists them: drafts that were begun on another device come here too. */
  serverDraftsSeen(state: ChallengeState, { payload }: PayloadAction<{ challenges: OwnChallenge[]; is_complete: boolean }>) {
    for (const challenge of payload.challenges) {
      seeChallenge(state, challenge);
    }
    const there = new Set(payload.challenges.map(({ id }) => id));
    for (const draft of payload.is_complete ? Object.values(state.drafts) : []) {
      const isGone = draft.challenge_id !== null && !there.has(draft.challenge_id) && draft.owner?.id === state.player?.id;
      // Deleted on another device, and nothing of it was recorded here.
      if (isGone && takesOf(draft).length === 0 && draft.publishing.status !== 'done') {
        delete state.drafts[draft.id];
      }
    }
  },
  /** The server knows no such challenge of this player: make a new one and send everything again. Nothing is lost. */
  challengeLost(state: ChallengeState, { payload }: OfDraft) {
    edit(state, payload.id, (draft) => {
      draft.challenge_id = null;
      draft.server_status = null;
      draft.generation += 1;
      beginAnew(draft);
    });
  },
  callFailed(state: ChallengeState, { payload }: OfDraft<{ retry_at_ms: number }>) {
    edit(state, payload.id, (draft) => {
      draft.attempts += 1;
      draft.retry_at_ms = payload.retry_at_ms;
    });
  },
  sendStarted(state: ChallengeState, { payload }: OfTake) {
    change(state, payload.take_id, (clip) => {
      if (clip.sending.status === 'waiting') {
        const { upload_url, sent_bytes, attempts } = clip.sending;
        clip.sending = { status: 'sending', upload_url, sent_bytes, attempts };
      }
    });
  },
  sendProgressed(state: ChallengeState, { payload }: OfTake<{ sent_bytes: number; upload_url: string | null }>) {
    change(state, payload.take_id, (clip) => {
      if (clip.sending.status === 'sending') {
        const isAhead = payload.sent_bytes > clip.sending.sent_bytes;
        clip.sending.sent_bytes = Math.min(payload.sent_bytes, clip.size_bytes);
        clip.sending.upload_url = payload.upload_url ?? clip.sending.upload_url;
        clip.sending.attempts = isAhead ? 0 : clip.sending.attempts;
      }
    });
  },
  /** The server has every byte; `clip_id`: what it made of them, where it says so. */
  sendDone(state: ChallengeState, { payload }: OfTake<{ clip_id?: string | null }>) {
    change(state, payload.take_id, (clip) => {
      clip.sending = { status: 'checking' };
      clip.clip_id = payload.clip_id ?? clip.clip_id;
    });
  },
  sendFailed(state: ChallengeState, { payload }: OfTake<{ retry_at_ms: number }>) {
    change(state, payload.take_id, (clip) => {
      if (clip.sending.status === 'sending' || clip.sending.status === 'waiting') {
        const { upload_url, sent_bytes, attempts } = clip.sending;
        clip.sending = { status: 'waiting', upload_url, sent_bytes, attempts: attempts + 1, retry_at_ms: payload.retry_at_ms };
      }
    });
  },
  sendBlocked(state: ChallengeState, { payload }: OfTake<{ problem: ClipProblem }>) {
    change(state, payload.take_id, (clip) => {
      clip.sending = { status: 'blocked', problem: payload.problem };
    });
  },
  /** The author asks for another try of what was blocked. */
  sendRetried(state: ChallengeState, { payload }: OfTake) {
    change(state, payload.take_id, (clip) => {
      if (clip.sending.status === 'blocked' || clip.sending.status === 'waiting') {
        clip.sending = freshWait();
      }
    });
  },
  clipSeen(state: ChallengeState, { payload }: OfDraft<{ clip: Clip }>) {
    edit(state, payload.id, (draft) => applyClip(draft, payload.clip));
  },
  challengeSeen(state: ChallengeState, { payload }: OfDraft<{ challenge: OwnChallenge }>) {
    edit(state, payload.id, (draft) => learn(state, draft, payload.challenge));
  },
  mergeProgressed(state: ChallengeState, { payload }: OfDraft<{ percent: number }>) {
    edit(state, payload.id, (draft) => {
      draft.merge_percent = payload.percent;
    });
  },
  /** The server says that clips are missing which we took for sent: send them again. */
  clipsFoundMissing(state: ChallengeState, { payload }: OfDraft<{ challenge: OwnChallenge }>) {
    edit(state, payload.id, (draft) => {
      const there = new Set(payload.challenge.clips.map((clip) => clip.segment_index));
      draft.clips.forEach((clip, index) => {
        if (clip?.origin === 'here' && !there.has(index as SegmentIndex)) {
          Object.assign(clip, { sending: freshWait(), clip_id: null, replaces_clip_id: null });
        }
      });
    });
  },
  publishNeeds(state: ChallengeState, { payload }: OfDraft<{ problem: ProblemCode }>) {
    edit(state, payload.id, (draft) => {
      if (draft.publishing.status === 'requested') {
        draft.publishing = { status: 'needs', problem: payload.problem };
      }
    });
  },
};

/** The network went, or came back. */
export function goOnline(state: ChallengeState, { payload }: ReturnType<typeof onlineChanged>): void {
  state.is_online = payload;
  if (payload) {
    endBackoffs(state);
  } else {
    pauseSending(state);
  }
}

/** Somebody plays now, or nobody. */
export function changePlayer(state: ChallengeState, { payload }: ReturnType<typeof playerChanged>): void {
  state.player = payload === null ? null : { id: payload.id, is_guest: payload.is_guest, server: baseUrl() };
  if (payload !== null) {
    inherit(state, payload.id);
    // Somebody has logged in: what waited for that goes on.
    unblock(state);
  }
}

function pauseSending(state: ChallengeState): void {
  for (const clip of clipsOf(state)) {
    if (clip.sending.status === 'sending') {
      clip.sending = { ...clip.sending, status: 'waiting', retry_at_ms: 0 };
    }
  }
}

function endBackoffs(state: ChallengeState): void {
  for (const draft of Object.values(state.drafts)) {
    draft.retry_at_ms = 0;
  }
  for (const clip of clipsOf(state)) {
    if (clip.sending.status === 'waiting') {
      clip.sending.retry_at_ms = 0;
    }
  }
}

function change(state: ChallengeState, takeId: string, apply: (clip: LocalClip) => void): void {
  for (const clip of clipsOf(state)) {
    if (clip.take_id === takeId) {
      apply(clip);
    }
  }
}

function seeChallenge(state: ChallengeState, challenge: OwnChallenge): void {
  const known = Object.values(state.drafts).find(({ challenge_id }) => challenge_id === challenge.id);
  if (known !== undefined) {
    learn(state, known, challenge);
    return;
  }
  const { id, status } = challenge;
  if (status !== 'draft' && status !== 'failed' && status !== 'ready' && status !== 'processing') {
    return;
  }
  const draft = { ...newDraft(id, Date.parse(challenge.created_at)), challenge_id: id, owner: state.player };
  applyChallenge(draft, challenge);
  draft.updated_at_ms = Date.parse(challenge.updated_at);
  // Its author has asked for it on the other device.
  draft.publishing = status === 'processing' ? { status: 'requested' } : draft.publishing;
  state.drafts[id] = draft;
}

function learn(state: ChallengeState, draft: Draft, challenge: OwnChallenge): void {
  const wasOut = draft.publishing.status === 'done';
  applyChallenge(draft, challenge);
  if (wasOut || draft.publishing.status !== 'done') {
    return;
  }
  const over = draft.clips.map((clip) => (clip === null || clip.origin === 'elsewhere' || hasArrived(clip) ? null : newClip(clip, null)));
  if (draft.review === null && over.every((clip) => clip === null)) {
    return;
  }
  const [a = null, b = null, c = null] = over;
  const id = `${draft.id}-left`;
  state.drafts[id] = { ...newDraft(id, draft.updated_at_ms), clips: [a, b, c], review: draft.review };
  draft.review = null;
  const moved = new Set(over.flatMap((clip) => (clip === null ? [] : [clip.take_id])));
  for (const [index, clip] of draft.clips.entries()) {
    if (clip !== null && moved.has(clip.take_id)) {
      draft.clips[index as SegmentIndex] = null;
    }
  }
}

function beginAnew(draft: Draft): void {
  for (const [index, clip] of draft.clips.entries()) {
    draft.clips[index as SegmentIndex] = clip === null || clip.origin === 'elsewhere' ? null : newClip(clip, null);
  }
  draft.server_text = null;
  draft.server_updated_at = null;
}

function inherit(state: ChallengeState, playerId: string): void {
  for (const draft of Object.values(state.drafts)) {
    if (draft.owner === null || draft.owner.id === playerId || draft.publishing.status === 'done') {
      continue;
    }
    if (takesOf(draft).length === 0) {
      delete state.drafts[draft.id];
    } else if (!isForeign(draft, state.player)) {
      Object.assign(draft, { owner: null, challenge_id: null, server_status: null, generation: draft.generation + 1 });
      beginAnew(draft);
    }
  }
}

function unblock(state: ChallengeState): void {
  for (const draft of Object.values(state.drafts)) {
    if (draft.publishing.status === 'needs' && needsLogin(draft.publishing.problem)) {
      draft.publishing = { status: 'requested' };
    }
  }
  for (const clip of clipsOf(state)) {
    if (clip.sending.status === 'blocked' && needsLogin(clip.sending.problem)) {
      clip.sending = freshWait();
    }
  }
}
