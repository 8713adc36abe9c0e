/** One draft after some actions. */
import { challengeReducer } from '../challenge-slice.ts';
import type { ChallengeState } from '../challenge-state.ts';
import type { ClipSending, Draft } from '../draft.ts';
import { buildClip, buildDraft } from './build-draft.ts';

export type Action = Parameters<typeof challengeReducer>[1];

/** What the server has found good. */
export const READY: ClipSending = { status: 'ready', notices: [] };
export const CHECKING: ClipSending = { status: 'checking' };

export function stateWith(draft: Draft): ChallengeState {
  return { drafts: { [draft.id]: draft }, is_loaded: true, is_online: true, player: null };
}

export function outcome(draft: Draft, ...actions: Action[]): Draft {
  const next = actions.reduce(challengeReducer, stateWith(draft)).drafts[draft.id];
  if (next === undefined) {
    throw new Error('the draft is gone');
  }
  return next;
}

/** A draft whose first statement is the take `take`, so far on its way. */
export function withClip(sending: ClipSending): Draft {
  return buildDraft({ challenge_id: 'challenge', clips: [buildClip('take', sending), null, null] });
}
