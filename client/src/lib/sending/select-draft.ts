/** Which draft a screen is about. */
import type { ChallengeState } from './challenge-state.ts';
import { type Draft, hasContent, isForeign, takesOf } from './draft.ts';

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

/** The newest draft that the author is still making on this device; one with something in it before an empty one. One that is on its way to the audience is not touched by accident. */
export function openDraft(state: ChallengeState): Draft | null {
  const open = draftsBeingMade(state).filter((draft) => !isFromElsewhere(draft));
  return open.sort((a, b) => Number(hasContent(b)) - Number(hasContent(a)) || b.updated_at_ms - a.updated_at_ms)[0] ?? null;
}

/** The newest draft with something in it that was begun on another device, and of which nothing was recorded on this one: opened only when its author says so. */
export function draftFromElsewhere(state: ChallengeState): Draft | null {
  const drafts = draftsBeingMade(state).filter((draft) => isFromElsewhere(draft) && hasContent(draft));
  return drafts.sort((a, b) => changedAt(b).localeCompare(changedAt(a)))[0] ?? null;
}

/** Drafts that were asked to be published and are not out yet. */
export function draftsOnTheirWay(state: ChallengeState): Draft[] {
  return ownDrafts(state).filter((draft) => draft.deleted_at_ms === null && draft.publishing.status !== 'done' && !isBeingMade(draft));
}

function draftsBeingMade(state: ChallengeState): Draft[] {
  return ownDrafts(state).filter((draft) => draft.deleted_at_ms === null && isBeingMade(draft));
}

/** The server's list brings a draft of another device under its challenge's id. */
function isFromElsewhere(draft: Draft): boolean {
  return draft.id === draft.challenge_id && takesOf(draft).length === 0;
}

function changedAt({ server_updated_at }: Draft): string {
  return server_updated_at ?? '';
}

function isBeingMade(draft: Draft): boolean {
  return draft.publishing.status === 'editing' || draft.publishing.status === 'needs';
}
