/** Which draft a screen is about. */
import type { ChallengeState } from './challenge-slice.ts';
import { type Draft, hasContent, isForeign } from './draft.ts';

/** The drafts of who plays now. */
export function ownDrafts({ drafts, player }: Pick<ChallengeState, 'drafts' | 'player'>): Draft[] {
  return Object.values(drafts).filter((draft) => !isForeign(draft, player));
}

/** The draft with this id, or the one of this challenge; deleted ones are not there. */
export function draftOf(state: ChallengeState, id: string): Draft | null {
  const all = ownDrafts(state);
  const draft = all.find((other) => other.id === id) ?? all.find((other) => other.challenge_id === id);
  return draft === undefined || draft.deleted_at_ms !== null ? null : draft;
}

/** The newest draft that the author is still making; one with something in it before an empty one. One that is on its way to the audience is not touched by accident. */
export function openDraft(state: ChallengeState): Draft | null {
  const open = ownDrafts(state).filter((draft) => draft.deleted_at_ms === null && isBeingMade(draft));
  return open.sort((a, b) => Number(hasContent(b)) - Number(hasContent(a)) || b.updated_at_ms - a.updated_at_ms)[0] ?? null;
}

/** Drafts that were asked to be published and are not out yet. */
export function draftsOnTheirWay(state: ChallengeState): Draft[] {
  return ownDrafts(state).filter((draft) => draft.deleted_at_ms === null && draft.publishing.status !== 'done' && !isBeingMade(draft));
}

function isBeingMade(draft: Draft): boolean {
  return draft.publishing.status === 'editing' || draft.publishing.status === 'needs';
}
