import { Redirect, useRouter } from 'expo-router';
import { useCallback } from 'react';
import { StyleSheet, View } from 'react-native';
import { useSafeAreaInsets } from 'react-native-safe-area-context';
import { codeOf } from '../../lib/api/problem.ts';
import { useCommonText } from '../../lib/i18n/common.ts';
import { errorText } from '../../lib/i18n/problems.ts';
import { useAppSelector } from '../../lib/store/store.ts';
import { EmptyState, ErrorState, OfflineState } from '../../ui/message-state.tsx';
import { Screen } from '../../ui/screen.tsx';
import { Spotlight } from '../../ui/spotlight.tsx';
import { stage } from '../../ui/theme.ts';
import { ThemeScope } from '../../ui/theme-provider.tsx';
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
  const feed = useFeed();
  const { top } = useSafeAreaInsets();
  const open = useCallback((id: string) => router.push(`/c/${id}`), [router]);
  const retry = { title: common('retry'), onPress: () => void feed.refetch(), busy: feed.isFetching };

  if (feed.items.length > 0) {
    return (
      <ThemeScope scheme="dark">
        <View role="main" style={[styles.stage, { paddingTop: top }]}>
          <Spotlight floor={0.9} />
          <FeedPager
            items={feed.items}
            onOpen={open}
            onEnd={() => feed.hasNextPage && !feed.isFetchingNextPage && void feed.fetchNextPage()}
            onRefresh={() => void feed.refetch()}
            isRefreshing={feed.isRefetching && !feed.isFetchingNextPage}
          />
        </View>
      </ThemeScope>
    );
  }
  if (feed.isPending) {
    return <FeedSkeleton label={common('loading')} />;
  }
  if (feed.isError) {
    return (
      <Screen>
        {codeOf(feed.error) === 'offline' ? (
          <OfflineState title={common('offline_title')} body={errorText(feed.error)} action={retry} />
        ) : (
          <ErrorState title={common('error_title')} body={errorText(feed.error)} action={retry} />
        )}
      </Screen>
    );
  }
  return (
    <Screen>
      <EmptyState
        title={t('empty_title')}
        body={t('empty_body')}
        action={{ title: t('empty_action'), onPress: () => router.push('/create') }}
        second={{ title: t('empty_refresh'), onPress: retry.onPress, busy: feed.isFetching }}
      />
    </Screen>
  );
}

const styles = StyleSheet.create({ stage: { flex: 1, backgroundColor: stage.floor } });
