import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { act, renderHook } from '@testing-library/react-native';
import { useWaiting } from './use-waiting.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const pass = (ms: number) => act(async () => void jest.advanceTimersByTime(ms));
const loading = { isReady: false, hasBegun: false, isPlaying: false };

it('a film that does not come is waited for, then slow, then late', async () => {
  const { result } = await renderHook(() => useWaiting('a', loading));
  expect(result.current).toEqual({ waiting: 'no', isLate: false });
  await pass(500);
  expect(result.current).toEqual({ waiting: 'yes', isLate: false });
  await pass(6000);
  expect(result.current).toEqual({ waiting: 'slow', isLate: false });
  await pass(14_000);
  expect(result.current.isLate).toBe(true);
});

it('a film that stood still in its middle is never late; another film begins anew; no film waits for nothing', async () => {
  const stalled = { isReady: false, hasBegun: true, isPlaying: true };
  const { result, rerender } = await renderHook(({ source }: { source: string | null }) => useWaiting(source, stalled), {
    initialProps: { source: 'a' as string | null },
  });
  await pass(30_000);
  expect(result.current).toEqual({ waiting: 'slow', isLate: false });
  await rerender({ source: 'b' });
  expect(result.current.waiting).toBe('no');
  await rerender({ source: null });
  await pass(30_000);
  expect(result.current.waiting).toBe('no');
});
