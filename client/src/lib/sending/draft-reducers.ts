/** What the author does to drafts. */
import type { SegmentIndex } from '@2t1l/game/challenge';
import { clipFromElsewhere } from './apply-server.ts';
import { type ChallengeState, edit, type OfDraft, retire } from './challenge-state.ts';
import { type Draft, type DraftText, freshWait, isOpenForTakes, newClip, newDraft, type Take, type TakeEnd } from './draft.ts';

/** Half of the `challenge` slice; the other is in sending-reducers.ts. */
export const draftReducers = {
  /** Another tab has changed a draft, or erased it. */
  draftCameFromOutside(state: ChallengeState, { payload }: OfDraft<{ draft: Draft | null }>) {
    if (payload.draft === null) {
      delete state.drafts[payload.id];
    } else {
      state.drafts[payload.id] = payload.draft;
    }
  },
  draftBegun(state: ChallengeState, { payload }: OfDraft<{ now_ms: number; prompt?: string | null }>) {
    state.drafts[payload.id] ??= newDraft(payload.id, payload.now_ms, payload.prompt ?? null);
  },
  draftEdited(state: ChallengeState, { payload }: OfDraft<{ text: Partial<DraftText>; now_ms: number }>) {
    edit(state, payload.id, (draft) => Object.assign(draft, payload.text, { edited_at_ms: payload.now_ms }), payload.now_ms);
  },
  /** A recording was finished and its bytes are safe; the author looks at it. */
  takeRecorded(state: ChallengeState, { payload }: OfDraft<{ index: SegmentIndex; take: Take; ended_by: TakeEnd; now_ms: number }>) {
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
  takeKept(state: ChallengeState, { payload }: OfDraft<{ now_ms: number }>) {
    edit(state, payload.id, keepReviewed, payload.now_ms);
  },
  takeRejected(state: ChallengeState, { payload }: OfDraft<{ now_ms: number }>) {
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
  statementsSwapped(state: ChallengeState, { payload }: OfDraft<{ a: SegmentIndex; b: SegmentIndex; now_ms: number }>) {
    edit(state, payload.id, (draft) => swap(draft, payload.a, payload.b, payload.now_ms), payload.now_ms);
  },
  /** The author has said which recording of a statement counts: this device's, or the one that another has sent. The other is kept. */
  contestSettled(state: ChallengeState, { payload }: OfDraft<{ index: SegmentIndex; use: 'mine' | 'theirs' }>) {
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
  draftDeleted(state: ChallengeState, { payload }: OfDraft<{ now_ms: number }>) {
    edit(state, payload.id, (draft) => {
      draft.deleted_at_ms = payload.now_ms;
    });
  },
  draftRestored(state: ChallengeState, { payload }: OfDraft<{ now_ms: number }>) {
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
  draftErased(state: ChallengeState, { payload }: OfDraft) {
    delete state.drafts[payload.id];
  },
  /** The challenge is out, so its bytes were let go. */
  draftCleaned(state: ChallengeState, { payload }: OfDraft) {
    edit(state, payload.id, (draft) => {
      draft.is_cleaned = true;
      draft.old_takes = [];
    });
  },
  publishAsked(state: ChallengeState, { payload }: OfDraft<{ now_ms: number }>) {
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
  publishWithdrawn(state: ChallengeState, { payload }: OfDraft) {
    edit(state, payload.id, (draft) => {
      if (draft.publishing.status !== 'done' && isOpenForTakes(draft)) {
        draft.publishing = { status: 'editing' };
      }
    });
  },
};

function draftForTakes(state: ChallengeState, id: string, nowMs: number): string {
  const draft = state.drafts[id];
  const open = draft === undefined || isOpenForTakes(draft) ? id : `${id}-left`;
  state.drafts[open] ??= newDraft(open, nowMs);
  return open;
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
