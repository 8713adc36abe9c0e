import type { Transition } from '@2t1l/game/challenge';
import { LinearGradient } from 'expo-linear-gradient';
import { useEffect } from 'react';
import { StyleSheet, View } from 'react-native';
import Animated, {
  cancelAnimation,
  Easing,
  interpolate,
  useAnimatedStyle,
  useReducedMotion,
  useSharedValue,
  withRepeat,
  withTiming,
} from 'react-native-reanimated';
import { Text } from '../../../ui/text.tsx';
import { fonts, palettes, radius, stage } from '../../../ui/theme.ts';

const ROUND_MS = 3200;
/** The part of a round that the change itself takes. */
const CHANGE = [0.42, 0.58] as const;

/** A small film of two statements and what stands between them. It stands still in the middle where less motion is asked for. */
export function TransitionPicture({ transition }: { transition: Transition }) {
  const still = useReducedMotion();
  const round = useSharedValue(0.5);
  useEffect(() => {
    if (still) {
      return;
    }
    round.value = 0;
    round.value = withRepeat(withTiming(1, { duration: ROUND_MS, easing: Easing.linear }), -1);
    return () => cancelAnimation(round);
  }, [still, round]);
  const first = useAnimatedStyle(() => ({ opacity: firstOpacity(transition, round.value) }));
  const card = useAnimatedStyle(() => ({
    opacity: transition === 'card' && round.value >= CHANGE[0] && round.value < CHANGE[1] ? 1 : 0,
  }));
  return (
    <View aria-hidden style={styles.frame}>
      <Face colors={['#4ba3e3', stage.mid]} number="2" />
      <Animated.View style={[StyleSheet.absoluteFill, first]}>
        <Face colors={['#ff8a5c', stage.mid]} number="1" />
      </Animated.View>
      <Animated.View style={[StyleSheet.absoluteFill, styles.card, card]}>
        <Text style={styles.big}>2</Text>
      </Animated.View>
    </View>
  );
}

/** How much of the first statement is seen at a moment of the round, 0 to 1. */
function firstOpacity(transition: Transition, round: number): number {
  'worklet';
  if (transition === 'fade') {
    return interpolate(round, [CHANGE[0], CHANGE[1]], [1, 0], 'clamp');
  }
  return round < (transition === 'card' ? CHANGE[0] : 0.5) ? 1 : 0;
}

/** Somebody on camera, as simply as can be. */
function Face({ colors, number }: { colors: readonly [string, string]; number: string }) {
  return (
    <LinearGradient colors={colors} style={styles.face}>
      <View style={styles.head} />
      <View style={styles.body} />
      <Text style={styles.number}>{number}</Text>
    </LinearGradient>
  );
}

const styles = StyleSheet.create({
  frame: { width: 54, height: 96, borderRadius: radius.small, overflow: 'hidden', backgroundColor: stage.to },
  face: { flex: 1, alignItems: 'center', justifyContent: 'flex-end' },
  head: { width: 22, height: 26, borderRadius: 12, backgroundColor: 'rgba(246, 242, 255, 0.9)', marginBottom: 3 },
  body: { width: 40, height: 30, borderTopLeftRadius: 18, borderTopRightRadius: 18, backgroundColor: 'rgba(246, 242, 255, 0.72)' },
  number: {
    position: 'absolute',
    top: 4,
    left: 7,
    fontFamily: fonts.heavy,
    fontSize: 12,
    lineHeight: 16,
    color: palettes.dark.text,
  },
  card: { backgroundColor: stage.floor, alignItems: 'center', justifyContent: 'center' },
  big: { fontFamily: fonts.heavy, fontSize: 30, lineHeight: 38, color: palettes.dark.gold },
});
