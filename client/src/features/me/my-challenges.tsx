import type { OwnChallenge } from '@2t1l/contract/schemas';
import { useRouter } from 'expo-router';
import { View } from 'react-native';
import { absoluteUrl } from '../../lib/base-url.ts';
import { Icon } from '../../ui/icon.tsx';
import { Picture } from '../../ui/picture';
import { Pressable } from '../../ui/pressable.tsx';
import { Text } from '../../ui/text.tsx';
import { radius, space } from '../../ui/theme.ts';
import { themed, useTheme } from '../../ui/theme-provider.tsx';
import { OwnList } from './own-list.tsx';
import { useText } from './texts.ts';
import { useMyChallenges } from './use-me.ts';

/** My own challenges and where each of them stands. */
export function MyChallenges() {
  const t = useText();
  const empty = { words: t('challenges_empty'), action: t('challenges_action'), icon: 'camera', href: '/create' } as const;
  return (
    <OwnList title={t('challenges')} query={useMyChallenges()} empty={empty} more={t('challenges_more')}>
      {(item) => <Row item={item} />}
    </OwnList>
  );
}

function Row({ item }: { item: OwnChallenge }) {
  const styles = useStyles();
  const { colors } = useTheme();
  const t = useText();
  const router = useRouter();
  const title = item.title || t('untitled');
  const isOn = item.status === 'published';
  const status = t(`status_${item.status}`);
  const note = isOn ? `${status} · ${t('guessed', { count: item.guess_count })}` : status;
  return (
    <Pressable role="link" onPress={() => router.push(isOn ? `/c/${item.id}` : `/sending/${item.id}`)} style={styles.row}>
      <View style={styles.poster}>
        {item.poster_url ? (
          <Picture source={absoluteUrl(item.poster_url)} style={styles.image} />
        ) : (
          <Icon name="camera" color={colors.dim} />
        )}
      </View>
      <View style={styles.words}>
        <Text variant="strong">{title}</Text>
        <Text variant="small" color={item.status === 'failed' ? 'lie' : isOn ? 'truth' : 'dim'}>
          {note}
        </Text>
      </View>
      <Icon name="forward" size={20} color={colors.dim} />
    </Pressable>
  );
}

const useStyles = themed(({ colors }) => ({
  row: {
    flexDirection: 'row',
    alignItems: 'center',
    gap: space.m,
    padding: space.m,
    borderRadius: radius.large,
    borderWidth: 1,
    borderColor: colors.line,
    backgroundColor: colors.panel,
  },
  poster: {
    width: 52,
    height: 68,
    borderRadius: radius.small,
    overflow: 'hidden',
    backgroundColor: colors.raised,
    alignItems: 'center',
    justifyContent: 'center',
  },
  image: { width: 52, height: 68 },
  words: { flex: 1, gap: 2 },
}));
