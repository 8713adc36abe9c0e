import { View } from 'react-native';
import { radius } from '../../ui/theme.ts';
import { themed } from '../../ui/theme-provider.tsx';

interface Props {
  mean: number;
  interval: readonly [number, number];
  isClear: boolean;
  label: string;
}

/** A mean with its interval around zero, which stands in the middle: left is less, right is more. */
export function IntervalPlot({ mean, interval, isClear, label }: Props) {
  const styles = useStyles();
  const [low, high] = interval;
  const reach = Math.max(Math.abs(low), Math.abs(high)) || 1;
  const at = (value: number): `${number}%` => `${50 + (value / reach) * 48}%`;
  return (
    <View role="img" aria-label={label} style={styles.plot}>
      <View style={styles.axis} />
      <View style={styles.zero} />
      <View style={[styles.band, isClear && styles.clear, { left: at(low), width: `${((high - low) / reach) * 48}%` }]} />
      <View style={[styles.mean, { left: at(mean) }]} />
    </View>
  );
}

const HEIGHT = 20;
const useStyles = themed(({ colors }) => ({
  // The words beside it speak of left and right, whatever the script.
  plot: { direction: 'ltr', height: HEIGHT, justifyContent: 'center' },
  axis: { height: 2, borderRadius: radius.round, backgroundColor: colors.track },
  zero: { position: 'absolute', left: '50%', marginLeft: -1, width: 2, height: HEIGHT, backgroundColor: colors.dim },
  band: { position: 'absolute', top: 5, height: 10, minWidth: 2, borderRadius: radius.round, backgroundColor: colors.dim, opacity: 0.6 },
  clear: { backgroundColor: colors.violet, opacity: 1 },
  mean: {
    position: 'absolute',
    marginLeft: -6,
    width: 12,
    height: 12,
    borderRadius: 6,
    backgroundColor: colors.text,
    borderWidth: 2,
    borderColor: colors.panel,
  },
}));
