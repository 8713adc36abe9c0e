/** Clips of a browser: the pieces that the recorder gave out, or the whole, as Blobs in IndexedDB. */
import type { ClipSource } from '../recorder/recorder.types.ts';
import type { ClipStore, StoredTake } from './clip-store.types.ts';
import { transact } from './database.web.ts';

interface Piece {
  blob: Blob;
  stored: StoredTake;
  /** On the first piece of a finished take: of how many it is made. */
  count?: number;
}

/** Takes that the browser would not store (private window, full disk); every tab holds them, so that each can send them. */
const inMemory = new Map<string, Blob>();
const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('2t1l.takes');
channel?.addEventListener('message', ({ data }: MessageEvent<{ take_id: string; blob: Blob | null }>) => {
  remember(data.take_id, data.blob);
});

export const clipStore: ClipStore = {
  async addPiece(number, blob, stored) {
    await transact('pieces', 'readwrite', (pieces) => pieces.put({ blob, stored } satisfies Piece, [stored.take.take_id, number]));
  },
  async put(source, stored) {
    // Asks the browser not to clear our data when space is short; its answer changes nothing here.
    void navigator.storage?.persist?.().catch(() => false);
    const whole = blobOf(source);
    const { take_id } = stored.take;
    await transact('pieces', 'readwrite', (pieces) => {
      const request = pieces.getAll(all(take_id));
      request.onsuccess = () => {
        const kept = request.result as Piece[];
        const [first] = kept;
        if (first !== undefined && sizeOf(kept) === whole.size) {
          pieces.put({ blob: first.blob, stored, count: kept.length } satisfies Piece, [take_id, 0]);
          return;
        }
        pieces.delete(all(take_id));
        pieces.put({ blob: whole, stored, count: 1 } satisfies Piece, [take_id, 0]);
      };
    });
    share(take_id, null);
  },
  async hold(source, stored) {
    share(stored.take.take_id, blobOf(source));
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
    share(takeId, null);
    await transact('pieces', 'readwrite', (pieces) => pieces.delete(all(takeId)));
  },
  async list() {
    const kept = await transact<Piece[]>('pieces', 'readonly', (pieces, answer) => {
      const request = pieces.getAll();
      request.onsuccess = () => answer(request.result as Piece[]);
    });
    const takes = new Map<string, Piece[]>();
    for (const piece of kept ?? []) {
      const { take_id } = piece.stored.take;
      takes.set(take_id, [...(takes.get(take_id) ?? []), piece]);
    }
    return [...takes.values()].flatMap(takeOf);
  },
};

function takeOf(pieces: Piece[]): StoredTake[] {
  const [first] = pieces;
  if (first === undefined) {
    return [];
  }
  const kept = { size_bytes: sizeOf(whole(pieces)) };
  if (first.count !== undefined) {
    return [{ ...first.stored, take: { ...first.stored.take, ...kept } }];
  }
  // Of a recording that broke off: a piece ends with the keyframe before it, so it holds what had been recorded at the one before.
  const duration_seconds = pieces.at(-2)?.stored.take.duration_seconds ?? 0;
  return [{ ...first.stored, take: { ...first.stored.take, ...kept, duration_seconds } }];
}

async function read(takeId: string): Promise<Blob | null> {
  const held = inMemory.get(takeId);
  if (held !== undefined) {
    return held;
  }
  const kept = await transact<Piece[]>('pieces', 'readonly', (pieces, answer) => {
    const request = pieces.getAll(all(takeId));
    request.onsuccess = () => answer(request.result as Piece[]);
  }).catch(() => undefined);
  const [first, ...others] = whole(kept ?? []);
  if (first === undefined) {
    return null;
  }
  return new Blob([first.blob, ...others.map(({ blob }) => blob)], { type: first.stored.take.media_type });
}

/** A piece that was written after the take was finished belongs to no take. */
function whole(pieces: Piece[]): Piece[] {
  return pieces.slice(0, pieces[0]?.count ?? pieces.length);
}

function sizeOf(pieces: Piece[]): number {
  return pieces.reduce((sum, { blob }) => sum + blob.size, 0);
}

/** Keys of one take (Indexed Database API 3.0, 2.4: an array sorts after every number). */
function all(takeId: string): IDBKeyRange {
  return IDBKeyRange.bound([takeId], [takeId, []]);
}

function blobOf(source: ClipSource): Blob {
  if (source.kind !== 'blob') {
    throw new TypeError('a browser keeps blobs');
  }
  return source.blob;
}

function share(takeId: string, blob: Blob | null): void {
  if (blob !== null || inMemory.has(takeId)) {
    remember(takeId, blob);
    channel?.postMessage({ take_id: takeId, blob });
  }
}

function remember(takeId: string, blob: Blob | null): void {
  if (blob === null) {
    inMemory.delete(takeId);
  } else {
    inMemory.set(takeId, blob);
  }
  if (inMemory.size > 0) {
    window.addEventListener('beforeunload', askBeforeLeaving);
  } else {
    window.removeEventListener('beforeunload', askBeforeLeaving);
  }
}

function askBeforeLeaving(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
