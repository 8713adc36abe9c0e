import { useEffect } from 'react';
import { StyleSheet, View } from 'react-native';
import Animated, { type SharedValue, useAnimatedStyle, useSharedValue } from 'react-native-reanimated';
import type { Recorder } from '../../../lib/recorder/recorder.types.ts';
import { useTheme } from '../../../ui/theme-provider.tsx';

const BARS = 21;
const LOOK_MS = 70;
const LEAST = 3;
const MOST = 26;

interface Props {
  recorder: Recorder;
  isOn: boolean;
}

/** The voice of the last second and a half, the newest in the middle; nothing where the platform does not tell. Decoration: the hint above says it in words. */
export function LevelBars({ recorder, isOn }: Props) {
  const levels = useSharedValue<number[]>([]);
  useEffect(() => {
    const timer = setInterval(() => {
      const level = isOn ? (recorder.level() ?? 0) : 0;
      levels.value = [level, ...levels.value].slice(0, Math.ceil(BARS / 2));
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [recorder, isOn, levels]);
  return (
    <View aria-hidden style={styles.row}>
      {recorder.level() === null
        ? null
        : Array.from({ length: BARS }, (_, bar) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: bars never move
            <Bar key={bar} age={Math.abs(bar - (BARS - 1) / 2)} levels={levels} />
          ))}
    </View>
  );
}

function Bar({ age, levels }: { age: number; levels: SharedValue<number[]> }) {
  const { colors } = useTheme();
  const height = useAnimatedStyle(() => ({ height: LEAST + (MOST - LEAST) * (levels.value[age] ?? 0) }));
  return <Animated.View style={[styles.bar, { backgroundColor: colors.truth }, height]} />;
}

const styles = StyleSheet.create({
  row: { height: MOST, flexDirection: 'row', alignItems: 'center', justifyContent: 'center', gap: 4 },
  bar: { width: 3.5, borderRadius: 2 },
});
