/** Makes a recording safe: its bytes first, then the draft that names them. */
import type { SegmentIndex } from '@2t1l/game/challenge';
import { nanoid } from '@reduxjs/toolkit';
import type { EndedBy, FinishedClip, RecordedPiece } from '../recorder/recorder.types.ts';
import { serverNow } from '../server-clock.ts';
import { store } from '../store/store.ts';
import { challengeActions } from './challenge-slice.ts';
import { clipStore } from './clip-store';
import type { StoredTake } from './clip-store.types.ts';
import { saveDraftsNow } from './start-sending.ts';
import { holdTake } from './take-lock';

export interface Recording {
  take_id: string;
  /** Keeps a piece as it comes. A device without room says so at the end, when the whole take is there to be held. */
  addPiece(piece: RecordedPiece): void;
  /** Resolves when the recording would survive a crash. Throws when the device has no room for it; may be called again. */
  keep(clip: FinishedClip, endedBy: EndedBy): Promise<void>;
  /** The same without a crash in mind: it lives as long as the app is open. */
  hold(clip: FinishedClip, endedBy: EndedBy): Promise<void>;
  /** Nothing came of it. */
  drop(): void;
}

/** A recording of one statement begins. Until it is kept or dropped no other tab takes its pieces for what a crash has left. */
export function beginRecording(draftId: string, index: SegmentIndex): Recording {
  const take_id = nanoid();
  const letGo = holdTake(take_id);
  let count = 0;
  let writing: Promise<void> = Promise.resolve();
  const storedAs = (take: Omit<StoredTake['take'], 'take_id'>): StoredTake => ({ draft_id: draftId, index, take: { take_id, ...take } });
  const finish = (clip: FinishedClip, ended_by: EndedBy) => {
    const { source: _bytes, ...facts } = clip;
    const take = { take_id, ...facts };
    store.dispatch(challengeActions.takeRecorded({ id: draftId, index, take, ended_by, now_ms: serverNow() }));
    // The bytes say themselves where they belong: a draft that cannot be saved now is saved later, or found again by them.
    void saveDraftsNow().catch(() => undefined);
  };
  return {
    take_id,
    addPiece({ blob, media_type, elapsed_seconds }) {
      const number = count;
      count += 1;
      // How large the picture is is known at the end alone: 0 until then.
      const stored = storedAs({ media_type, duration_seconds: elapsed_seconds, width: 0, height: 0, size_bytes: blob.size });
      writing = writing.then(() => clipStore.addPiece(number, blob, stored)).catch(() => undefined);
    },
    async keep(clip, endedBy) {
      const { source, ...facts } = clip;
      await writing;
      await clipStore.put(source, storedAs(facts));
      finish(clip, endedBy);
      letGo();
    },
    async hold(clip, endedBy) {
      const { source, ...facts } = clip;
      await clipStore.hold(source, storedAs(facts));
      finish(clip, endedBy);
    },
    drop() {
      void writing
        .then(() => clipStore.remove(take_id))
        .catch(() => undefined)
        .finally(letGo);
    },
  };
}
