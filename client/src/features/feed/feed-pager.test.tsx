import type { PublicChallenge } from '@2t1l/contract/schemas';
import { expect, it, jest } from '@jest/globals';
import { fireEvent, render } from '@testing-library/react-native';
import { FlatList } from 'react-native';
import { FeedPager } from './feed-pager.tsx';

jest.mock('./feed-card.tsx', () => ({ FeedCard: () => null, cardWidth: () => 400 }));

const HEIGHT = 800;
const challenges = (...ids: string[]) => ids.map((id) => ({ id }) as PublicChallenge);
const feed = (items: PublicChallenge[]) => (
  <FeedPager items={items} onOpen={() => {}} onAuthor={() => {}} onEnd={() => {}} onRefresh={() => {}} isRefreshing={false} />
);

it.each([
  ['further down stays at the card they look at', 1, [2 * HEIGHT]],
  ['at the top sees what is new', 0, []],
])('when a challenge comes on top, whoever is %s', async (_, page, jumps) => {
  const scroll = jest.spyOn(FlatList.prototype, 'scrollToOffset').mockImplementation(() => {});
  const { root, rerender, getByTestId } = await render(feed(challenges('a', 'b', 'c')));
  await fireEvent(root as NonNullable<typeof root>, 'layout', { nativeEvent: { layout: { width: 400, height: HEIGHT } } });
  for (const at of [2, page]) {
    await fireEvent.scroll(getByTestId('feed'), {
      nativeEvent: { contentOffset: { y: at * HEIGHT }, contentSize: {}, layoutMeasurement: {} },
    });
  }
  expect(scroll).not.toHaveBeenCalled();
  await rerender(feed(challenges('new', 'a', 'b', 'c')));
  expect(scroll.mock.calls.map(([{ offset }]) => offset)).toEqual(jumps);
  scroll.mockRestore();
});
