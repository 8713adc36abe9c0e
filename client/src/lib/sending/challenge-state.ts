/** What the `challenge` slice holds, and how its reducers reach into it. */
import type { PayloadAction } from '@reduxjs/toolkit';
import type { Draft, LocalClip, Owner } from './draft.ts';

export interface ChallengeState {
  drafts: Record<string, Draft>;
  /** False until the drafts of the last time were read from the device; nothing is sent or saved before that. */
  is_loaded: boolean;
  is_online: boolean;
  /** Who plays now; null while that is nobody. */
  player: Owner | null;
}

/** What an action about one draft carries. */
export type OfDraft<T = object> = PayloadAction<{ id: string } & T>;

/** Changes a draft where there is one; `nowMs`: the author has changed it, then. */
export function edit(state: ChallengeState, id: string, change: (draft: Draft) => void, nowMs?: number): void {
  const draft = state.drafts[id];
  if (draft === undefined) {
    return;
  }
  change(draft);
  if (nowMs !== undefined) {
    draft.updated_at_ms = nowMs;
  }
}

/** Every clip of every draft. */
export function clipsOf(state: ChallengeState): LocalClip[] {
  return Object.values(state.drafts).flatMap(present);
}

function present(draft: Draft): LocalClip[] {
  return draft.clips.filter((clip) => clip !== null);
}

/** Puts a take aside: its bytes stay until the challenge is out. */
export function retire(draft: Draft, takeId: string | undefined): void {
  if (takeId !== undefined && !draft.old_takes.includes(takeId)) {
    draft.old_takes.push(takeId);
  }
}
