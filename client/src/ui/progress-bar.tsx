import { LinearGradient } from 'expo-linear-gradient';
import { View } from 'react-native';
import { radius } from './theme.ts';
import { themed, useTheme } from './theme-provider.tsx';

interface Props {
  /** 0 to 1; null while nobody knows. */
  value: number | null;
  label: string;
  height?: number;
  tone?: 'violet' | 'gold' | 'truth' | 'lie';
}

export function ProgressBar({ value, label, height = 8, tone = 'violet' }: Props) {
  const styles = useStyles();
  const { colors } = useTheme();
  const percent = value === null ? undefined : Math.round(Math.min(1, Math.max(0, value)) * 100);
  const end = tone === 'violet' ? '#4ba3e3' : colors[tone];
  return (
    <View
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      style={[styles.track, { height }]}
    >
      <LinearGradient
        colors={[colors[tone], end]}
        start={{ x: 0, y: 0 }}
        end={{ x: 1, y: 0 }}
        style={[styles.bar, { width: `${percent ?? 35}%`, opacity: percent === undefined ? 0.5 : 1 }]}
      />
    </View>
  );
}

const useStyles = themed(({ colors }) => ({
  track: { alignSelf: 'stretch', borderRadius: radius.round, backgroundColor: colors.track, overflow: 'hidden' },
  bar: { height: '100%', borderRadius: radius.round },
}));
