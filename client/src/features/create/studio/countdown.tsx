import { View } from 'react-native';
import Animated, { useReducedMotion, ZoomIn } from 'react-native-reanimated';
import { Text } from '../../../ui/text.tsx';
import { fonts } from '../../../ui/theme.ts';
import { themed } from '../../../ui/theme-provider.tsx';

/** The number that stands on the stage before the red light goes on; nothing while nobody counts. Read as it changes: its place is always there. */
export function Countdown({ left }: { left: number | null }) {
  const styles = useStyles();
  const still = useReducedMotion();
  return (
    <View pointerEvents="none" aria-live="assertive" style={styles.box}>
      {left === null ? null : (
        <Animated.View key={left} {...(still ? {} : { entering: ZoomIn.duration(220) })}>
          <Text align="center" color="gold" style={styles.number}>
            {String(left)}
          </Text>
        </Animated.View>
      )}
    </View>
  );
}

const useStyles = themed(() => ({
  box: { position: 'absolute' },
  number: {
    fontFamily: fonts.heavy,
    fontSize: 132,
    lineHeight: 150,
    textShadowColor: 'rgba(13, 10, 26, 0.7)',
    textShadowRadius: 40,
    textShadowOffset: { width: 0, height: 6 },
  },
}));
