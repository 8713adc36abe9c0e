import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { useRouter } from 'expo-router';
import { Fragment, type ReactNode } from 'react';
import { View } from 'react-native';
import { useCommonText } from '../../lib/i18n/common.ts';
import { errorText } from '../../lib/i18n/problems.ts';
import { Button } from '../../ui/button.tsx';
import type { IconName } from '../../ui/icon.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Text, Title } from '../../ui/text.tsx';
import { space } from '../../ui/theme.ts';

interface Props<Item> {
  title: string;
  query: UseInfiniteQueryResult<InfiniteData<{ items: Item[] }>>;
  /** What stands there while nothing does, and where to go to change that. */
  empty: { words: string; action: string; icon: IconName; href: string };
  more: string;
  children: (item: Item) => ReactNode;
}

/** A list of my own, page by page: loading, failed, empty or full. */
export function OwnList<Item extends { id: string }>({ title, query, empty, more, children }: Props<Item>) {
  const common = useCommonText();
  const router = useRouter();
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <View style={{ gap: space.m }}>
      <Title level={2}>{title}</Title>
      {query.isPending ? (
        <View aria-busy aria-label={common('loading')}>
          <Skeleton height={80} />
        </View>
      ) : null}
      {query.isError && items.length === 0 ? (
        <Panel tone="lie">
          <Text role="alert">{errorText(query.error)}</Text>
          <Button kind="secondary" title={common('retry')} onPress={() => void query.refetch()} busy={query.isFetching} />
        </Panel>
      ) : null}
      {query.isSuccess && items.length === 0 ? (
        <Panel style={{ gap: space.m }}>
          <Text color="dim">{empty.words}</Text>
          <Button kind="secondary" icon={empty.icon} title={empty.action} onPress={() => router.push(empty.href)} />
        </Panel>
      ) : null}
      {items.map((item) => (
        <Fragment key={item.id}>{children(item)}</Fragment>
      ))}
      {query.hasNextPage ? (
        <Button kind="ghost" title={more} onPress={() => void query.fetchNextPage()} busy={query.isFetchingNextPage} />
      ) : null}
    </View>
  );
}
