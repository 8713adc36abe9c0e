import type { FeedFilter } from '@2t1l/contract/schemas';
import { Redirect, useRouter } from 'expo-router';
import { useCallback, useMemo, useState } from 'react';
import { ScrollView, StyleSheet, useWindowDimensions, View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { codeOf } from '../../lib/api/problem.ts';
import { useCommonText } from '../../lib/i18n/common.ts';
import { errorText } from '../../lib/i18n/problems.ts';
import { useAppSelector } from '../../lib/store/store.ts';
import { useKeys } from '../../lib/use-keys';
import { EmptyState, ErrorState, OfflineState } from '../../ui/message-state.tsx';
import { Spotlight } from '../../ui/spotlight.tsx';
import { Title } from '../../ui/text.tsx';
import { stage, WIDE } from '../../ui/theme.ts';
import { ThemeScope } from '../../ui/theme-provider.tsx';
import { FEED_BAR_HEIGHT, FeedBar } from './feed-bar.tsx';
import { FeedPager } from './feed-pager.tsx';
import { FeedSkeleton } from './feed-skeleton.tsx';
import { useText } from './texts.ts';
import { useFeed } from './use-feed.ts';

export function FeedScreen() {
  const isNew = useAppSelector(({ auth, ui }) => auth.status === 'nobody' && !ui.welcomed);
  return isNew ? <Redirect href="/welcome" /> : <Feed />;
}

function Feed() {
  const t = useText();
  const common = useCommonText();
  const router = useRouter();
  const [filter, setFilter] = useState<FeedFilter>('all');
  const feed = useFeed(filter);
  const { top } = useSafeAreaInsets();
  const isWide = useWindowDimensions().width >= WIDE;
  const open = useCallback((id: string) => router.push(`/c/${id}`), [router]);
  const toAuthor = useCallback((name: string) => router.push(`/@${encodeURIComponent(name)}`), [router]);
  const { refetch } = feed;
  const retry = { title: common('retry'), onPress: () => void feed.refetch(), busy: feed.isFetching };

  const isRefreshing = feed.isRefetching && !feed.isFetchingNextPage;
  const refresh = useCallback(() => void refetch(), [refetch]);
  useKeys(useMemo(() => ({ r: refresh, R: refresh }), [refresh]));

  return (
    <ThemeScope scheme="dark">
      <View role="main" style={[styles.stage, { paddingTop: top }]}>
        <Spotlight floor={0.9} />
        <View style={isWide ? null : [styles.overlay, { top }]}>
          <FeedBar filter={filter} onFilter={setFilter} onRefresh={refresh} isRefreshing={isRefreshing} />
        </View>
        {feed.items.length > 0 ? <Title style={styles.heading}>{common('feed')}</Title> : null}
        {feed.items.length > 0 ? (
          <FeedPager
            key={filter}
            items={feed.items}
            onOpen={open}
            onAuthor={toAuthor}
            onEnd={() => feed.hasNextPage && !feed.isFetchingNextPage && void feed.fetchNextPage()}
            onRefresh={refresh}
            isRefreshing={isRefreshing}
          />
        ) : feed.isPending ? (
          <FeedSkeleton label={common('loading')} />
        ) : (
          <ScrollView contentContainerStyle={styles.message}>
            {feed.isError ? (
              codeOf(feed.error) === 'offline' ? (
                <OfflineState title={common('offline_title')} body={errorText(feed.error)} action={retry} />
              ) : (
                <ErrorState title={common('error_title')} body={errorText(feed.error)} action={retry} />
              )
            ) : filter === 'all' ? (
              <EmptyState
                title={t('empty_title')}
                body={t('empty_body')}
                action={{ title: t('empty_action'), onPress: () => router.push('/create') }}
                second={{ ...retry, title: t('empty_refresh') }}
              />
            ) : (
              <EmptyState
                title={t('empty_filter_title')}
                body={t(`empty_${filter}`)}
                action={{ title: t('filter_off'), onPress: () => setFilter('all') }}
                second={{ ...retry, title: t('empty_refresh') }}
              />
            )}
          </ScrollView>
        )}
      </View>
    </ThemeScope>
  );
}

const styles = StyleSheet.create({
  stage: { flex: 1, backgroundColor: stage.floor },
  // Over the cards, which are as high as the screen; in front of them for Tab and screen readers too.
  overlay: { position: 'absolute', left: 0, right: 0, zIndex: 1 },
  // For screen readers: to the eye the cards are the feed.
  heading: { position: 'absolute', width: 1, height: 1, overflow: 'hidden' },
  message: { flexGrow: 1, paddingTop: FEED_BAR_HEIGHT },
});
