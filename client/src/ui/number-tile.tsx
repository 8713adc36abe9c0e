import { LinearGradient } from 'expo-linear-gradient';
import { useEffect } from 'react';
import { type StyleProp, View, type ViewStyle } from 'react-native';
import Animated, { useAnimatedStyle, useReducedMotion, useSharedValue, withSpring } from 'react-native-reanimated';
import { Pressable } from './pressable.tsx';
import { Text } from './text.tsx';
import { fonts, radius, space } from './theme.ts';
import { themed, useTheme } from './theme-provider.tsx';

/** `open`: not decided yet. A lie is always tilted and square, a truth always round: shape speaks before colour. */
export type TileKind = 'open' | 'lie' | 'truth';

const TILT_DEGREES = -5;

interface TileProps {
  number: 1 | 2 | 3;
  kind?: TileKind;
  /** A word or two under the number. */
  caption?: string;
  label: string;
  hint?: string;
  onPress?: () => void;
  disabled?: boolean;
  /** One of a group where one is chosen: `radio`. */
  role?: 'button' | 'radio';
  style?: StyleProp<ViewStyle>;
  testID?: string;
}

/** A big number to pick. */
export function NumberTile({ number, kind = 'open', caption, label, hint, onPress, disabled, role = 'button', style, testID }: TileProps) {
  const styles = useStyles();
  const { colors } = useTheme();
  const motion = useTilt(kind === 'lie');
  const ink = kind === 'lie' ? 'onLie' : kind === 'truth' ? 'onTruth' : 'text';
  return (
    <Animated.View style={[styles.slot, style, motion]}>
      <Pressable
        role={role}
        label={label}
        {...(testID ? { testID } : {})}
        {...(hint ? { hint } : {})}
        {...(onPress ? { onPress } : {})}
        {...(disabled === undefined ? {} : { disabled })}
        {...(role === 'radio' ? { checked: kind === 'lie' } : { selected: kind === 'lie' })}
        style={[styles.tile, styles[kind]]}
      >
        {kind === 'lie' ? <LinearGradient colors={[colors.lieFrom, colors.lieTo]} style={styles.fill} /> : null}
        <Text color={ink} style={styles.number}>
          {String(number)}
        </Text>
        {caption ? (
          <Text variant="tiny" align="center" color={kind === 'open' ? 'dim' : ink} style={kind === 'lie' && styles.bold}>
            {caption}
          </Text>
        ) : null}
      </Pressable>
    </Animated.View>
  );
}

interface MarkProps {
  number: 1 | 2 | 3;
  kind: TileKind;
  size?: number;
}

/** The small mark of a statement in a list; decoration beside words that say the same. */
export function NumberMark({ number, kind, size = 36 }: MarkProps) {
  const styles = useStyles();
  const shape = { width: size, height: size, borderRadius: kind === 'lie' ? size / 4 : size / 2 };
  return (
    <View style={[styles.mark, shape, kind === 'lie' ? styles.markLie : kind === 'truth' ? styles.markTruth : styles.markOpen]}>
      <Text
        color={kind === 'lie' ? 'onLie' : kind === 'truth' ? 'truth' : 'text'}
        style={[styles.markNumber, { fontSize: size * 0.42, lineHeight: size * 0.56 }]}
      >
        {String(number)}
      </Text>
    </View>
  );
}

function useTilt(isLie: boolean) {
  const still = useReducedMotion();
  const amount = useSharedValue(isLie ? 1 : 0);
  useEffect(() => {
    const target = isLie ? 1 : 0;
    amount.value = still ? target : withSpring(target, { damping: 11, stiffness: 210 });
  }, [isLie, still, amount]);
  return useAnimatedStyle(() => ({
    transform: [{ rotate: `${amount.value * TILT_DEGREES}deg` }, { scale: 1 + amount.value * 0.05 }],
  }));
}

const useStyles = themed(({ colors, scheme }) => ({
  slot: { flex: 1 },
  tile: {
    minHeight: 88,
    borderRadius: radius.large,
    borderWidth: 1,
    borderColor: colors.line,
    alignItems: 'center',
    justifyContent: 'center',
    paddingVertical: space.s,
    paddingHorizontal: space.xs,
    overflow: 'hidden',
  },
  fill: { position: 'absolute', top: 0, right: 0, bottom: 0, left: 0 },
  open: { backgroundColor: colors.raised },
  lie: {
    borderColor: colors.lie,
    borderRadius: radius.medium,
    boxShadow: scheme === 'dark' ? '0 0 28px rgba(255, 107, 74, 0.45)' : '0 8px 22px rgba(201, 58, 23, 0.3)',
  },
  truth: { backgroundColor: colors.truth, borderColor: colors.truth, borderRadius: 44 },
  number: { fontFamily: fonts.heavy, fontSize: 32, lineHeight: 40 },
  bold: { fontWeight: '700' },
  mark: { alignItems: 'center', justifyContent: 'center', flexShrink: 0 },
  markOpen: { backgroundColor: colors.raised },
  markTruth: { backgroundColor: colors.truthSoft },
  markLie: { backgroundColor: colors.lie, transform: [{ rotate: '-7deg' }] },
  markNumber: { fontFamily: fonts.heavy },
}));
