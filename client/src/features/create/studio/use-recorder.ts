import type { SegmentIndex } from '@2t1l/game/challenge';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { Platform } from 'react-native';
import { cameraActions } from '../../../lib/recorder/camera-slice.ts';
import { createRecorder } from '../../../lib/recorder/recorder';
import type { EndedBy, FinishedClip } from '../../../lib/recorder/recorder.types.ts';
import { beginRecording, type Recording } from '../../../lib/sending/store-take.ts';
import { takeName } from '../../../lib/sending/take-name.ts';
import { store, useAppDispatch, useAppSelector } from '../../../lib/store/store.ts';

/** What became of the last recording until it is safe on the device. */
export type Keeping =
  | { status: 'none' }
  | { status: 'saving' }
  | { status: 'failed'; clip: FinishedClip; ended_by: EndedBy }
  | { status: 'kept' };

/** The camera of the studio: open while `isWanted`, every finished clip stored even if the studio was left meanwhile. */
export function useRecorder(draftId: string, index: SegmentIndex, isWanted: boolean) {
  const dispatch = useAppDispatch();
  const { facing, sound } = useAppSelector((state) => state.camera);
  const [keeping, setKeeping] = useState<Keeping>({ status: 'none' });
  const place = useRef({ draftId, index });
  useEffect(() => {
    place.current = { draftId, index };
  }, [draftId, index]);

  const isGone = useRef(false);
  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
    };
  }, []);
  const recording = useRef<Recording | null>(null);
  const current = () => {
    recording.current ??= beginRecording(place.current.draftId, place.current.index);
    return recording.current;
  };
  const [recorder] = useState(() =>
    createRecorder({
      takeName: () => takeName(place.current.draftId, place.current.index),
      onPiece: (piece) => current().addPiece(piece),
      onClip: (clip, ended_by) => void keep(clip, ended_by, 'keep'),
    }),
  );
  const state = useSyncExternalStore(recorder.subscribe, recorder.getState);

  async function keep(clip: FinishedClip, ended_by: EndedBy, how: 'keep' | 'hold'): Promise<void> {
    setKeeping({ status: 'saving' });
    try {
      await current()[how](clip, ended_by);
      recording.current = null;
      setKeeping({ status: 'kept' });
      recorder.release();
    } catch {
      if (isGone.current) {
        // Nobody is here to be asked: better in memory than lost.
        await current().hold(clip, ended_by);
      }
      setKeeping({ status: 'failed', clip, ended_by });
    }
  }

  // A take of which nothing came leaves nothing behind.
  const isRefused = state.status === 'live' && state.refused !== null;
  useEffect(() => {
    if (isRefused) {
      recording.current?.drop();
      recording.current = null;
    }
  }, [isRefused]);
  useWarning(keeping.status === 'saving' || keeping.status === 'failed');

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
    /** Once more what failed; `hold`: in memory alone, so that the author can go on. */
    retryKeep: (how: 'keep' | 'hold') => {
      if (keeping.status === 'failed') {
        void keep(keeping.clip, keeping.ended_by, how);
      }
    },
  };
}

/** The browser asks before the page goes while a recording is only in memory. A phone's lies in a file. */
function useWarning(isOn: boolean): void {
  useEffect(() => {
    if (!isOn || Platform.OS !== 'web') {
      return;
    }
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isOn]);
}

export type StudioRecorder = ReturnType<typeof useRecorder>;
