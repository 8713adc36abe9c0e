import type { OwnChallenge } from '@2t1l/contract/schemas';
import { useRouter } from 'expo-router';
import { View } from 'react-native';
import { absoluteUrl } from '../../lib/base-url.ts';
import { useCommonText } from '../../lib/i18n/common.ts';
import { errorText } from '../../lib/i18n/problems.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Picture } from '../../ui/picture';
import { Pressable } from '../../ui/pressable.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Text, Title } from '../../ui/text.tsx';
import { radius, space } from '../../ui/theme.ts';
import { themed, useTheme } from '../../ui/theme-provider.tsx';
import { useText } from './texts.ts';
import { useMyChallenges } from './use-me.ts';

/** My own challenges and where each of them stands. */
export function MyChallenges() {
  const t = useText();
  const common = useCommonText();
  const router = useRouter();
  const query = useMyChallenges();
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <View style={{ gap: space.m }}>
      <Title level={2}>{t('challenges')}</Title>
      {query.isPending ? <Skeleton height={84} /> : null}
      {query.isError && items.length === 0 ? (
        <Panel tone="lie">
          <Text role="alert">{errorText(query.error)}</Text>
          <Button kind="secondary" title={common('retry')} onPress={() => void query.refetch()} busy={query.isFetching} />
        </Panel>
      ) : null}
      {query.isSuccess && items.length === 0 ? (
        <Panel style={{ gap: space.m }}>
          <Text color="dim">{t('challenges_empty')}</Text>
          <Button kind="secondary" icon="camera" title={t('challenges_action')} onPress={() => router.push('/create')} />
        </Panel>
      ) : null}
      {items.map((item) => (
        <Row key={item.id} item={item} />
      ))}
      {query.hasNextPage ? (
        <Button kind="ghost" title={t('challenges_more')} onPress={() => void query.fetchNextPage()} busy={query.isFetchingNextPage} />
      ) : null}
    </View>
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
