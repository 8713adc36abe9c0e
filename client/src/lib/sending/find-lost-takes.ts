/** After a crash: recordings whose bytes are here and that no draft names are put where the author looks at them. */
import { CLIP_MIN_SECONDS } from '@2t1l/game/limits';
import { serverNow } from '../server-clock.ts';
import { challengeActions } from './challenge-slice.ts';
import { clipStore } from './clip-store';
import type { StoredTake } from './clip-store.types.ts';
import { type Draft, takesOf } from './draft.ts';
import type { SenderStore } from './sender.ts';
import { heldTakes } from './take-lock';

/** Looks once, at the start. Answers how many it has found. */
export async function findLostTakes(store: SenderStore): Promise<number> {
  const [kept, held] = await Promise.all([clipStore.list(), heldTakes()]);
  const { offered, worthless } = sortLostTakes(store.getState().challenge.drafts, kept, held);
  for (const { draft_id, index, take } of offered) {
    store.dispatch(challengeActions.takeRecorded({ id: draft_id, index, take, ended_by: 'closed', now_ms: serverNow() }));
  }
  for (const { take } of worthless) {
    await clipStore.remove(take.take_id);
  }
  return offered.length;
}

/**
 * What to offer: one take a draft at most, as only one can be looked at at a time; the others wait for the next start. Worthless is
 * what the recorder would have refused as too short. A take that some tab is recording (`held`) is not lost.
 */
export function sortLostTakes(drafts: Record<string, Draft>, kept: readonly StoredTake[], held: ReadonlySet<string>) {
  const named = new Set(Object.values(drafts).flatMap(takesOf));
  const lost = kept.filter(({ take }) => !named.has(take.take_id) && !held.has(take.take_id));
  const busy = new Set(Object.values(drafts).flatMap((draft) => (draft.review === null ? [] : [draft.id])));
  const offered = lost.filter(({ draft_id, take }) => {
    const isOffered = take.duration_seconds >= CLIP_MIN_SECONDS && !busy.has(draft_id);
    if (isOffered) {
      busy.add(draft_id);
    }
    return isOffered;
  });
  return { offered, worthless: lost.filter(({ take }) => take.duration_seconds < CLIP_MIN_SECONDS) };
}
