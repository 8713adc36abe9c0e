/** Clips of a browser: one Blob a take in IndexedDB. */
import type { ClipStore } from './clip-store.types.ts';

const DATABASE = '2t1l';
const CLIPS = 'clips';

/** Takes that the browser would not store (private window, full disk): as safe as the tab is open, which is better than lost. */
const inMemory = new Map<string, Blob>();

export const clipStore: ClipStore = {
  async put(takeId, source) {
    if (source.kind !== 'blob') {
      throw new TypeError('a browser keeps blobs');
    }
    // Asks the browser not to clear our data when space is short; its answer changes nothing here.
    void navigator.storage?.persist?.().catch(() => false);
    try {
      await withClips('readwrite', (clips) => clips.put(source.blob, takeId));
    } catch {
      inMemory.set(takeId, source.blob);
    }
  },
  async playable(takeId) {
    const blob = await read(takeId);
    if (blob === null) {
      return null;
    }
    const uri = URL.createObjectURL(blob);
    return { uri, release: () => URL.revokeObjectURL(uri) };
  },
  sendable: read,
  async remove(takeId) {
    inMemory.delete(takeId);
    await withClips('readwrite', (clips) => clips.delete(takeId)).catch(() => undefined);
  },
};

async function read(takeId: string): Promise<Blob | null> {
  const kept = inMemory.get(takeId);
  if (kept !== undefined) {
    return kept;
  }
  const found: unknown = await withClips('readonly', (clips) => clips.get(takeId)).catch(() => null);
  return found instanceof Blob ? found : null;
}

/** One request in a transaction of its own; settled when the transaction is, so that a clip said to be kept is on disk. */
async function withClips<T>(mode: IDBTransactionMode, ask: (clips: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await openDatabase();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(CLIPS, mode);
      const request = ask(transaction.objectStore(CLIPS));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(CLIPS);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new DOMException('blocked by another tab', 'AbortError'));
  });
}
