import Svg, { Circle, G, Rect } from 'react-native-svg';
import { useTheme } from '../../ui/theme-provider.tsx';

/** Two round truths and a tilted lie. */
export function Mark({ size }: { size: number }) {
  const { colors } = useTheme();
  return (
    <Svg width={size} height={size} viewBox="0 0 48 48" role="img" aria-label="2Truths-1Lie">
      <Circle cx="14" cy="15" r="9" fill={colors.truth} />
      <Circle cx="34" cy="15" r="9" fill={colors.truth} />
      <G rotation={-10} originX={24} originY={35}>
        <Rect x="14" y="26" width="20" height="18" rx="5" fill={colors.lie} />
      </G>
    </Svg>
  );
}
