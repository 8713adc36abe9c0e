import type { FeedFilter, FEED_FILTERS as Filters } from '@2t1l/contract/schemas';
import { ScrollView, View } from 'react-native';
import { IconButton } from '../../ui/icon-button.tsx';
import { Pressable } from '../../ui/pressable.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { Text } from '../../ui/text.tsx';
import { radius, space, TARGET } from '../../ui/theme.ts';
import { themed } from '../../ui/theme-provider.tsx';
import { useText } from './texts.ts';

/** The contract's, without the schemas around them. */
const FEED_FILTERS: typeof Filters = ['all', 'new', 'unguessed'];

interface Props {
  filter: FeedFilter;
  onFilter: (filter: FeedFilter) => void;
  onRefresh: () => void;
  isRefreshing: boolean;
}

/** Height of the bar, which lies over the cards where the screen is narrow. */
export const FEED_BAR_HEIGHT = TARGET + 2 * space.s;

/** What the feed shows, and a look for more. */
export function FeedBar({ filter, onFilter, onRefresh, isRefreshing }: Props) {
  const styles = useStyles();
  const t = useText();
  return (
    <View style={styles.bar}>
      <ScrollView horizontal showsHorizontalScrollIndicator={false} style={styles.grow}>
        <RadioGroup label={t('filter')} style={styles.chips}>
          {FEED_FILTERS.map((value) => (
            <Pressable
              key={value}
              role="radio"
              label={t(`filter_${value}_said`)}
              checked={value === filter}
              onPress={() => onFilter(value)}
              style={[styles.chip, value === filter && styles.chosen]}
            >
              <Text variant="small" color={value === filter ? 'onGold' : 'text'} style={styles.word}>
                {t(`filter_${value}`)}
              </Text>
            </Pressable>
          ))}
        </RadioGroup>
      </ScrollView>
      <IconButton icon="replay" label={t('refresh')} onPress={onRefresh} disabled={isRefreshing} />
    </View>
  );
}

const useStyles = themed(({ colors }) => ({
  bar: { flexDirection: 'row', alignItems: 'center', gap: space.s, paddingHorizontal: space.l, paddingVertical: space.s },
  grow: { flex: 1 },
  chips: { flexDirection: 'row', gap: space.s },
  chip: {
    minHeight: TARGET,
    minWidth: TARGET,
    justifyContent: 'center',
    alignItems: 'center',
    paddingHorizontal: space.l,
    borderRadius: radius.round,
    borderWidth: 1,
    borderColor: colors.line,
    backgroundColor: 'rgba(13, 10, 26, 0.55)',
  },
  chosen: { backgroundColor: colors.gold, borderColor: colors.gold },
  word: { fontWeight: '700' },
}));
