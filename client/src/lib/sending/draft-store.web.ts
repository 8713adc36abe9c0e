import { transact } from './database.web.ts';
import type { Draft } from './draft.ts';
import type { DraftStore } from './draft-store.types.ts';

const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('2t1l.drafts');

export const draftStore: DraftStore = {
  async list() {
    const kept = await transact<Draft[]>('drafts', 'readonly', (drafts, answer) => {
      const request = drafts.getAll();
      request.onsuccess = () => answer(request.result as Draft[]);
    });
    return kept ?? [];
  },
  async update(id, change) {
    let isNews = false;
    const kept = await transact<Draft | null>('drafts', 'readwrite', (drafts, answer) => {
      const request = drafts.get(id);
      request.onsuccess = () => {
        const before = (request.result as Draft | undefined) ?? null;
        const next = change(before);
        answer(next);
        isNews = next !== before;
        if (!isNews) {
          return;
        }
        if (next === null) {
          drafts.delete(id);
        } else {
          drafts.put(next, id);
        }
      };
    });
    if (isNews) {
      channel?.postMessage(id);
    }
    return kept ?? null;
  },
  onChange(listener) {
    channel?.addEventListener('message', ({ data }: MessageEvent<string>) => listener(data));
  },
};
