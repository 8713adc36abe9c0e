import { CLIP_MAX_SECONDS } from '@2t1l/game/limits';
import { useEffect, useState } from 'react';
import type { TakeProblem } from '../../../lib/recorder/recorder.types.ts';
import { NOTHING_SEEN, type Warning, watchTake } from '../../../lib/recorder/watch-take.ts';
import { type CreateText, useText } from '../texts.ts';
import type { StudioRecorder } from './use-recorder.ts';

const LOOK_SECONDS = 0.5;
const LAST_SECONDS = 10;

/** One line on what to mind now. It changes seldom, so that a screen reader is not talked over. */
export function useHint({ recorder, state, keeping }: StudioRecorder, isCounting: boolean): string {
  const t = useText();
  const warning = useWarning(recorder, state.status);

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
        return t(refusalText(state.refused));
      }
      return keeping.status === 'saving' ? t('hint_saving') : t(warning === null ? 'hint_live' : `hint_${warning}`);
    case 'recording':
      if (state.elapsed_seconds >= CLIP_MAX_SECONDS - LAST_SECONDS) {
        return t('hint_last');
      }
      if (warning !== null) {
        return t(`hint_${warning}`);
      }
      // Nobody is told that they are heard where nothing listens to the level.
      return t(!state.camera.has_sound ? 'hint_silent' : recorder.level() === null ? 'hint_recording' : 'hint_hear');
    case 'paused':
      return t('hint_paused');
    case 'finishing':
    case 'finished':
      return t('hint_saving');
  }
}

/** The one thing that is wrong with light, sound, room or pictures; before the recording nobody is expected to speak. */
function useWarning(recorder: StudioRecorder['recorder'], status: StudioRecorder['state']['status']): Warning | null {
  const [watch, setWatch] = useState(NOTHING_SEEN);
  const isWatched = status === 'live' || status === 'recording';
  useEffect(() => {
    setWatch(NOTHING_SEEN);
    if (!isWatched) {
      return;
    }
    const isSpeaking = status === 'recording';
    const timer = setInterval(() => {
      const readings = recorder.readings();
      setWatch((before) => watchTake(before, isSpeaking ? readings : { ...readings, level: null, is_clipping: null }, LOOK_SECONDS));
    }, LOOK_SECONDS * 1000);
    return () => clearInterval(timer);
  }, [recorder, status, isWatched]);
  return watch.shown;
}

function refusalText(problem: TakeProblem): Parameters<CreateText>[0] {
  switch (problem) {
    case 'empty':
      return 'take_empty';
    case 'no_space':
      return 'no_space_to_start';
    default:
      return problem;
  }
}
