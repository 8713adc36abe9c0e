import type { SegmentIndex } from '@2t1l/game/challenge';
import { LinearGradient } from 'expo-linear-gradient';
import { StyleSheet, View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { clipWords } from '../../../lib/sending/clip-words.ts';
import type { Draft, Take, TakeEnd } from '../../../lib/sending/draft.ts';
import { useSendingText } from '../../../lib/sending/texts.ts';
import { useAppSelector } from '../../../lib/store/store.ts';
import { useKeys } from '../../../lib/use-keys';
import { Button } from '../../../ui/button.tsx';
import { Text, Title } from '../../../ui/text.tsx';
import { space } from '../../../ui/theme.ts';
import { themed } from '../../../ui/theme-provider.tsx';
import { useText } from '../texts.ts';
import { usePlayable } from '../use-playable.ts';
import { ClipPlayer } from './clip-player.tsx';
import { StatementCards } from './statement-cards.tsx';

interface Props {
  draft: Draft;
  index: SegmentIndex;
  take: Take;
  endedBy: TakeEnd;
  /** Left out for a statement that is kept already. */
  onKeep?: () => void;
  onAgain: () => void;
  onBack: () => void;
  onIndex: (index: SegmentIndex) => void;
}

/** A recording played back: keep it, or tell it again. */
export function Review({ draft, index, take, endedBy, onKeep, onAgain, onBack, onIndex }: Props) {
  const t = useText();
  const words = useSendingText();
  const styles = useStyles();
  const insets = useSafeAreaInsets();
  const isOnline = useAppSelector((state) => state.challenge.is_online);
  const playable = usePlayable(take.take_id);
  useKeys({ ...(onKeep === undefined ? {} : { Enter: onKeep }), r: onAgain, R: onAgain });
  const isElsewhere = draft.clips[index]?.origin === 'elsewhere';
  const sent = clipWords(words, draft.clips[index], isOnline);
  const about = endedBy === 'author' ? t('statement_of', { number: index + 1 }) : t(endedBy);
  const note = onKeep === undefined ? [sent.title, sent.detail].join(' · ') : about;
  return (
    <View style={StyleSheet.absoluteFill}>
      {playable.status === 'ready' ? <ClipPlayer key={playable.uri} uri={playable.uri} number={index + 1} /> : null}
      <LinearGradient pointerEvents="none" colors={['rgba(13, 10, 26, 0.8)', 'rgba(13, 10, 26, 0)']} style={styles.shadeTop} />
      <LinearGradient pointerEvents="none" colors={['rgba(13, 10, 26, 0)', 'rgba(13, 10, 26, 0.96)']} style={styles.shadeBottom} />
      <View pointerEvents="box-none" style={[styles.column, { paddingTop: insets.top + space.xl, paddingBottom: insets.bottom + space.m }]}>
        <View style={styles.head}>
          <Title align="center">{onKeep === undefined ? t('review_kept', { number: index + 1 }) : t('review_title')}</Title>
          <Text variant="small" align="center" role="status">
            {playable.status === 'lost' ? words(isElsewhere ? 'elsewhere' : 'problem_bytes_lost') : note}
          </Text>
        </View>
        <View pointerEvents="none" style={styles.middle} />
        <View style={styles.actions}>
          <Button kind="secondary" title={t('again')} onPress={onAgain} style={styles.action} />
          {onKeep === undefined || playable.status === 'lost' ? (
            <Button kind="primary" title={t('back')} onPress={onBack} style={styles.action} />
          ) : (
            <Button kind="primary" icon="check" title={t('keep')} onPress={onKeep} testID="keep-take" style={styles.action} />
          )}
        </View>
        {onKeep === undefined ? (
          <StatementCards draft={draft} index={index} isRecording={false} isLocked={false} onIndex={onIndex} onDone={onBack} />
        ) : null}
      </View>
    </View>
  );
}

const useStyles = themed(() => ({
  shadeTop: { position: 'absolute', top: 0, left: 0, right: 0, height: 170 },
  shadeBottom: { position: 'absolute', bottom: 0, left: 0, right: 0, height: 300 },
  column: { flex: 1, paddingHorizontal: space.l, gap: space.m },
  head: { gap: space.xs },
  middle: { flex: 1 },
  actions: { flexDirection: 'row', flexWrap: 'wrap', gap: space.s },
  action: { flexGrow: 1, flexBasis: 130, paddingHorizontal: space.s },
}));
