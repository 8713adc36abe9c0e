import { StyleSheet, View } from 'react-native';
import { Skeleton } from '../../ui/skeleton.tsx';
import { COLUMN, space } from '../../ui/theme.ts';
import { ThemeScope } from '../../ui/theme-provider.tsx';
import { FEED_BAR_HEIGHT } from './feed-bar.tsx';

/** The empty stage, with grey where the words will stand. */
export function FeedSkeleton({ label }: { label: string }) {
  return (
    <ThemeScope scheme="dark">
      <View aria-busy aria-label={label} style={styles.page}>
        <View style={styles.row}>
          <Skeleton width={44} height={44} round />
          <View style={styles.words}>
            <Skeleton width={120} height={16} />
            <Skeleton width={180} height={12} />
          </View>
        </View>
        <View style={styles.bottom}>
          <Skeleton width={150} height={40} />
          <Skeleton width="80%" height={34} />
          <Skeleton width="50%" height={18} />
          <Skeleton width={210} height={54} />
        </View>
      </View>
    </ThemeScope>
  );
}

const styles = StyleSheet.create({
  page: { flex: 1, justifyContent: 'space-between' },
  row: { flexDirection: 'row', gap: space.m, padding: space.l, paddingTop: FEED_BAR_HEIGHT + space.s, alignItems: 'center' },
  words: { gap: space.s },
  bottom: { padding: space.l, paddingBottom: space.xxl, gap: space.m, maxWidth: COLUMN },
});
