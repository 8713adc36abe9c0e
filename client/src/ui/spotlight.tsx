import { useId } from 'react';
import { StyleSheet, View } from 'react-native';
import Svg, { Defs, Ellipse, LinearGradient, Path, RadialGradient, Rect, Stop } from 'react-native-svg';
import { stage } from './theme.ts';

interface Props {
  /** How far down the light falls, 0 to 1 of the height. */
  floor?: number;
}

/** The stage: violet light from above, one beam, a glow where it meets the floor. Fills its parent, says nothing. */
export function Spotlight({ floor = 0.78 }: Props) {
  const id = useId().replace(/[^a-zA-Z0-9]/g, '');
  const y = floor * 100;
  return (
    <View aria-hidden style={[StyleSheet.absoluteFill, styles.stage]}>
      <Svg width="100%" height="100%" viewBox="0 0 100 100" preserveAspectRatio="none">
        <Defs>
          <RadialGradient id={`${id}w`} cx="50" cy="0" rx="95" ry="82" fx="50" fy="0" gradientUnits="userSpaceOnUse">
            <Stop offset="0" stopColor={stage.from} />
            <Stop offset="0.5" stopColor={stage.mid} />
            <Stop offset="0.82" stopColor={stage.to} />
            <Stop offset="1" stopColor={stage.floor} />
          </RadialGradient>
          <LinearGradient id={`${id}b`} x1="0" y1="0" x2="0" y2="1">
            <Stop offset="0" stopColor={stage.beam} stopOpacity="0.5" />
            <Stop offset="0.6" stopColor={stage.beam} stopOpacity="0.14" />
            <Stop offset="1" stopColor={stage.beam} stopOpacity="0" />
          </LinearGradient>
          <RadialGradient id={`${id}f`} cx="50%" cy="50%" rx="50%" ry="50%">
            <Stop offset="0" stopColor="#ffd166" stopOpacity="0.26" />
            <Stop offset="1" stopColor="#ffd166" stopOpacity="0" />
          </RadialGradient>
        </Defs>
        <Rect width="100" height="100" fill={stage.floor} />
        <Rect width="100" height="100" fill={`url(#${id}w)`} />
        <Path d={`M45 0 L55 0 L82 ${y} L18 ${y} Z`} fill={`url(#${id}b)`} opacity={0.55} />
        <Path d={`M48 0 L52 0 L62 ${y} L38 ${y} Z`} fill={`url(#${id}b)`} opacity={0.8} />
        <Ellipse cx="50" cy={y} rx="40" ry="9" fill={`url(#${id}f)`} />
      </Svg>
    </View>
  );
}

const styles = StyleSheet.create({ stage: { backgroundColor: stage.floor, overflow: 'hidden' } });
