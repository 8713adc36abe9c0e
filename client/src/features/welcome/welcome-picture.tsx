import { useEffect, useState } from 'react';
import { StyleSheet, View } from 'react-native';
import Animated, { FadeIn, useAnimatedStyle, useReducedMotion, withSpring, withTiming } from 'react-native-reanimated';
import { Spotlight } from '../../ui/spotlight.tsx';
import { Text } from '../../ui/text.tsx';
import { fonts, palettes, radius, space } from '../../ui/theme.ts';
import { ThemeScope } from '../../ui/theme-provider.tsx';
import { useText } from './texts.ts';

const SAYINGS = ['say_1', 'say_2', 'say_3', 'say_ask', 'say_answer'] as const;
const ANSWER = SAYINGS.length - 1;
const LIE = 1;
const STEP_MS = 2100;
const colors = palettes.dark;

/**
 * The game in one moving picture: three statements, a question, an answer that tips over.
 * Stands still at the answer where motion is unwanted. `bare` leaves the stage to whoever stands around it.
 */
export function WelcomePicture({ bare }: { bare?: boolean }) {
  const t = useText();
  const still = useReducedMotion();
  const [step, setStep] = useState(still ? ANSWER : 0);
  useEffect(() => {
    if (still) {
      return;
    }
    // The answer stays for two beats before it begins again.
    const timer = setInterval(() => setStep((now) => (now + 1) % (ANSWER + 2)), STEP_MS);
    return () => clearInterval(timer);
  }, [still]);
  const scene = Math.min(step, ANSWER);
  return (
    <ThemeScope scheme="dark">
      <View role="img" aria-label={t('picture')} style={styles.stage}>
        {bare ? null : <Spotlight floor={0.82} />}
        <View aria-hidden style={styles.inner}>
          <View style={styles.bubbleBox}>
            <Animated.View key={scene} {...(still ? {} : { entering: FadeIn.duration(260) })} style={styles.bubble}>
              <Text variant="strong" align="center">
                {t(SAYINGS[scene] ?? 'say_ask')}
              </Text>
            </Animated.View>
          </View>
          <View style={styles.row}>
            {[0, 1, 2].map((index) => (
              <Tile key={index} index={index} scene={scene} />
            ))}
          </View>
        </View>
      </View>
    </ThemeScope>
  );
}

function Tile({ index, scene }: { index: number; scene: number }) {
  const still = useReducedMotion();
  const isAnswer = scene === ANSWER;
  const isLie = isAnswer && index === LIE;
  const isLit = scene === index;
  const isTruth = isAnswer && !isLie;
  const motion = useAnimatedStyle(() => {
    const spring = (to: number) => (still ? to : withSpring(to, { damping: 11, stiffness: 160 }));
    const ground = isLie ? colors.lie : isTruth ? colors.truth : isLit ? '#6b4bd8' : '#2c2352';
    return {
      transform: [
        { translateY: spring(isLit ? -14 : 0) },
        { rotate: `${isLie ? -9 : 0}deg` },
        { scale: spring(isLie ? 1.16 : isLit ? 1.08 : 1) },
      ],
      borderRadius: spring(isTruth ? 42 : 20),
      backgroundColor: still ? ground : withTiming(ground, { duration: 220 }),
    };
  });
  return (
    <Animated.View style={[styles.tile, isLie && styles.glow, motion]}>
      <Text style={styles.number} color={isLie ? 'onLie' : isTruth ? 'onTruth' : 'text'}>
        {String(index + 1)}
      </Text>
    </Animated.View>
  );
}

const styles = StyleSheet.create({
  stage: { flexGrow: 1, minHeight: 300, borderRadius: radius.huge, overflow: 'hidden' },
  inner: { flex: 1, justifyContent: 'center', gap: space.xxl, padding: space.l, paddingTop: space.xxl },
  bubbleBox: { minHeight: 76, justifyContent: 'flex-end', alignItems: 'center' },
  bubble: {
    backgroundColor: 'rgba(13, 10, 26, 0.78)',
    borderRadius: radius.medium,
    borderWidth: 1,
    borderColor: colors.line,
    paddingHorizontal: space.l,
    paddingVertical: space.m,
    maxWidth: 320,
  },
  row: { flexDirection: 'row', justifyContent: 'center', gap: space.l },
  // Narrower where the reader has made everything large.
  tile: { flexShrink: 1, flexBasis: 84, height: 84, alignItems: 'center', justifyContent: 'center' },
  glow: { boxShadow: '0 0 36px rgba(255, 107, 74, 0.6)' },
  number: { fontFamily: fonts.heavy, fontSize: 34, lineHeight: 44 },
});
