import type { Challenge } from '@2t1l/contract/schemas';
import { useMemo } from 'react';
import { Platform, ScrollView, useWindowDimensions, View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { useAppDispatch, useAppSelector } from '../../lib/store/store.ts';
import { captionsSwitched } from '../../lib/store/ui-slice.ts';
import { useKeys } from '../../lib/use-keys';
import { Button } from '../../ui/button.tsx';
import { Text, Title } from '../../ui/text.tsx';
import { COLUMN, radius, space, stage, WIDE } from '../../ui/theme.ts';
import { themed } from '../../ui/theme-provider.tsx';
import { GuessPanel } from './guess-panel.tsx';
import { useText } from './texts.ts';
import { type Film, useFilm } from './use-film.ts';
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
  const film = useFilm(challenge, { isFresh, refetch });
  useStageKeys(film, onClose);
  const onStage = <VideoStage challenge={challenge} film={film} onClose={onClose} />;
  const below = onAnswer ? <Button title={t('to_answer')} onPress={onAnswer} /> : <GuessPanel challenge={challenge} />;

  const frame = Math.min(height - 2 * space.xl, 860);
  // One tree for both shapes: turning a tablet keeps the pick and the film's place.
  return (
    <ScrollView role="main" style={styles.page} contentContainerStyle={isWide ? styles.wide : styles.grow}>
      <View style={isWide ? [styles.frame, { height: frame, width: frame * 0.5625 }] : [styles.film, { paddingTop: insets.top }]}>
        {onStage}
      </View>
      <View style={isWide ? styles.side : [styles.sheet, { paddingBottom: insets.bottom + space.l }]}>
        {isWide ? (
          <View style={styles.head}>
            <Title>{challenge.title || t('by', { name: challenge.author.username })}</Title>
            <Title level={2} color="dim">
              {t('picks')}
            </Title>
          </View>
        ) : null}
        {below}
        {isWide && Platform.OS === 'web' ? (
          <Text variant="tiny" color="dim">
            {onAnswer ? t('keys_stage') : `${t('keys_stage')} ${t('keys_guess')}`}
          </Text>
        ) : null}
      </View>
    </ScrollView>
  );
}

/** The keys of every video player, and those of this stage. */
function useStageKeys(film: Film, onClose: () => void): void {
  const dispatch = useAppDispatch();
  const showsCaptions = useAppSelector((state) => state.ui.captions);
  const { toggle, jump, seek, toggleSound } = film;
  useKeys(
    useMemo(() => {
      const captions = () => dispatch(captionsSwitched(!showsCaptions));
      const back = () => seek(-1);
      const on = () => seek(1);
      return {
        ' ': toggle,
        k: toggle,
        '1': () => jump(0),
        '2': () => jump(1),
        '3': () => jump(2),
        ArrowLeft: back,
        ArrowRight: on,
        c: captions,
        C: captions,
        m: toggleSound,
        M: toggleSound,
        Escape: onClose,
      };
    }, [toggle, jump, seek, toggleSound, showsCaptions, dispatch, onClose]),
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
  wide: { flexGrow: 1, flexDirection: 'row', alignItems: 'center', justifyContent: 'center', gap: 56, padding: space.xl },
  frame: { borderRadius: radius.huge, overflow: 'hidden' },
  side: { maxWidth: 420, flexGrow: 0, flexShrink: 1, flexBasis: 420, gap: space.l, padding: space.s },
  head: { gap: space.l },
}));
