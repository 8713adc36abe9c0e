import type { SegmentIndex } from '@2t1l/game/challenge';
import { CLIP_MAX_SECONDS } from '@2t1l/game/limits';
import { LinearGradient } from 'expo-linear-gradient';
import { ScrollView, StyleSheet, View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { feel } from '../../../lib/haptics';
import { RecorderPreview } from '../../../lib/recorder/recorder-preview';
import { isTaking } from '../../../lib/recorder/recorder-state.ts';
import type { Draft } from '../../../lib/sending/draft.ts';
import { useKeys } from '../../../lib/use-keys';
import { space } from '../../../ui/theme.ts';
import { themed } from '../../../ui/theme-provider.tsx';
import { useText } from '../texts.ts';
import { CameraProblemView, KeepingProblem } from './camera-problem.tsx';
import { Controls } from './controls.tsx';
import { Countdown } from './countdown.tsx';
import { LevelBars } from './level-bars.tsx';
import type { PreviewWish } from './preview/preview.types.ts';
import { TellPreview } from './preview/tell-preview.tsx';
import { SafeFrame } from './safe-frame.tsx';
import { StatementCards } from './statement-cards.tsx';
import { TopBar } from './top-bar.tsx';
import { useCountdown } from './use-countdown.ts';
import type { StudioRecorder } from './use-recorder.ts';

interface Props {
  draft: Draft;
  index: SegmentIndex;
  studio: StudioRecorder;
  onIndex: (index: SegmentIndex) => void;
  onDone: () => void;
  preview: PreviewWish;
  onPreview: (wish: PreviewWish) => void;
}

/** The camera's picture with everything to record one statement. */
export function CameraView({ draft, index, studio, onIndex, onDone, preview, onPreview }: Props) {
  const t = useText();
  const styles = useStyles();
  const insets = useSafeAreaInsets();
  const { recorder, state, keeping } = studio;
  const countdown = useCountdown(() => {
    feel('record');
    void recorder.start();
  });

  const toggle = () => {
    if (isTaking(state)) {
      feel('record');
      void recorder.stop();
    } else if (countdown.left !== null) {
      countdown.cancel();
    } else if (state.status === 'live') {
      countdown.start();
    }
  };
  const pause = () => void (state.status === 'paused' ? recorder.resume() : recorder.pause());
  useKeys({ ' ': toggle, Enter: toggle, p: pause, P: pause, Escape: countdown.cancel });

  if (keeping.status === 'failed') {
    return <KeepingProblem clip={keeping.clip} name={t('statement_of', { number: index + 1 })} onRetry={studio.retryKeep} />;
  }
  if (state.status === 'blocked') {
    return <CameraProblemView problem={state.problem} onRetry={studio.retryOpen} onSilent={studio.openSilently} />;
  }
  const isBusy = isTaking(state) || countdown.left !== null;
  return (
    <View style={StyleSheet.absoluteFill}>
      <RecorderPreview recorder={recorder} label={t('preview')} />
      <LinearGradient pointerEvents="none" colors={['rgba(13, 10, 26, 0.72)', 'rgba(13, 10, 26, 0)']} style={styles.shadeTop} />
      <LinearGradient pointerEvents="none" colors={['rgba(13, 10, 26, 0)', 'rgba(13, 10, 26, 0.94)']} style={styles.shadeBottom} />
      <ScrollView
        style={StyleSheet.absoluteFill}
        contentContainerStyle={[styles.column, { paddingTop: insets.top + space.m, paddingBottom: insets.bottom + space.m }]}
        bounces={false}
        showsVerticalScrollIndicator={false}
      >
        <TopBar draft={draft} index={index} studio={studio} isBusy={isBusy} isCounting={countdown.left !== null} />
        <View style={styles.middle}>
          <View style={styles.face}>
            <SafeFrame />
            <Countdown left={countdown.left} />
          </View>
          <TellPreview recorder={recorder} wish={preview} onWish={onPreview} />
        </View>
        <LevelBars recorder={recorder} isOn={state.status === 'live' || state.status === 'recording'} />
        <Controls
          number={index + 1}
          state={state}
          isCounting={countdown.left !== null}
          limitSeconds={CLIP_MAX_SECONDS}
          onToggle={toggle}
          onPause={pause}
          onSwitch={studio.switchCamera}
        />
        <StatementCards draft={draft} index={index} isRecording={isTaking(state)} isLocked={isBusy} onIndex={onIndex} onDone={onDone} />
      </ScrollView>
    </View>
  );
}

const useStyles = themed(() => ({
  shadeTop: { position: 'absolute', top: 0, left: 0, right: 0, height: 190 },
  shadeBottom: { position: 'absolute', bottom: 0, left: 0, right: 0, height: 420 },
  // Scrolls where large text needs more than the screen.
  column: { flexGrow: 1, paddingHorizontal: space.l, gap: space.m },
  middle: { flexGrow: 1, gap: space.m },
  face: { flexGrow: 1, minHeight: 60, alignItems: 'center', justifyContent: 'center' },
}));
