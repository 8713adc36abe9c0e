/**
 * Drafts on the device, one entry each: two tabs then never write over each other's drafts. Every change is saved within a
 * third of a second, a recording at once.
 */
import AsyncStorage from '@react-native-async-storage/async-storage';
import { type ChallengeState, challengeActions } from './challenge-slice.ts';
import type { Draft } from './draft.ts';
import type { SenderStore } from './sender.ts';

/** Changes with the shape of a draft. */
const PREFIX = '2t1l.draft.1.';
const SAVE_AFTER_MS = 300;

/** Everything that was kept. One unreadable entry does not take the others with it. */
export async function readDrafts(): Promise<Record<string, Draft>> {
  const keys = (await AsyncStorage.getAllKeys()).filter((key) => key.startsWith(PREFIX));
  const entries = await AsyncStorage.multiGet(keys);
  return Object.fromEntries(entries.flatMap(([, text]) => parse(text)).map((draft) => [draft.id, draft]));
}

export interface DraftKeeper {
  /** Saves now what has changed. */
  flush(): Promise<void>;
  /** Told by another tab that an entry was written or removed. */
  onOutsideChange(key: string | null, text: string | null): void;
  stop(): void;
}

/** Saves drafts as they change. Start it after `readDrafts`, or what was kept is taken for erased. */
export function keepDrafts(store: SenderStore): DraftKeeper {
  let saved: ChallengeState['drafts'] = store.getState().challenge.drafts;
  let timer: ReturnType<typeof setTimeout> | null = null;

  async function flush(): Promise<void> {
    if (timer !== null) {
      clearTimeout(timer);
      timer = null;
    }
    const now = store.getState().challenge.drafts;
    const changed = Object.values(now).filter((draft) => saved[draft.id] !== draft);
    const gone = Object.keys(saved).filter((id) => now[id] === undefined);
    saved = now;
    await Promise.all([
      ...changed.map((draft) => AsyncStorage.setItem(PREFIX + draft.id, JSON.stringify(draft))),
      ...gone.map((id) => AsyncStorage.removeItem(PREFIX + id)),
    ]);
  }

  const unsubscribe = store.subscribe(() => {
    if (timer === null && store.getState().challenge.drafts !== saved) {
      timer = setTimeout(() => void flush().catch(() => undefined), SAVE_AFTER_MS);
    }
  });

  return {
    flush,
    onOutsideChange(key, text) {
      if (!key?.startsWith(PREFIX)) {
        return;
      }
      const id = key.slice(PREFIX.length);
      // A change of ours that is not saved yet wins; it reaches the other tab in a moment.
      if (store.getState().challenge.drafts[id] !== saved[id]) {
        return;
      }
      const draft = parse(text)[0] ?? null;
      store.dispatch(challengeActions.draftCameFromOutside({ id, draft }));
      saved = { ...saved };
      const kept = store.getState().challenge.drafts[id];
      if (kept === undefined) {
        delete saved[id];
      } else {
        saved[id] = kept;
      }
    },
    stop() {
      unsubscribe();
      if (timer !== null) {
        clearTimeout(timer);
      }
    },
  };
}

function parse(text: string | null): Draft[] {
  try {
    const draft: unknown = JSON.parse(text ?? 'null');
    return isDraft(draft) ? [draft] : [];
  } catch {
    return [];
  }
}

/** Only we write these entries, and the prefix names their shape. */
function isDraft(value: unknown): value is Draft {
  return typeof value === 'object' && value !== null && 'id' in value && 'clips' in value;
}
