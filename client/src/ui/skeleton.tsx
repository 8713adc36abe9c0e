import { useEffect } from 'react';
import type { DimensionValue } from 'react-native';
import Animated, { useAnimatedStyle, useReducedMotion, useSharedValue, withRepeat, withTiming } from 'react-native-reanimated';
import { radius } from './theme.ts';
import { themed } from './theme-provider.tsx';

interface Props {
  width?: DimensionValue;
  height: number;
  round?: boolean;
}

/** A grey shape where something will stand. */
export function Skeleton({ width = '100%', height, round }: Props) {
  const styles = useStyles();
  const still = useReducedMotion();
  const glow = useSharedValue(0.55);
  useEffect(() => {
    glow.value = still ? 0.7 : withRepeat(withTiming(1, { duration: 850 }), -1, true);
  }, [still, glow]);
  const motion = useAnimatedStyle(() => ({ opacity: glow.value }));
  return <Animated.View aria-hidden style={[styles.block, { width, height }, round && { borderRadius: height / 2 }, motion]} />;
}

const useStyles = themed(({ colors }) => ({
  block: { backgroundColor: colors.raised, borderRadius: radius.small },
}));
