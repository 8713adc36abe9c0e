import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { act, renderHook } from '@testing-library/react-native';
import { SETTLED_AFTER_MS, useSettled } from './use-settled.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

it('waits for longer than a double press takes', async () => {
  const { result } = await renderHook(() => useSettled());
  expect(result.current).toBe(false);
  await act(() => jest.advanceTimersByTime(SETTLED_AFTER_MS - 1));
  expect(result.current).toBe(false);
  await act(() => jest.advanceTimersByTime(1));
  expect(result.current).toBe(true);
});
