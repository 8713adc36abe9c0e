import AsyncStorage from '@react-native-async-storage/async-storage';
import { createAction, type Middleware } from '@reduxjs/toolkit';

/**
 * Slices kept between two starts. A slice takes its part of `hydrated` and decides itself what of it still holds.
 * `challenge` is not among them: its drafts are kept one by one (lib/sending/draft-persistence.ts).
 */
export const KEPT_SLICES = ['ui'] as const;
type Kept = Partial<Record<(typeof KEPT_SLICES)[number], unknown>>;

const KEY = '2t1l.store';
const SAVE_AFTER_MS = 300;

/** What was kept, handed to every slice once at the start. */
export const hydrated = createAction<Kept>('store/hydrated');

export async function readKept(): Promise<Kept> {
  try {
    return JSON.parse((await AsyncStorage.getItem(KEY)) ?? '{}') as Kept;
  } catch {
    return {};
  }
}

/** Saves the kept slices shortly after they change; nothing is written before `hydrated`, so nothing kept is lost. */
export function persistenceMiddleware(): Middleware {
  let ready = false;
  let timer: ReturnType<typeof setTimeout> | null = null;
  return (store) => (next) => (action) => {
    const before = store.getState() as Kept;
    const result = next(action);
    if (hydrated.match(action)) {
      ready = true;
      return result;
    }
    const after = store.getState() as Kept;
    if (ready && !timer && KEPT_SLICES.some((name) => before[name] !== after[name])) {
      timer = setTimeout(() => {
        timer = null;
        void save(store.getState() as Kept);
      }, SAVE_AFTER_MS);
    }
    return result;
  };
}

async function save(state: Kept): Promise<void> {
  const kept = Object.fromEntries(KEPT_SLICES.map((name) => [name, state[name]]));
  // A full or forbidden storage must not stop the game.
  await AsyncStorage.setItem(KEY, JSON.stringify(kept)).catch(() => undefined);
}
