/**
 * The browser's IndexedDB for what must outlive a crash. Not localStorage: Chromium writes that to disk seconds later, so a killed
 * browser forgets it, and it holds five megabytes in all.
 */
const DATABASE = '2t1l';
const VERSION = 2;
const STORES = ['pieces', 'drafts'] as const;

/** `pieces`: bytes of takes under `[take_id, number]`. `drafts`: each under its id. */
export type StoreName = (typeof STORES)[number];

/**
 * One transaction. `work` makes its requests and hands the outcome to `answer`; the promise is settled when the transaction is, so
 * what was said to be kept is on disk. Throws a DOMException, `QuotaExceededError` where there is no room.
 */
export async function transact<T>(
  name: StoreName,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore, answer: (value: T) => void) => void,
): Promise<T | undefined> {
  const database = await openDatabase();
  try {
    return await new Promise<T | undefined>((resolve, reject) => {
      let answered: T | undefined;
      const transaction = database.transaction(name, mode, { durability: mode === 'readwrite' ? 'strict' : 'default' });
      transaction.oncomplete = () => resolve(answered);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
      work(transaction.objectStore(name), (value) => {
        answered = value;
      });
    });
  } finally {
    database.close();
  }
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, VERSION);
    request.onupgradeneeded = () => {
      const database = request.result;
      for (const name of STORES.filter((one) => !database.objectStoreNames.contains(one))) {
        database.createObjectStore(name);
      }
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new DOMException('blocked by another tab', 'AbortError'));
  });
}
