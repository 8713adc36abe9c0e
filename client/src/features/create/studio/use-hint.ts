import { CLIP_MAX_SECONDS } from '@2t1l/game/limits';
import { useEffect, useState } from 'react';
import { useText } from '../texts.ts';
import type { StudioRecorder } from './use-recorder.ts';

const LOOK_MS = 250;
/** Level above which speech is well heard, and how long silence may last before we say something. */
const HEARD = 0.22;
const PATIENCE_SECONDS = 3;
const LAST_SECONDS = 10;

/** One line on what to mind now. It changes seldom, so that a screen reader is not talked over. */
export function useHint({ recorder, state, keeping }: StudioRecorder, isCounting: boolean): string {
  const t = useText();
  const [quietSeconds, setQuietSeconds] = useState(0);
  const isRecording = state.status === 'recording';
  useEffect(() => {
    if (!isRecording) {
      setQuietSeconds(0);
      return;
    }
    const timer = setInterval(() => {
      const level = recorder.level();
      setQuietSeconds((before) => (level === null || level > HEARD ? 0 : before + LOOK_MS / 1000));
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [recorder, isRecording]);

  if (isCounting) {
    return t('hint_countdown');
  }
  switch (state.status) {
    case 'closed':
    case 'opening':
    case 'blocked':
      return t('opening');
    case 'live':
      if (state.refused !== null) {
        return t(state.refused === 'empty' ? 'take_empty' : state.refused);
      }
      return keeping.status === 'saving' ? t('hint_saving') : t('hint_live');
    case 'recording':
      if (state.elapsed_seconds >= CLIP_MAX_SECONDS - LAST_SECONDS) {
        return t('hint_last');
      }
      if (!state.camera.has_sound) {
        return t('hint_silent');
      }
      return quietSeconds >= PATIENCE_SECONDS ? t('hint_quiet') : t('hint_hear');
    case 'paused':
      return t('hint_paused');
    case 'finishing':
    case 'finished':
      return t('hint_saving');
  }
}
