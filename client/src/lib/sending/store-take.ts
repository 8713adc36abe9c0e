/** Makes a recording safe: its bytes first, then the draft that names them. */
import type { SegmentIndex } from '@2t1l/game/challenge';
import { nanoid } from '@reduxjs/toolkit';
import type { FinishedClip } from '../recorder/recorder.types.ts';
import { store } from '../store/store.ts';
import { challengeActions } from './challenge-slice.ts';
import { clipStore } from './clip-store';
import { saveDraftsNow } from './start-sending.ts';

/** Resolves when the recording would survive a crash. Throws when the device has no room for it. */
export async function storeTake(draftId: string, index: SegmentIndex, clip: FinishedClip): Promise<void> {
  const { source, ...facts } = clip;
  const take_id = nanoid();
  await clipStore.put(take_id, source);
  store.dispatch(challengeActions.takeRecorded({ id: draftId, index, take: { take_id, ...facts }, now_ms: Date.now() }));
  await saveDraftsNow();
}
