import { SEGMENT_INDEXES, type SegmentIndex } from '@2t1l/game/challenge';
import { LinearGradient } from 'expo-linear-gradient';
import { View } from 'react-native';
import { formatClock, formatPercent } from '../../../lib/format.ts';
import { clipWords } from '../../../lib/sending/clip-words.ts';
import type { Draft } from '../../../lib/sending/draft.ts';
import { useSendingText } from '../../../lib/sending/texts.ts';
import { useAppSelector } from '../../../lib/store/store.ts';
import { Button } from '../../../ui/button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { Pressable } from '../../../ui/pressable.tsx';
import { Text } from '../../../ui/text.tsx';
import { fonts, radius, space, stage } from '../../../ui/theme.ts';
import { themed, useTheme } from '../../../ui/theme-provider.tsx';
import { useSettled } from '../../../ui/use-settled.ts';
import { useText } from '../texts.ts';

interface Props {
  draft: Draft;
  index: SegmentIndex;
  isRecording: boolean;
  isLocked: boolean;
  onIndex: (index: SegmentIndex) => void;
  onDone: () => void;
}

/** The three statements: which are there, which is now. */
export function StatementCards({ draft, index, isRecording, isLocked, onIndex, onDone }: Props) {
  const styles = useStyles();
  const t = useText();
  // They appear where "To the camera" and "Keep it" were a moment ago.
  const isSettled = useSettled();
  const isComplete = draft.clips.every((clip) => clip !== null);
  return (
    <View style={styles.box}>
      <View style={styles.row}>
        {SEGMENT_INDEXES.map((other) => (
          <Card
            key={other}
            draft={draft}
            index={other}
            isNow={other === index}
            isRecording={isRecording && other === index}
            disabled={isLocked}
            onPress={() => isSettled && onIndex(other)}
          />
        ))}
      </View>
      {isComplete && !isLocked ? <Button kind="secondary" title={t('finish_title')} onPress={onDone} /> : null}
    </View>
  );
}

interface CardProps {
  draft: Draft;
  index: SegmentIndex;
  isNow: boolean;
  isRecording: boolean;
  disabled: boolean;
  onPress: () => void;
}

function Card({ draft, index, isNow, isRecording, disabled, onPress }: CardProps) {
  const t = useText();
  const words = useSendingText();
  const styles = useStyles();
  const { colors } = useTheme();
  const isOnline = useAppSelector((state) => state.challenge.is_online);
  const clip = draft.clips[index];
  const sent = clipWords(words, clip, isOnline);
  const state = isRecording ? t('card_recording') : clip !== null ? sent.title : isNow ? t('card_now') : t('card_next');
  const short = clip?.sending.status === 'sending' && sent.progress !== null ? formatPercent(sent.progress) : state;
  const said = clip === null && !isRecording ? t('card_empty') : state;
  const label = t(isNow ? 'card_label_now' : 'card_label', { number: index + 1, state: said });
  return (
    <Pressable
      label={label}
      disabled={disabled}
      onPress={onPress}
      style={[styles.card, clip === null && styles.empty, isNow && styles.now, sent.tone === 'bad' && styles.bad]}
    >
      {clip !== null ? <LinearGradient colors={[stage.from, stage.mid]} style={styles.fill} /> : null}
      {sent.tone === 'good' ? (
        <View style={styles.check}>
          <Icon name="check" size={16} color={colors.truth} strokeWidth={3} />
        </View>
      ) : null}
      <Text style={[styles.number, clip === null && !isNow && styles.faint]}>{String(index + 1)}</Text>
      <Text variant="tiny" align="center" style={styles.state}>
        {clip === null || isRecording ? state : `${formatClock(clip.duration_seconds)} · ${short}`}
      </Text>
    </Pressable>
  );
}

const useStyles = themed(({ colors }) => ({
  box: { gap: space.s },
  row: { flexDirection: 'row', flexWrap: 'wrap', gap: space.s },
  card: {
    flexGrow: 1,
    flexShrink: 1,
    flexBasis: 84,
    minHeight: 84,
    borderRadius: radius.medium,
    borderWidth: 1.5,
    borderColor: colors.line,
    backgroundColor: 'rgba(25, 20, 48, 0.78)',
    alignItems: 'center',
    justifyContent: 'center',
    paddingHorizontal: space.xs,
    overflow: 'hidden',
  },
  empty: { borderStyle: 'dashed', borderColor: 'rgba(246, 242, 255, 0.3)' },
  now: { borderStyle: 'solid', borderColor: colors.lie },
  bad: { borderColor: colors.lie, transform: [{ rotate: '-3deg' }] },
  fill: { position: 'absolute', top: 0, right: 0, bottom: 0, left: 0 },
  check: { position: 'absolute', top: 7, end: 9 },
  number: { fontFamily: fonts.heavy, fontSize: 26, lineHeight: 34 },
  faint: { opacity: 0.6 },
  state: { maxWidth: '100%' },
}));
