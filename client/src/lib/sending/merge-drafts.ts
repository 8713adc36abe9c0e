/** Two versions of one draft, from two tabs: what only one has changed is taken, and no recording of either is ever dropped. */
import { type Draft, type LocalClip, newDraft, takesOf } from './draft.ts';
import { mergeTexts, textOf } from './draft-text.ts';

/** Three-way. `known` is what both began from; where that is not known, an empty draft. Takes are lost only where the challenge is out and its bytes were let go. */
export function mergeDrafts(known: Draft | null, mine: Draft, theirs: Draft): Draft {
  const base = known ?? newDraft(mine.id, Math.min(mine.created_at_ms, theirs.created_at_ms));
  const later = mine.updated_at_ms >= theirs.updated_at_ms ? mine : theirs;
  const pick = <K extends keyof Draft>(key: K): Draft[K] => {
    if (isSame(theirs[key], base[key])) {
      return mine[key];
    }
    return isSame(mine[key], base[key]) ? theirs[key] : later[key];
  };
  const rest = Object.fromEntries((Object.keys(mine) as (keyof Draft)[]).map((key) => [key, pick(key)])) as unknown as Draft;
  const clip = (index: 0 | 1 | 2) => mergeClips(base.clips[index], mine.clips[index], theirs.clips[index], later === mine);
  const merged: Draft = {
    ...rest,
    ...mergeTexts(textOf(base), textOf(mine), textOf(theirs), mine.edited_at_ms >= theirs.edited_at_ms),
    edited_at_ms: Math.max(mine.edited_at_ms, theirs.edited_at_ms),
    updated_at_ms: later.updated_at_ms,
    clips: [clip(0), clip(1), clip(2)],
    publishing: [mine, theirs].find(({ publishing }) => publishing.status === 'done')?.publishing ?? rest.publishing,
    is_cleaned: mine.is_cleaned || theirs.is_cleaned,
    old_takes: [],
  };
  return { ...merged, old_takes: merged.is_cleaned ? [] : left(merged, [...takesOf(mine), ...takesOf(theirs)]) };
}

/** Of one place. Of the same take the version that is further on its way counts: it has heard more from the server. */
function mergeClips(base: LocalClip | null, mine: LocalClip | null, theirs: LocalClip | null, isMineLater: boolean): LocalClip | null {
  if (isSame(mine, base)) {
    return theirs;
  }
  if (isSame(theirs, base)) {
    return mine;
  }
  if (mine !== null && theirs !== null && mine.take_id === theirs.take_id) {
    return progress(mine) >= progress(theirs) ? mine : theirs;
  }
  return (isMineLater ? mine : theirs) ?? mine ?? theirs;
}

const ORDER: Record<LocalClip['sending']['status'], number> = {
  waiting: 0,
  sending: 0,
  contested: 1,
  blocked: 1,
  checking: 2,
  refused: 3,
  ready: 3,
};

function progress({ sending, size_bytes }: LocalClip): number {
  return ORDER[sending.status] + ('sent_bytes' in sending ? sending.sent_bytes / (size_bytes + 1) : 0);
}

/** Takes that lie nowhere in the draft any more; each once. */
function left(draft: Draft, takes: string[]): string[] {
  const placed = new Set(takesOf(draft));
  return [...new Set(takes)].filter((take) => !placed.has(take));
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
