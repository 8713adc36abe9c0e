import AsyncStorage from '@react-native-async-storage/async-storage';
import type { Draft } from './draft.ts';
import type { DraftStore } from './draft-store.types.ts';

/** Changes with the shape of a draft. */
const PREFIX = '2t1l.draft.2.';

export const draftStore: DraftStore = {
  async list() {
    const keys = (await AsyncStorage.getAllKeys()).filter((key) => key.startsWith(PREFIX));
    const entries = await AsyncStorage.multiGet(keys);
    return entries.flatMap(([, text]) => parse(text));
  },
  async update(id, change) {
    const [before = null] = parse(await AsyncStorage.getItem(PREFIX + id));
    const next = change(before);
    if (next === null) {
      await AsyncStorage.removeItem(PREFIX + id);
    } else {
      await AsyncStorage.setItem(PREFIX + id, JSON.stringify(next));
    }
    return next;
  },
  // One app, one process: nobody else writes.
  onChange: () => undefined,
};

function parse(text: string | null): Draft[] {
  try {
    const draft = JSON.parse(text ?? 'null') as Draft | null;
    return draft === null ? [] : [draft];
  } catch {
    return [];
  }
}
