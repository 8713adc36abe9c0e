/** The `challenge` slice: drafts and the sending queue. Pure; the sender tells it what happened. Long because it is one table of events. */
import type { ProblemCode } from '@2t1l/contract/problems';
import type { Clip, OwnChallenge } from '@2t1l/contract/schemas';
import type { SegmentIndex } from '@2t1l/game/challenge';
import { createSlice, type PayloadAction } from '@reduxjs/toolkit';
import { baseUrl } from '../base-url.ts';
import { playerChanged } from '../store/auth-slice.ts';
import { onlineChanged } from '../store/ui-slice.ts';
import { applyChallenge, applyClip, clipFromElsewhere } from './apply-server.ts';
import {
  type ClipProblem,
  type Draft,
  type DraftText,
  freshWait,
  hasArrived,
  isForeign,
  isOpenForTakes,
  type LocalClip,
  needsLogin,
  newClip,
  newDraft,
  type Owner,
  type Take,
  type TakeEnd,
  takesOf,
} from './draft.ts';

export interface ChallengeState {
  drafts: Record<string, Draft>;
  /** False until the drafts of the last time were read from the device; nothing is sent or saved before that. */
  is_loaded: boolean;
  is_online: boolean;
  /** Who plays now; null while that is nobody. */
  player: Owner | null;
}

const initialState: ChallengeState = { drafts: {}, is_loaded: false, is_online: true, player: null };

type OfDraft<T = object> = PayloadAction<{ id: string } & T>;
type OfTake<T = object> = PayloadAction<{ take_id: string } & T>;

const slice = createSlice({
  name: 'challenge',
  initialState,
  reducers: {
    /** Another tab has changed a draft, or erased it. */
    draftCameFromOutside(state, { payload }: OfDraft<{ draft: Draft | null }>) {
      if (payload.draft === null) {
        delete state.drafts[payload.id];
      } else {
        state.drafts[payload.id] = payload.draft;
      }
    },
    /** The app was started: what was being sent when it ended waits for its turn again, at once. */
    restarted(state, { payload }: PayloadAction<{ drafts: Record<string, Draft> }>) {
      state.drafts = { ...payload.drafts, ...state.drafts };
      state.is_loaded = true;
      pauseSending(state);
      endBackoffs(state);
    },
    /** The app came to the foreground: no reason to sit out a backoff. */
    woken(state) {
      endBackoffs(state);
    },

    draftBegun(state, { payload }: OfDraft<{ now_ms: number; prompt?: string | null }>) {
      state.drafts[payload.id] ??= newDraft(payload.id, payload.now_ms, payload.prompt ?? null);
    },
    draftEdited(state, { payload }: OfDraft<{ text: Partial<DraftText>; now_ms: number }>) {
      edit(state, payload.id, (draft) => Object.assign(draft, payload.text, { edited_at_ms: payload.now_ms }), payload.now_ms);
    },
    /** A recording was finished and its bytes are safe; the author looks at it. */
    takeRecorded(state, { payload }: OfDraft<{ index: SegmentIndex; take: Take; ended_by: TakeEnd; now_ms: number }>) {
      const { index, take, ended_by, now_ms } = payload;
      const id = draftForTakes(state, payload.id, now_ms);
      edit(
        state,
        id,
        (draft) => {
          retire(draft, draft.review?.take.take_id);
          // Asked for once more, or brought back by its author.
          draft.old_takes = draft.old_takes.filter((old) => old !== take.take_id);
          draft.review = { index, take, ended_by };
        },
        now_ms,
      );
    },
    /** It is good: it takes the place of the one before and starts on its way. */
    takeKept(state, { payload }: OfDraft<{ now_ms: number }>) {
      edit(state, payload.id, keepReviewed, payload.now_ms);
    },
    takeRejected(state, { payload }: OfDraft<{ now_ms: number }>) {
      edit(
        state,
        payload.id,
        (draft) => {
          retire(draft, draft.review?.take.take_id);
          draft.review = null;
        },
        payload.now_ms,
      );
    },
    /** Two statements change places. The server keeps clips by place, so both are sent again. */
    statementsSwapped(state, { payload }: OfDraft<{ a: SegmentIndex; b: SegmentIndex; now_ms: number }>) {
      edit(state, payload.id, (draft) => swap(draft, payload.a, payload.b, payload.now_ms), payload.now_ms);
    },
    draftDeleted(state, { payload }: OfDraft<{ now_ms: number }>) {
      edit(state, payload.id, (draft) => {
        draft.deleted_at_ms = payload.now_ms;
      });
    },
    draftRestored(state, { payload }: OfDraft<{ now_ms: number }>) {
      edit(
        state,
        payload.id,
        (draft) => {
          draft.deleted_at_ms = null;
        },
        payload.now_ms,
      );
    },
    /** Its bytes are gone from the device, and its challenge from the server. */
    draftErased(state, { payload }: OfDraft) {
      delete state.drafts[payload.id];
    },
    /** The challenge is out, so its bytes were let go. */
    draftCleaned(state, { payload }: OfDraft) {
      edit(state, payload.id, (draft) => {
        draft.is_cleaned = true;
        draft.old_takes = [];
      });
    },

    challengeCreated(state, { payload }: OfDraft<{ challenge_id: string }>) {
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
    serverDraftsSeen(state, { payload }: PayloadAction<{ challenges: OwnChallenge[]; is_complete: boolean }>) {
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
    /** The author has said which recording of a statement counts: this device's, or the one that another has sent. The other is kept. */
    contestSettled(state, { payload }: OfDraft<{ index: SegmentIndex; use: 'mine' | 'theirs' }>) {
      edit(state, payload.id, (draft) => {
        const clip = draft.clips[payload.index];
        if (clip?.sending.status !== 'contested') {
          return;
        }
        const { rival } = clip.sending;
        if (payload.use === 'mine') {
          Object.assign(clip, { sending: freshWait(), clip_id: null, replaces_clip_id: rival.id });
        } else {
          retire(draft, clip.take_id);
          draft.clips[payload.index] = clipFromElsewhere(rival);
        }
      });
    },
    /** The server knows no such challenge of this player: make a new one and send everything again. Nothing is lost. */
    challengeLost(state, { payload }: OfDraft) {
      edit(state, payload.id, (draft) => {
        draft.challenge_id = null;
        draft.server_status = null;
        draft.generation += 1;
        beginAnew(draft);
      });
    },
    callFailed(state, { payload }: OfDraft<{ retry_at_ms: number }>) {
      edit(state, payload.id, (draft) => {
        draft.attempts += 1;
        draft.retry_at_ms = payload.retry_at_ms;
      });
    },

    sendStarted(state, { payload }: OfTake) {
      change(state, payload.take_id, (clip) => {
        if (clip.sending.status === 'waiting') {
          const { upload_url, sent_bytes, attempts } = clip.sending;
          clip.sending = { status: 'sending', upload_url, sent_bytes, attempts };
        }
      });
    },
    sendProgressed(state, { payload }: OfTake<{ sent_bytes: number; upload_url: string | null }>) {
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
    sendDone(state, { payload }: OfTake<{ clip_id?: string | null }>) {
      change(state, payload.take_id, (clip) => {
        clip.sending = { status: 'checking' };
        clip.clip_id = payload.clip_id ?? clip.clip_id;
      });
    },
    sendFailed(state, { payload }: OfTake<{ retry_at_ms: number }>) {
      change(state, payload.take_id, (clip) => {
        if (clip.sending.status === 'sending' || clip.sending.status === 'waiting') {
          const { upload_url, sent_bytes, attempts } = clip.sending;
          clip.sending = { status: 'waiting', upload_url, sent_bytes, attempts: attempts + 1, retry_at_ms: payload.retry_at_ms };
        }
      });
    },
    sendBlocked(state, { payload }: OfTake<{ problem: ClipProblem }>) {
      change(state, payload.take_id, (clip) => {
        clip.sending = { status: 'blocked', problem: payload.problem };
      });
    },
    /** The author asks for another try of what was blocked. */
    sendRetried(state, { payload }: OfTake) {
      change(state, payload.take_id, (clip) => {
        if (clip.sending.status === 'blocked' || clip.sending.status === 'waiting') {
          clip.sending = freshWait();
        }
      });
    },

    clipSeen(state, { payload }: OfDraft<{ clip: Clip }>) {
      edit(state, payload.id, (draft) => applyClip(draft, payload.clip));
    },
    challengeSeen(state, { payload }: OfDraft<{ challenge: OwnChallenge }>) {
      edit(state, payload.id, (draft) => learn(state, draft, payload.challenge));
    },
    mergeProgressed(state, { payload }: OfDraft<{ percent: number }>) {
      edit(state, payload.id, (draft) => {
        draft.merge_percent = payload.percent;
      });
    },
    /** The server says that clips are missing which we took for sent: send them again. */
    clipsFoundMissing(state, { payload }: OfDraft<{ challenge: OwnChallenge }>) {
      edit(state, payload.id, (draft) => {
        const there = new Set(payload.challenge.clips.map((clip) => clip.segment_index));
        draft.clips.forEach((clip, index) => {
          if (clip?.origin === 'here' && !there.has(index as SegmentIndex)) {
            Object.assign(clip, { sending: freshWait(), clip_id: null, replaces_clip_id: null });
          }
        });
      });
    },

    publishAsked(state, { payload }: OfDraft<{ now_ms: number }>) {
      edit(
        state,
        payload.id,
        (draft) => {
          if (draft.publishing.status !== 'done') {
            Object.assign(draft, { publishing: { status: 'requested' }, attempts: 0, retry_at_ms: 0, merge_percent: null });
          }
        },
        payload.now_ms,
      );
    },
    /** Back to changing things, as long as the merge has not begun. */
    publishWithdrawn(state, { payload }: OfDraft) {
      edit(state, payload.id, (draft) => {
        if (draft.publishing.status !== 'done' && isOpenForTakes(draft)) {
          draft.publishing = { status: 'editing' };
        }
      });
    },
    publishNeeds(state, { payload }: OfDraft<{ problem: ProblemCode }>) {
      edit(state, payload.id, (draft) => {
        if (draft.publishing.status === 'requested') {
          draft.publishing = { status: 'needs', problem: payload.problem };
        }
      });
    },
  },
  extraReducers: (builder) => {
    builder
      .addCase(onlineChanged, (state, { payload }) => {
        state.is_online = payload;
        if (payload) {
          endBackoffs(state);
        } else {
          pauseSending(state);
        }
      })
      .addCase(playerChanged, (state, { payload }) => {
        state.player = payload === null ? null : { id: payload.id, is_guest: payload.is_guest, server: baseUrl() };
        if (payload !== null) {
          inherit(state, payload.id);
          // Somebody has logged in: what waited for that goes on.
          unblock(state);
        }
      });
  },
});

export const challengeReducer = slice.reducer;
export const challengeActions = slice.actions;

function edit(state: ChallengeState, id: string, change: (draft: Draft) => void, nowMs?: number): void {
  const draft = state.drafts[id];
  if (draft === undefined) {
    return;
  }
  change(draft);
  if (nowMs !== undefined) {
    draft.updated_at_ms = nowMs;
  }
}

function change(state: ChallengeState, takeId: string, apply: (clip: LocalClip) => void): void {
  for (const clip of clipsOf(state)) {
    if (clip.take_id === takeId) {
      apply(clip);
    }
  }
}

function clipsOf(state: ChallengeState): LocalClip[] {
  return Object.values(state.drafts).flatMap(present);
}

function present(draft: Draft): LocalClip[] {
  return draft.clips.filter((clip) => clip !== null);
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

/** What another device has published leaves recordings of this one over: they begin a draft of their own. */
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

/** Everything of this device on its way from the beginning; what lies elsewhere is gone with its challenge. */
function beginAnew(draft: Draft): void {
  for (const [index, clip] of draft.clips.entries()) {
    draft.clips[index as SegmentIndex] = clip === null || clip.origin === 'elsewhere' ? null : newClip(clip, null);
  }
  draft.server_text = null;
  draft.server_updated_at = null;
}

/** A guest whom nobody can be again leaves their recordings to who plays next; what was only seen of another account goes. */
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

/** Where a recording goes: to its draft; where that is out or gone meanwhile, to one of its own. */
function draftForTakes(state: ChallengeState, id: string, nowMs: number): string {
  const draft = state.drafts[id];
  const open = draft === undefined || isOpenForTakes(draft) ? id : `${id}-left`;
  state.drafts[open] ??= newDraft(open, nowMs);
  return open;
}

function retire(draft: Draft, takeId: string | undefined): void {
  if (takeId !== undefined && !draft.old_takes.includes(takeId)) {
    draft.old_takes.push(takeId);
  }
}

function keepReviewed(draft: Draft): void {
  if (draft.review === null) {
    return;
  }
  const { index, take } = draft.review;
  const before = draft.clips[index];
  retire(draft, before?.origin === 'here' ? before.take_id : undefined);
  draft.clips[index] = newClip(take, before);
  draft.review = null;
}

function swap(draft: Draft, a: SegmentIndex, b: SegmentIndex, nowMs: number): void {
  const [first, second] = [draft.clips[a], draft.clips[b]];
  // Both would be sent again, and of what another device has recorded there are no bytes here.
  if (first?.origin === 'elsewhere' || second?.origin === 'elsewhere') {
    return;
  }
  // What lies at a place on the server stays there until the newcomer has arrived.
  draft.clips[a] = second && newClip(second, first);
  draft.clips[b] = first && newClip(first, second);
  [draft.statements[a], draft.statements[b]] = [draft.statements[b], draft.statements[a]];
  draft.lie_index = draft.lie_index === a ? b : draft.lie_index === b ? a : draft.lie_index;
  draft.edited_at_ms = Math.max(draft.edited_at_ms, nowMs);
}
