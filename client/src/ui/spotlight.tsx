import { useId } from 'react';
import { StyleSheet, View } from 'react-native';
import Svg, { Defs, Ellipse, LinearGradient, Path, RadialGradient, Rect, Stop } from 'react-native-svg';
import { stage } from './theme.ts';

interface Props {
  /** How far down the light falls, 0 to 1 of the height. */
  floor?: number;
  /** Where the lamp hangs, 0 to 1 of the width. */
  lamp?: number;
}

/** Half widths of the beam at the lamp and at the floor, widest first: laid over each other they make a soft edge. */
const BEAMS = [
  [7, 40],
  [6, 34],
  [5, 28],
  [4, 22],
  [3, 16],
  [2, 10],
] as const;

/** The stage: violet light from above, one soft beam, a glow where it meets the floor. Fills its parent, says nothing. */
export function Spotlight({ floor = 0.78, lamp = 0.5 }: Props) {
  const id = useId().replace(/[^a-zA-Z0-9]/g, '');
  const y = floor * 100;
  const x = lamp * 100;
  return (
    <View aria-hidden pointerEvents="none" style={[StyleSheet.absoluteFill, styles.stage]}>
      <Svg width="100%" height="100%" viewBox="0 0 100 100" preserveAspectRatio="none">
        <Defs>
          <RadialGradient id={`${id}w`} cx={x} cy="-12" r="104" fx={x} fy="-12" gradientUnits="userSpaceOnUse">
            <Stop offset="0" stopColor={stage.from} />
            <Stop offset="0.38" stopColor={stage.mid} />
            <Stop offset="0.72" stopColor={stage.to} />
            <Stop offset="1" stopColor={stage.floor} />
          </RadialGradient>
          <LinearGradient id={`${id}b`} x1="0" y1="0" x2="0" y2="1">
            <Stop offset="0" stopColor={stage.beam} stopOpacity="0.16" />
            <Stop offset="0.5" stopColor={stage.beam} stopOpacity="0.06" />
            <Stop offset="1" stopColor={stage.beam} stopOpacity="0" />
          </LinearGradient>
          <RadialGradient id={`${id}f`} cx="50%" cy="50%" r="50%" fx="50%" fy="50%">
            <Stop offset="0" stopColor="#ffd166" stopOpacity="0.3" />
            <Stop offset="0.5" stopColor="#ffb36b" stopOpacity="0.1" />
            <Stop offset="1" stopColor="#ffd166" stopOpacity="0" />
          </RadialGradient>
        </Defs>
        <Rect width="100" height="100" fill={stage.floor} />
        <Rect width="100" height="100" fill={`url(#${id}w)`} />
        {BEAMS.map(([top, foot]) => (
          <Path key={foot} d={`M${x - top} 0 L${x + top} 0 L${x + foot} ${y} L${x - foot} ${y} Z`} fill={`url(#${id}b)`} />
        ))}
        <Ellipse cx={x} cy={y} rx="42" ry="10" fill={`url(#${id}f)`} />
      </Svg>
    </View>
  );
}

const styles = StyleSheet.create({ stage: { backgroundColor: stage.floor, overflow: 'hidden' } });
