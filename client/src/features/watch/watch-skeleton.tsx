import { StyleSheet, View } from 'react-native';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Spotlight } from '../../ui/spotlight.tsx';
import { COLUMN, space } from '../../ui/theme.ts';
import { themed } from '../../ui/theme-provider.tsx';

export function WatchSkeleton({ label }: { label: string }) {
  const styles = useStyles();
  return (
    <View role="main" aria-busy aria-label={label} style={styles.page}>
      <View style={styles.film}>
        <Spotlight />
      </View>
      <View style={styles.sheet}>
        <View style={styles.tiles}>
          {[1, 2, 3].map((number) => (
            <View key={number} style={styles.tile}>
              <Skeleton height={88} />
            </View>
          ))}
        </View>
        <View style={styles.dial}>
          <Skeleton width={232} height={118} round />
        </View>
        <Skeleton height={54} />
      </View>
    </View>
  );
}

const useStyles = themed(({ colors }) => ({
  page: { flex: 1, backgroundColor: colors.background },
  film: { ...StyleSheet.absoluteFill, position: 'relative', flex: 1 },
  sheet: { padding: space.l, gap: space.m, width: '100%', maxWidth: COLUMN, alignSelf: 'center' },
  tiles: { flexDirection: 'row', gap: space.m },
  tile: { flex: 1 },
  dial: { alignItems: 'center' },
}));
