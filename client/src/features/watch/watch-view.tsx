import type { Challenge } from '@2t1l/contract/schemas';
import { useMemo, useState } from 'react';
import { ScrollView, useWindowDimensions, View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { useKeys } from '../../lib/use-keys';
import { Button } from '../../ui/button.tsx';
import { Title } from '../../ui/text.tsx';
import { COLUMN, radius, space, stage, WIDE } from '../../ui/theme.ts';
import { themed } from '../../ui/theme-provider.tsx';
import { GuessPanel } from './guess-panel.tsx';
import { useText } from './texts.ts';
import { useVideoSource } from './use-challenge.ts';
import { usePlayback } from './use-playback.ts';
import { VideoStage } from './video-stage.tsx';

interface Props {
  challenge: Challenge;
  onClose: () => void;
  /** Back to the answer, where it was earned before. */
  onAnswer: (() => void) | null;
  refetch: () => Promise<unknown>;
  /** False while only a kept copy is there: its signed address may have expired. */
  isFresh: boolean;
}

export function WatchView({ challenge, onClose, onAnswer, refetch, isFresh }: Props) {
  const styles = useStyles();
  const t = useText();
  const insets = useSafeAreaInsets();
  const { width, height } = useWindowDimensions();
  const isWide = width >= WIDE;
  const [attempt, setAttempt] = useState(0);
  const playback = usePlayback(useVideoSource(isFresh ? challenge.video_url : null, attempt), challenge.segments);
  const { toggle, jump } = playback;
  useKeys(
    useMemo(
      () => ({ ' ': toggle, k: toggle, '1': () => jump(0), '2': () => jump(1), '3': () => jump(2), Escape: onClose }),
      [toggle, jump, onClose],
    ),
  );

  const retry = () => void refetch().finally(() => setAttempt((count) => count + 1));
  const film = <VideoStage challenge={challenge} playback={playback} onClose={onClose} onRetry={retry} />;
  const below = onAnswer ? <Button title={t('to_answer')} onPress={onAnswer} /> : <GuessPanel challenge={challenge} />;

  if (isWide) {
    const frame = Math.min(height - 2 * space.xl, 860);
    return (
      <View role="main" style={styles.wide}>
        <View style={[styles.frame, { height: frame, width: frame * 0.5625 }]}>{film}</View>
        <ScrollView style={styles.side} contentContainerStyle={styles.sideInner}>
          <Title>{challenge.title || t('by', { name: challenge.author.username })}</Title>
          <Title level={2} color="dim">
            {t('picks')}
          </Title>
          {below}
        </ScrollView>
      </View>
    );
  }
  return (
    <ScrollView role="main" style={styles.page} contentContainerStyle={styles.grow}>
      <View style={[styles.film, { paddingTop: insets.top }]}>{film}</View>
      <View style={[styles.sheet, { paddingBottom: insets.bottom + space.l }]}>{below}</View>
    </ScrollView>
  );
}

const useStyles = themed(({ colors, scheme }) => ({
  page: { flex: 1, backgroundColor: colors.background },
  grow: { flexGrow: 1 },
  film: { flexGrow: 1, backgroundColor: stage.floor },
  sheet: {
    backgroundColor: colors.background,
    padding: space.l,
    paddingTop: scheme === 'dark' ? space.s : space.l,
    width: '100%',
    maxWidth: COLUMN + 2 * space.l,
    alignSelf: 'center',
  },
  wide: {
    flex: 1,
    flexDirection: 'row',
    alignItems: 'center',
    justifyContent: 'center',
    gap: 56,
    backgroundColor: colors.background,
    padding: space.xl,
  },
  frame: { borderRadius: radius.huge, overflow: 'hidden' },
  side: { maxWidth: 420, flexGrow: 0, flexShrink: 1, flexBasis: 420 },
  sideInner: { gap: space.l, padding: space.s },
}));
