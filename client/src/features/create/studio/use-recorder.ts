import type { SegmentIndex } from '@2t1l/game/challenge';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { cameraActions } from '../../../lib/recorder/camera-slice.ts';
import { createRecorder } from '../../../lib/recorder/recorder';
import type { EndedBy, FinishedClip } from '../../../lib/recorder/recorder.types.ts';
import { storeTake } from '../../../lib/sending/store-take.ts';
import { store, useAppDispatch, useAppSelector } from '../../../lib/store/store.ts';

/** What became of the last recording until it is safe on the device. */
export type Keeping =
  | { status: 'none' }
  | { status: 'saving' }
  | { status: 'failed'; clip: FinishedClip }
  | { status: 'kept'; ended_by: EndedBy };

/** The camera of the studio: open while `isWanted`, every finished clip stored even if the studio was left meanwhile. */
export function useRecorder(draftId: string, index: SegmentIndex, isWanted: boolean) {
  const dispatch = useAppDispatch();
  const { facing, sound } = useAppSelector((state) => state.camera);
  const [keeping, setKeeping] = useState<Keeping>({ status: 'none' });
  const place = useRef({ draftId, index });
  useEffect(() => {
    place.current = { draftId, index };
  }, [draftId, index]);

  const [recorder] = useState(() =>
    createRecorder({
      onClip: (clip, ended_by) => void keep(clip, ended_by),
    }),
  );
  const state = useSyncExternalStore(recorder.subscribe, recorder.getState);

  async function keep(clip: FinishedClip, ended_by: EndedBy): Promise<void> {
    setKeeping({ status: 'saving' });
    try {
      await storeTake(place.current.draftId, place.current.index, clip);
      setKeeping({ status: 'kept', ended_by });
      recorder.release();
    } catch {
      setKeeping({ status: 'failed', clip });
    }
  }

  useEffect(() => {
    if (!isWanted) {
      return;
    }
    void recorder.open(store.getState().camera);
    return () => void recorder.close();
  }, [recorder, isWanted]);

  return {
    recorder,
    state,
    keeping,
    retryOpen: () => void recorder.open({ facing, sound }),
    openSilently: () => {
      dispatch(cameraActions.soundChosen(false));
      void recorder.open({ facing, sound: false });
    },
    switchCamera: () => {
      dispatch(cameraActions.facingChosen(facing === 'front' ? 'back' : 'front'));
      void recorder.switchCamera();
    },
    retryKeep: () => {
      if (keeping.status === 'failed') {
        void keep(keeping.clip, 'author');
      }
    },
  };
}

export type StudioRecorder = ReturnType<typeof useRecorder>;
