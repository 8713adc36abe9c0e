import { expect, test } from '@jest/globals';
import { retryAt } from './backoff.ts';

test.each([
  [0, 0, 500],
  [0, 1, 1000],
  [3, 0, 4000],
  [3, 1, 8000],
  [20, 1, 60_000],
])('after %i failures with luck %f: %i ms', (attempts, luck, expected) => {
  expect(retryAt(attempts, 0, () => luck)).toBe(expected);
});

test('the server may ask for more patience', () => {
  expect(retryAt(0, 100, () => 0, 30_000)).toBe(30_100);
});
