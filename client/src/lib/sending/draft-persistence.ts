/**
 * Keeps drafts on the device as they change: every change within a third of a second, a recording at once. Tabs share the entries;
 * each change is merged into what lies there, so that no tab writes over another's.
 */
import { challengeActions } from './challenge-slice.ts';
import { type Draft, takesOf } from './draft.ts';
import type { DraftStore } from './draft-store.types.ts';
import { mergeDrafts } from './merge-drafts.ts';
import type { SenderStore } from './sender.ts';

const SAVE_AFTER_MS = 300;
/** Where the device would not save: until it has room. */
const TRY_AGAIN_MS = 3000;

export interface DraftKeeper {
  /** Saves now what has changed. Throws where the device has no room; it tries again by itself. */
  flush(): Promise<void>;
  stop(): void;
}

/** Saves drafts as they change. Start it with what was read in the store, or that is taken for erased. */
export function keepDrafts(store: SenderStore, drafts: DraftStore): DraftKeeper {
  /** Per draft what this tab last saw on the device: what differs from it is news of this tab. */
  const seen = new Map<string, Draft>(Object.entries(now()));
  let timer: ReturnType<typeof setTimeout> | null = null;
  let flushing: Promise<void> = Promise.resolve();

  function now(): Record<string, Draft> {
    return store.getState().challenge.drafts;
  }

  function changed(): string[] {
    const here = now();
    const edited = Object.keys(here).filter((id) => here[id] !== seen.get(id));
    return [...edited, ...[...seen.keys()].filter((id) => here[id] === undefined)];
  }

  async function save(id: string): Promise<void> {
    const base = seen.get(id) ?? null;
    const mine = now()[id] ?? null;
    const kept = await drafts.update(id, (theirs) => outcomeOf(base, mine, theirs));
    take(id, mine, kept);
  }

  /** Takes over what lies on the device, with all that has changed here since `base`. */
  function take(id: string, base: Draft | null, kept: Draft | null): void {
    const mine = now()[id] ?? null;
    const next = outcomeOf(base, mine, kept);
    if (!isSame(next, mine)) {
      store.dispatch(challengeActions.draftCameFromOutside({ id, draft: next }));
    }
    const here = now()[id];
    const last = isSame(here ?? null, kept) ? here : kept;
    if (last === undefined || last === null) {
      seen.delete(id);
    } else {
      seen.set(id, last);
    }
  }

  function flush(): Promise<void> {
    if (timer !== null) {
      clearTimeout(timer);
      timer = null;
    }
    // One after the other: each knows what the one before has left.
    flushing = flushing.catch(() => undefined).then(() => Promise.all(changed().map(save)).then(() => undefined));
    flushing.catch(() => plan(TRY_AGAIN_MS));
    return flushing;
  }

  function plan(afterMs: number): void {
    timer ??= setTimeout(() => void flush().catch(() => undefined), afterMs);
  }

  const unsubscribe = store.subscribe(() => {
    if (timer === null && changed().length > 0) {
      plan(SAVE_AFTER_MS);
    }
  });
  drafts.onChange((id) => {
    void drafts
      .update(id, (kept) => kept)
      .then((kept) => take(id, seen.get(id) ?? null, kept))
      .catch(() => undefined);
  });

  return {
    flush,
    stop() {
      unsubscribe();
      if (timer !== null) {
        clearTimeout(timer);
      }
    },
  };
}

/** What is to be kept of a draft; null where it was erased, here or by another tab. A recording made meanwhile brings it back. */
function outcomeOf(base: Draft | null, mine: Draft | null, theirs: Draft | null): Draft | null {
  if (mine !== null && theirs !== null) {
    return mine === theirs ? theirs : mergeDrafts(base, mine, theirs);
  }
  const one = mine ?? theirs;
  if (one === null || base === null) {
    return one;
  }
  const known = new Set(takesOf(base));
  return takesOf(one).some((take) => !known.has(take)) ? one : null;
}

function isSame(a: Draft | null, b: Draft | null): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
