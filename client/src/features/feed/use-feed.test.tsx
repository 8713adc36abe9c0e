import { afterEach, expect, it, jest } from '@jest/globals';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook } from '@testing-library/react-native';
import type { ReactNode } from 'react';
import { Provider } from 'react-redux';
import { store } from '../../lib/store/store.ts';
import { useFeed } from './use-feed.ts';

const mockFeed = jest.fn(async () => ({ items: [{ id: 'c1', has_guessed: false }], next_cursor: null }));
let mockFocus = () => {};
jest.mock('@react-native-async-storage/async-storage', () => ({ getItem: async () => null, setItem: async () => undefined }));
jest.mock('../../lib/api.ts', () => ({ api: { feed: () => mockFeed() } }));
jest.mock('expo-router', () => ({
  useFocusEffect: (effect: () => void) => {
    mockFocus = effect;
  },
}));
afterEach(() => {
  jest.useRealTimers();
});

it('whoever comes back to the feed after a minute sees what is new, and nothing is asked twice within it', async () => {
  jest.useFakeTimers();
  const queries = new QueryClient({ defaultOptions: { queries: { gcTime: Number.POSITIVE_INFINITY } } });
  const wrapper = ({ children }: { children: ReactNode }) => (
    <Provider store={store}>
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    </Provider>
  );
  const { unmount } = await renderHook(() => useFeed('all'), { wrapper });
  const comeBack = async (afterMs: number) => {
    await act(() => jest.advanceTimersByTimeAsync(afterMs));
    await act(async () => mockFocus());
    return mockFeed.mock.calls.length;
  };
  expect(await comeBack(0)).toBe(1);
  expect(await comeBack(30_000)).toBe(1);
  expect(await comeBack(31_000)).toBe(2);
  await unmount();
});
