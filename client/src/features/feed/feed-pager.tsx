import type { PublicChallenge } from '@2t1l/contract/schemas';
import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import { FlatList, type NativeScrollEvent, type NativeSyntheticEvent, StyleSheet, useWindowDimensions, View } from 'react-native';
import { useReducedMotion } from 'react-native-reanimated';
import { useKeys } from '../../lib/use-keys';
import type { KeyHandlers } from '../../lib/use-keys.types.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { space, WIDE } from '../../ui/theme.ts';
import { cardWidth, FeedCard } from './feed-card.tsx';
import { useText } from './texts.ts';

interface Props {
  items: readonly PublicChallenge[];
  onOpen: (id: string) => void;
  onAuthor: (username: string) => void;
  onEnd: () => void;
  onRefresh: () => void;
  isRefreshing: boolean;
}

/** One challenge a page: swipe, scroll, two buttons or the arrow keys. */
export function FeedPager({ items, onOpen, onAuthor, onEnd, onRefresh, isRefreshing }: Props) {
  const t = useText();
  const list = useRef<FlatList<PublicChallenge>>(null);
  const still = useReducedMotion();
  const [{ width, height }, setSize] = useState({ width: 0, height: 0 });
  const isWide = useWindowDimensions().width >= WIDE;
  const [page, setPage] = useState(0);
  const here = Math.min(page, Math.max(0, items.length - 1));
  const known = useRef(items);

  // what is new comes on top: who is at the top sees it, who is further down stays at their card
  useLayoutEffect(() => {
    const shown = known.current[page]?.id;
    const at = known.current === items || page === 0 ? page : items.findIndex((item) => item.id === shown);
    known.current = items;
    if (at !== page && at >= 0) {
      list.current?.scrollToOffset({ offset: at * height, animated: false });
      setPage(at);
    }
  }, [items, page, height]);

  const { up, down, keys } = useMemo(() => {
    const go = (to: number) =>
      list.current?.scrollToOffset({ offset: Math.max(0, Math.min(items.length - 1, to)) * height, animated: !still });
    const goUp = () => go(here - 1);
    const goDown = () => go(here + 1);
    const open = () => items[here] && onOpen(items[here].id);
    const handlers: KeyHandlers = { ArrowDown: goDown, PageDown: goDown, ArrowUp: goUp, PageUp: goUp, Enter: open };
    return { up: goUp, down: goDown, keys: handlers };
  }, [items, here, height, still, onOpen]);
  useKeys(keys);

  const onScroll = ({ nativeEvent }: NativeSyntheticEvent<NativeScrollEvent>) => {
    if (height > 0) {
      setPage(Math.round(nativeEvent.contentOffset.y / height));
    }
  };
  return (
    <View style={styles.fill} onLayout={({ nativeEvent }) => setSize(nativeEvent.layout)}>
      {height > 0 ? (
        <FlatList
          ref={list}
          testID="feed"
          data={items}
          keyExtractor={(item) => item.id}
          renderItem={({ item }) => (
            <FeedCard challenge={item} height={height} onOpen={() => onOpen(item.id)} onAuthor={() => onAuthor(item.author.username)} />
          )}
          getItemLayout={(_data, index) => ({ length: height, offset: height * index, index })}
          pagingEnabled
          showsVerticalScrollIndicator={false}
          onScroll={onScroll}
          scrollEventThrottle={32}
          onEndReached={onEnd}
          onEndReachedThreshold={2}
          windowSize={5}
          onRefresh={onRefresh}
          refreshing={isRefreshing}
        />
      ) : null}
      <View style={[styles.buttons, isWide && { right: 'auto', left: (width + cardWidth(height)) / 2 + space.l }]} pointerEvents="box-none">
        <IconButton icon="up" label={t('previous')} onPress={up} disabled={here === 0} />
        <IconButton icon="down" label={t('following')} onPress={down} disabled={here >= items.length - 1} />
      </View>
    </View>
  );
}

const styles = StyleSheet.create({
  fill: { flex: 1 },
  buttons: { position: 'absolute', right: space.m, bottom: space.xl, gap: space.s },
});
