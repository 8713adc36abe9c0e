import { useRef, useState } from 'react';
import { type GestureResponderEvent, Platform, View } from 'react-native';
import Animated, { useAnimatedProps, useAnimatedStyle, useDerivedValue, useReducedMotion, withSpring } from 'react-native-reanimated';
import Svg, { Circle, Defs, LinearGradient, Path, Stop } from 'react-native-svg';
import { DIAL_MAX, DIAL_MIN, fractionOf, type Point, percentAt, stepped } from './dial-geometry.ts';
import { IconButton } from './icon-button.tsx';
import { Text } from './text.tsx';
import { fonts, space } from './theme.ts';
import { themed, useTheme } from './theme-provider.tsx';

const AnimatedPath = Animated.createAnimatedComponent(Path);

const WIDTH = 232;
const HEIGHT = 124;
const END_WIDTH = 58;
const HUB: Point = { x: WIDTH / 2, y: 112 };
const ARC_RADIUS = 98;
const ARC_LENGTH = Math.PI * ARC_RADIUS;
const ARC = `M ${HUB.x - ARC_RADIUS} ${HUB.y} A ${ARC_RADIUS} ${ARC_RADIUS} 0 0 1 ${HUB.x + ARC_RADIUS} ${HUB.y}`;

interface Props {
  /** Whole percent, 33 to 100. */
  value: number;
  onChange: (percent: number) => void;
  label: string;
  /** The value in words, for screen readers. */
  valueText: string;
  lowLabel: string;
  highLabel: string;
  lessLabel: string;
  moreLabel: string;
  disabled?: boolean;
}

/** How sure the player is: a needle to drag, arrow keys, or two buttons. */
export function ConfidenceDial({ value, onChange, label, valueText, lowLabel, highLabel, lessLabel, moreLabel, disabled }: Props) {
  const styles = useStyles();
  const [scale, setScale] = useState(1);
  const drag = useDrag(onChange, scale, Boolean(disabled));
  const set = (steps: number) => onChange(stepped(value, steps));
  return (
    <View style={styles.row} onLayout={({ nativeEvent }) => setScale(scaleFor(nativeEvent.layout.width))}>
      <End
        text={lowLabel}
        button={<IconButton icon="minus" label={lessLabel} onPress={() => set(-1)} disabled={Boolean(disabled) || value <= DIAL_MIN} />}
      />
      <View
        role="slider"
        accessible
        focusable={!disabled}
        tabIndex={disabled ? -1 : 0}
        testID="confidence-dial"
        aria-label={label}
        aria-valuemin={DIAL_MIN}
        aria-valuemax={DIAL_MAX}
        aria-valuenow={value}
        aria-valuetext={valueText}
        aria-disabled={Boolean(disabled)}
        accessibilityActions={[{ name: 'increment' }, { name: 'decrement' }]}
        onAccessibilityAction={(event) => set(event.nativeEvent.actionName === 'increment' ? 1 : -1)}
        {...keyboard(
          (steps) => !disabled && set(steps),
          (end) => !disabled && onChange(end),
        )}
        {...drag}
        style={[styles.dial, { width: WIDTH * scale, height: HEIGHT * scale }, disabled && styles.off]}
      >
        <View style={[styles.face, { transform: [{ scale }] }]}>
          <Gauge value={value} />
          <Text style={styles.value} aria-hidden>
            {`${value} %`}
          </Text>
        </View>
      </View>
      <End
        text={highLabel}
        button={<IconButton icon="plus" label={moreLabel} onPress={() => set(1)} disabled={Boolean(disabled) || value >= DIAL_MAX} />}
      />
    </View>
  );
}

/** A narrow column gets a smaller dial. */
function scaleFor(width: number): number {
  return Math.min(1, Math.max(0.6, (width - 2 * (END_WIDTH + space.xs)) / WIDTH));
}

function End({ text, button }: { text: string; button: React.ReactNode }) {
  const styles = useStyles();
  return (
    <View style={styles.end}>
      {button}
      <Text variant="tiny" color="dim" align="center">
        {text}
      </Text>
    </View>
  );
}

function Gauge({ value }: { value: number }) {
  const styles = useStyles();
  const { colors } = useTheme();
  const still = useReducedMotion();
  const target = fractionOf(value);
  const along = useDerivedValue(() => (still ? target : withSpring(target, { damping: 13, stiffness: 170 })), [target, still]);
  const arc = useAnimatedProps(() => ({ strokeDashoffset: ARC_LENGTH * (1 - Math.min(1, Math.max(0, along.value))) }));
  const needle = useAnimatedStyle(() => ({ transform: [{ rotate: `${along.value * 180 - 90}deg` }] }));
  return (
    <View aria-hidden style={styles.gauge}>
      <Svg width={WIDTH} height={HEIGHT}>
        <Defs>
          <LinearGradient id="dial" x1="0" y1="0" x2="1" y2="0">
            <Stop offset="0" stopColor={colors.gold} />
            <Stop offset="0.55" stopColor={colors.lieFrom} />
            <Stop offset="1" stopColor={colors.lieTo} />
          </LinearGradient>
        </Defs>
        <Path d={ARC} stroke={colors.track} strokeWidth={15} strokeLinecap="round" fill="none" />
        <AnimatedPath
          animatedProps={arc}
          d={ARC}
          stroke="url(#dial)"
          strokeWidth={15}
          strokeLinecap={value > DIAL_MIN ? 'round' : 'butt'}
          strokeDasharray={`${ARC_LENGTH} ${ARC_LENGTH * 2}`}
          fill="none"
        />
        <Circle cx={HUB.x} cy={HUB.y} r={8} fill={colors.text} />
      </Svg>
      <Animated.View style={[styles.needleBox, needle]}>
        <View style={styles.needle} />
      </Animated.View>
    </View>
  );
}

/** Drags from where the finger went down; the dial's place is measured then, since pages scroll. */
function useDrag(onChange: (percent: number) => void, scale: number, disabled: boolean) {
  const hub = { x: HUB.x * scale, y: HUB.y * scale };
  const origin = useRef<Point | null>(null);
  const move = (event: GestureResponderEvent) => {
    const { pageX, pageY } = event.nativeEvent;
    if (origin.current) {
      onChange(percentAt({ x: pageX - origin.current.x, y: pageY - origin.current.y }, hub));
    }
  };
  if (disabled) {
    return {};
  }
  return {
    onStartShouldSetResponder: () => true,
    onMoveShouldSetResponder: () => true,
    onResponderTerminationRequest: () => false,
    onResponderGrant: (event: GestureResponderEvent) => {
      const { pageX, pageY } = event.nativeEvent;
      const target = event.currentTarget as unknown as View;
      target.measure((_x, _y, _width, _height, left, top) => {
        origin.current = { x: left, y: top };
        onChange(percentAt({ x: pageX - left, y: pageY - top }, hub));
      });
    },
    onResponderMove: move,
  };
}

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 2, PageDown: -2 };

/** `onKeyDown` exists on the web alone, so React Native's types do not know it. */
function keyboard(onStep: (steps: number) => void, onEnd: (end: number) => void): object {
  if (Platform.OS !== 'web') {
    return {};
  }
  return {
    onKeyDown: (event: { key: string; preventDefault: () => void; stopPropagation: () => void }) => {
      const steps = STEPS[event.key];
      if (steps === undefined && event.key !== 'Home' && event.key !== 'End') {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
      if (steps === undefined) {
        onEnd(event.key === 'Home' ? DIAL_MIN : DIAL_MAX);
      } else {
        onStep(steps);
      }
    },
  };
}

const useStyles = themed(({ colors }) => ({
  // A scale grows to the right in every script.
  row: { direction: 'ltr', flexDirection: 'row', flexWrap: 'wrap', alignItems: 'flex-end', justifyContent: 'center', gap: space.xs },
  off: { opacity: 0.45 },
  end: { alignItems: 'center', gap: space.xs, width: END_WIDTH },
  dial: { flexShrink: 0, cursor: 'pointer', touchAction: 'none', borderRadius: 20, userSelect: 'none' },
  face: { width: WIDTH, height: HEIGHT, transformOrigin: 'top left' },
  gauge: { width: WIDTH, height: HEIGHT },
  // The box turns around the hub: its middle is the hub, the needle its upper half.
  needleBox: { position: 'absolute', left: HUB.x - 2, top: HUB.y - 84, width: 4, height: 168 },
  needle: { width: 4, height: 34, borderRadius: 2, backgroundColor: colors.text },
  value: {
    position: 'absolute',
    left: 0,
    right: 0,
    top: 56,
    textAlign: 'center',
    fontFamily: fonts.heavy,
    fontSize: 27,
    lineHeight: 34,
    color: colors.text,
  },
}));
