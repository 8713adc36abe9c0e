import type { PlayerPage } from '@2t1l/contract/players';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useLocalSearchParams, useRouter } from 'expo-router';
import { RefreshControl, View } from 'react-native';
import { codeOf } from '../../lib/api/problem.ts';
import { api } from '../../lib/api.ts';
import { formatDay, formatNumber } from '../../lib/format.ts';
import { useCommonText } from '../../lib/i18n/common.ts';
import { errorText } from '../../lib/i18n/problems.ts';
import { playerKey } from '../../lib/query-keys.ts';
import { useShare } from '../../lib/use-share.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { EmptyState, ErrorState, OfflineState } from '../../ui/message-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Screen } from '../../ui/screen.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Text, Title } from '../../ui/text.tsx';
import { fonts, radius, space } from '../../ui/theme.ts';
import { themed } from '../../ui/theme-provider.tsx';
import { ChallengeTile } from './challenge-tile.tsx';
import { useText } from './texts.ts';

const PAGE = 12;

/** `/@name`: a player as everybody may see them. Any other address of one word leads nowhere. */
export function PlayerScreen() {
  const { handle = '' } = useLocalSearchParams<{ handle: string }>();
  return handle.startsWith('@') && handle.length > 1 ? <Profile key={handle} username={handle.slice(1)} /> : <Nowhere />;
}

function Nowhere() {
  const common = useCommonText();
  const router = useRouter();
  const home = { title: common('home'), onPress: () => router.replace('/') };
  return (
    <Screen>
      <EmptyState title={common('nowhere_title')} body={common('nowhere_body')} action={home} />
    </Screen>
  );
}

function Profile({ username }: { username: string }) {
  const t = useText();
  const common = useCommonText();
  const router = useRouter();
  const query = usePlayer(username);
  const [first] = query.data?.pages ?? [];
  const home = { title: common('home'), onPress: () => router.replace('/') };
  const back = () => (router.canGoBack() ? router.back() : router.replace('/'));
  if (first === undefined) {
    const retry = { title: common('retry'), onPress: () => void query.refetch(), busy: query.isFetching };
    const code = query.error && codeOf(query.error);
    return (
      <Screen>
        {code === null ? (
          <ProfileSkeleton label={common('loading')} />
        ) : code === 'offline' ? (
          <OfflineState title={common('offline_title')} body={errorText(query.error)} action={retry} second={home} />
        ) : code === 'player_not_found' || code === 'invalid_request' ? (
          <ErrorState title={t('gone_title')} body={t('gone_body')} action={home} />
        ) : (
          <ErrorState title={common('error_title')} body={errorText(query.error)} action={retry} second={home} />
        )}
      </Screen>
    );
  }
  const items = query.data?.pages.flatMap((page) => page.challenges.items) ?? [];
  return (
    <Screen
      column={620}
      refreshControl={<RefreshControl refreshing={query.isRefetching} onRefresh={() => void query.refetch()} />}
      style={{ gap: space.xl }}
    >
      <Head player={first} onBack={back} />
      <View style={{ gap: space.m }}>
        <Title level={2}>{t('on_stage')}</Title>
        {items.length === 0 ? (
          <Panel>
            <Title level={3}>{t('empty_title')}</Title>
            <Text color="dim">{t('empty_body', { name: first.username })}</Text>
          </Panel>
        ) : (
          <View style={{ flexDirection: 'row', flexWrap: 'wrap', gap: space.m }}>
            {items.map((item) => (
              <ChallengeTile key={item.id} challenge={item} onOpen={() => router.push(`/c/${item.id}`)} />
            ))}
          </View>
        )}
        {query.hasNextPage ? (
          <Button kind="ghost" title={t('more')} onPress={() => void query.fetchNextPage()} busy={query.isFetchingNextPage} />
        ) : null}
      </View>
    </Screen>
  );
}

function usePlayer(username: string) {
  return useInfiniteQuery({
    queryKey: playerKey(username),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      api.player({ params: { username }, query: { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    getNextPageParam: (last) => last.challenges.next_cursor,
  });
}

function Head({ player, onBack }: { player: PlayerPage; onBack: () => void }) {
  const styles = useStyles();
  const t = useText();
  const common = useCommonText();
  const share = useShare();
  const counts = [
    { title: t('published'), value: player.published },
    { title: t('guesses'), value: player.guesses },
  ];
  return (
    <View style={{ gap: space.l }}>
      <View style={styles.bar}>
        <IconButton icon="back" label={common('back')} onPress={onBack} />
        <IconButton
          icon="share"
          label={t('share')}
          onPress={() => void share(t('share_title', { name: player.username }), `/@${encodeURIComponent(player.username)}`)}
        />
      </View>
      <View style={styles.who}>
        <Avatar name={player.username} size={84} />
        <View style={styles.words}>
          <Title numberOfLines={2}>{player.username}</Title>
          <Text variant="small" color={player.is_house ? 'gold' : 'dim'}>
            {player.is_house ? t('house') : t('member_since', { date: formatDay(player.created_at) })}
          </Text>
        </View>
      </View>
      <View style={styles.counts}>
        {counts.map(({ title, value }) => (
          <View key={title} style={styles.count}>
            <Text style={styles.number}>{formatNumber(value)}</Text>
            <Text variant="tiny" color="dim">
              {title}
            </Text>
          </View>
        ))}
      </View>
    </View>
  );
}

function ProfileSkeleton({ label }: { label: string }) {
  return (
    <View aria-busy aria-label={label} style={{ gap: space.l }}>
      <View style={{ flexDirection: 'row', gap: space.l, alignItems: 'center' }}>
        <Skeleton width={84} height={84} round />
        <View style={{ gap: space.s }}>
          <Skeleton width={180} height={26} />
          <Skeleton width={120} height={14} />
        </View>
      </View>
      <Skeleton height={76} />
      <Skeleton height={220} />
    </View>
  );
}

const useStyles = themed(({ colors }) => ({
  bar: { flexDirection: 'row', justifyContent: 'space-between' },
  who: { flexDirection: 'row', alignItems: 'center', gap: space.l },
  words: { flex: 1, gap: space.xs },
  counts: { flexDirection: 'row', gap: space.s },
  count: {
    flex: 1,
    alignItems: 'center',
    backgroundColor: colors.panel,
    borderRadius: radius.medium,
    borderWidth: 1,
    borderColor: colors.line,
    padding: space.m,
  },
  number: { fontFamily: fonts.heavy, fontSize: 20, lineHeight: 28 },
}));
