import { nanoid } from '@reduxjs/toolkit';
import { useEffect } from 'react';
import { challengeActions } from '../../lib/sending/challenge-slice.ts';
import type { Draft } from '../../lib/sending/draft.ts';
import { draftOf, openDraft } from '../../lib/sending/select-draft.ts';
import { startSending } from '../../lib/sending/start-sending.ts';
import { serverNow } from '../../lib/server-clock.ts';
import { useAppDispatch, useAppSelector } from '../../lib/store/store.ts';

/** The asked draft, else the one that was being made, else a new one. Null until the kept drafts are read. */
export function useDraft(id: string | null): Draft | null {
  const dispatch = useAppDispatch();
  const isLoaded = useAppSelector((state) => state.challenge.is_loaded);
  const draft = useAppSelector(({ challenge }) => (id === null ? null : draftOf(challenge, id)) ?? openDraft(challenge));
  useEffect(() => {
    void startSending();
  }, []);
  useEffect(() => {
    if (isLoaded && draft === null) {
      dispatch(challengeActions.draftBegun({ id: nanoid(), now_ms: serverNow() }));
    }
  }, [isLoaded, draft, dispatch]);
  return isLoaded ? draft : null;
}
