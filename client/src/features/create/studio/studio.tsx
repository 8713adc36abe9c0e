import { SEGMENT_INDEXES, type SegmentIndex } from '@2t1l/game/challenge';
import { CANVAS_HEIGHT, CANVAS_WIDTH } from '@2t1l/game/limits';
import { useIsFocused } from 'expo-router/react-navigation';
import { useState } from 'react';
import { useWindowDimensions, View } from 'react-native';
import { challengeActions } from '../../../lib/sending/challenge-slice.ts';
import type { Draft } from '../../../lib/sending/draft.ts';
import { sendingText } from '../../../lib/sending/texts.ts';
import { serverNow } from '../../../lib/server-clock.ts';
import { useAppDispatch } from '../../../lib/store/store.ts';
import { undoShown } from '../../../lib/store/ui-slice.ts';
import { Spotlight } from '../../../ui/spotlight.tsx';
import { ThemeScope, themed } from '../../../ui/theme-provider.tsx';
import { CameraView } from './camera-view.tsx';
import type { PreviewWish } from './preview/preview.types.ts';
import { Review } from './review.tsx';
import { useRecorder } from './use-recorder.ts';

const LEAST_FRAME = 360;

interface Props {
  draft: Draft;
  index: SegmentIndex;
  /** Open the camera although this statement is there already. */
  again: boolean;
  onGo: (index: SegmentIndex, again: boolean) => void;
  onDone: () => void;
}

/** Where statements are recorded and looked at; a dark stage in both schemes. */
export function Studio(props: Props) {
  const styles = useStyles();
  const { width, height } = useWindowDimensions();
  // On a wide screen the studio has the canvas' shape, so that the author sees what the audience will.
  const frame = width > height ? Math.max((height * CANVAS_WIDTH) / CANVAS_HEIGHT, LEAST_FRAME) : width;
  return (
    <ThemeScope scheme="dark">
      <View role="main" style={styles.ground}>
        <Spotlight />
        <View style={[styles.frame, { maxWidth: frame }]}>
          <Scene {...props} />
        </View>
      </View>
    </ThemeScope>
  );
}

function Scene({ draft, index, again, onGo, onDone }: Props) {
  const dispatch = useAppDispatch();
  const isFocused = useIsFocused();
  // For as long as the studio is open: the next visit begins without it.
  const [preview, setPreview] = useState<PreviewWish>('off');
  const { review } = draft;
  const kept = draft.clips[index];
  const shown = review ?? (kept !== null && !again ? { index, take: kept } : null);
  const studio = useRecorder(draft.id, index, shown === null && isFocused);

  const goOn = (except: SegmentIndex | null) => {
    const next = SEGMENT_INDEXES.find((other) => other !== except && draft.clips[other] === null);
    if (next === undefined) {
      onDone();
    } else {
      onGo(next, false);
    }
  };
  const keep = () => {
    dispatch(challengeActions.takeKept({ id: draft.id, now_ms: serverNow() }));
    goOn(shown?.index ?? null);
  };
  const recordAgain = () => {
    if (review !== null) {
      // Put aside, not thrown away: its bytes stay until the challenge is out.
      const { index: place, take, ended_by } = review;
      const back = challengeActions.takeRecorded({ id: draft.id, index: place, take, ended_by, now_ms: serverNow() });
      dispatch(undoShown(sendingText('put_aside'), back));
    }
    dispatch(challengeActions.takeRejected({ id: draft.id, now_ms: serverNow() }));
    onGo(shown?.index ?? index, true);
  };
  const goTo = (next: SegmentIndex) => onGo(next, false);

  if (shown !== null) {
    return (
      <Review
        draft={draft}
        index={shown.index}
        take={shown.take}
        endedBy={review?.ended_by ?? 'author'}
        {...(review === null ? {} : { onKeep: keep })}
        onAgain={recordAgain}
        onBack={() => goOn(null)}
        onIndex={goTo}
      />
    );
  }
  return <CameraView draft={draft} index={index} studio={studio} onIndex={goTo} onDone={onDone} preview={preview} onPreview={setPreview} />;
}

const useStyles = themed(({ colors }) => ({
  ground: { flex: 1, backgroundColor: colors.background, alignItems: 'center' },
  frame: { flex: 1, width: '100%', overflow: 'hidden' },
}));
