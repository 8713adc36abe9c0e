import type { Reveal } from '@2t1l/contract/schemas';
import { distribution } from '@2t1l/game/score';
import { LinearGradient } from 'expo-linear-gradient';
import { useEffect } from 'react';
import { StyleSheet, View } from 'react-native';
import Animated, { Easing, useAnimatedStyle, useReducedMotion, useSharedValue, withDelay, withTiming } from 'react-native-reanimated';
import { formatDecimal, formatPercent, formatScore } from '../../lib/format.ts';
import { NumberMark } from '../../ui/number-tile.tsx';
import { Text, Title } from '../../ui/text.tsx';
import { radius, space } from '../../ui/theme.ts';
import { themed, useTheme } from '../../ui/theme-provider.tsx';
import { useText } from './texts.ts';

const WAIT_MS = 280;
const TURN_MS = 620;
/** From the moment the card stands there to the moment its answer can be read. */
export const TURNED_AFTER_MS = WAIT_MS + TURN_MS;

/** The card that turns over: right is round and turquoise, wrong is tilted and orange, and both say so in words. */
export function ResultCard({ reveal }: { reveal: Reveal }) {
  const styles = useStyles();
  const { own } = reveal;
  const turn = useTurn(own !== null);
  return (
    <View testID="result">
      <Animated.View style={[styles.face, turn.back]}>
        {own ? <Result reveal={reveal} own={own} /> : <OwnChallenge reveal={reveal} />}
      </Animated.View>
      {own ? (
        <Animated.View aria-hidden pointerEvents="none" style={[styles.front, turn.front]}>
          <Front pick={own.guess} />
        </Animated.View>
      ) : null}
    </View>
  );
}

function Result({ reveal, own }: { reveal: Reveal; own: NonNullable<Reveal['own']> }) {
  const styles = useStyles();
  const { scheme } = useTheme();
  const t = useText();
  const ground = own.correct ? (['#1d5a58', '#123a45', '#191430'] as const) : (['#7a2b2f', '#4a1d38', '#191430'] as const);
  const lightGround = own.correct ? (['#d3f3ea', '#eafaf5', '#ffffff'] as const) : (['#ffdccf', '#fff0ea', '#ffffff'] as const);
  const values = { given: formatPercent(own.confidence), pick: own.guess + 1, lie: reveal.lie_index + 1 };
  return (
    <LinearGradient
      colors={scheme === 'dark' ? ground : lightGround}
      start={{ x: 0, y: 0 }}
      end={{ x: 1, y: 1 }}
      style={[styles.card, own.correct ? styles.right : styles.wrong]}
    >
      <View role="status" aria-live="polite" style={styles.row}>
        <View style={styles.words}>
          <Title variant="title">{own.correct ? t('right') : t('wrong')}</Title>
          <Text variant="giant" color={own.correct ? 'truth' : 'lie'} aria-label={t('points', { score: own.score })}>
            {formatScore(own.score)}
          </Text>
        </View>
        <NumberMark number={(reveal.lie_index + 1) as 1 | 2 | 3} kind="lie" size={72} />
      </View>
      <Text>{own.correct ? t('explain_right', values) : t('explain_wrong', values)}</Text>
      <Formula reveal={reveal} own={own} />
    </LinearGradient>
  );
}

/** The rule with this guess's own numbers in it, and what it means. */
function Formula({ reveal, own }: { reveal: Reveal; own: NonNullable<Reveal['own']> }) {
  const t = useText();
  const misses = distribution(own).map((chance, index) => formatDecimal(Math.abs((index === reveal.lie_index ? 1 : 0) - chance)));
  const [a = '', b = '', c = ''] = misses;
  return (
    <View style={{ gap: space.xs }}>
      <Text variant="small" style={{ fontVariant: ['tabular-nums'], fontWeight: '600' }}>
        {t('formula', { a, b, c, score: formatScore(own.score) })}
      </Text>
      <Text variant="small" color="dim">
        {t('formula_words')}
      </Text>
    </View>
  );
}

function OwnChallenge({ reveal }: { reveal: Reveal }) {
  const styles = useStyles();
  const t = useText();
  return (
    <View style={[styles.card, styles.plain]}>
      <View style={styles.row}>
        <View style={styles.words}>
          <Title variant="title">{t('own')}</Title>
          <Text color="dim">{t('own_body', { lie: reveal.lie_index + 1 })}</Text>
        </View>
        <NumberMark number={(reveal.lie_index + 1) as 1 | 2 | 3} kind="lie" size={64} />
      </View>
    </View>
  );
}

function Front({ pick }: { pick: number }) {
  const styles = useStyles();
  const t = useText();
  return (
    <LinearGradient colors={['#6b4bd8', '#160d33']} style={[styles.card, styles.frontCard]}>
      <NumberMark number={(pick + 1) as 1 | 2 | 3} kind="lie" size={84} />
      <Text style={{ color: '#f6f2ff' }}>{t('front', { pick: pick + 1 })}</Text>
    </LinearGradient>
  );
}

function useTurn(turns: boolean) {
  const still = useReducedMotion();
  const isTurning = turns && !still;
  const angle = useSharedValue(isTurning ? 0 : 180);
  useEffect(() => {
    if (isTurning) {
      angle.value = withDelay(WAIT_MS, withTiming(180, { duration: TURN_MS, easing: Easing.inOut(Easing.cubic) }));
    }
  }, [isTurning, angle]);
  // Visibility by the angle, not by backface: the same on every platform.
  const front = useAnimatedStyle(() => ({
    opacity: angle.value < 90 ? 1 : 0,
    transform: [{ perspective: 900 }, { rotateY: `${angle.value}deg` }],
  }));
  const back = useAnimatedStyle(() => ({
    opacity: angle.value < 90 ? 0 : 1,
    transform: [{ perspective: 900 }, { rotateY: `${angle.value - 180}deg` }],
  }));
  return { front, back };
}

const useStyles = themed(({ colors }) => ({
  face: {},
  front: { ...StyleSheet.absoluteFill },
  card: { borderRadius: radius.huge, borderWidth: 1.5, padding: space.l, gap: space.m, minHeight: 190 },
  frontCard: { flex: 1, alignItems: 'center', justifyContent: 'center', borderColor: 'transparent' },
  right: { borderColor: colors.truth },
  wrong: { borderColor: colors.lie, transform: [{ rotate: '-1deg' }] },
  plain: { borderColor: colors.line, backgroundColor: colors.panel, minHeight: 0 },
  // Where two do not fit side by side, the number goes below.
  row: { flexDirection: 'row', flexWrap: 'wrap', alignItems: 'center', gap: space.l },
  words: { flexGrow: 1, flexShrink: 1, flexBasis: 120 },
}));
