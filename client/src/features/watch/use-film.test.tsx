import type { Challenge } from '@2t1l/contract/schemas';
import { expect, it, jest } from '@jest/globals';
import { act, renderHook } from '@testing-library/react-native';
import type { ReactNode } from 'react';
import { Provider } from 'react-redux';
import { store } from '../../lib/store/store.ts';
import { onlineChanged } from '../../lib/store/ui-slice.ts';
import { useFilm } from './use-film.ts';

jest.mock('@react-native-async-storage/async-storage', () => ({ getItem: async () => null, setItem: async () => undefined }));
let mockFailing: string[] = [];
const mockPlayed: (string | null)[] = [];
jest.mock('./use-playback.ts', () => ({
  usePlayback: (source: string | null) => {
    mockPlayed.push(source);
    return { isFailed: mockFailing.some((mark) => source?.endsWith(mark)), waiting: 'no' };
  },
}));

const at = (sig: string) => ({ video_url: `https://example.com/v.mp4?sig=${sig}`, segments: [] }) as unknown as Challenge;

async function watch(fails: string[]) {
  mockFailing = fails;
  let challenge = at('old');
  const refetch = jest.fn(async () => {
    challenge = at('new');
  });
  const wrapper = ({ children }: { children: ReactNode }) => <Provider store={store}>{children}</Provider>;
  const hook = await renderHook(() => useFilm(challenge, { isFresh: true, refetch }), { wrapper });
  await act(async () => undefined);
  return { ...hook, refetch };
}

it('an address that has expired is renewed once, unseen', async () => {
  const { result, refetch } = await watch(['sig=old']);
  expect(refetch).toHaveBeenCalledTimes(1);
  expect(mockPlayed.at(-1)).toBe('https://example.com/v.mp4?sig=new#1');
  expect(result.current.isFailed).toBe(false);
});

it('what fails again is said; the network’s return and the viewer try it anew', async () => {
  const { result, refetch } = await watch(['sig=old', '#1', '#2']);
  expect(refetch).toHaveBeenCalledTimes(1);
  expect(result.current.isFailed).toBe(true);
  await act(async () => void store.dispatch(onlineChanged(false)));
  expect(refetch).toHaveBeenCalledTimes(1);
  await act(async () => void store.dispatch(onlineChanged(true)));
  expect(refetch).toHaveBeenCalledTimes(2);
  expect(result.current.isFailed).toBe(true);
  await act(async () => result.current.retry());
  expect(refetch).toHaveBeenCalledTimes(3);
  expect(result.current.isFailed).toBe(false);
});
