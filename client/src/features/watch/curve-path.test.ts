import { expect, it } from '@jest/globals';
import { lengthsOf, pathOf } from './curve-path.ts';

const curve = (values: (number | null)[]) => ({ start_seconds: 0, step_seconds: 1, values });

const frame = { height: 16, spanMin: 1, foot: null };

it('three segments stand side by side on one scale, with a gap where a value is missing', () => {
  const curves = [curve([0, 1]), curve([1, null]), curve([0, 1])];
  const { path, borders, range } = pathOf(curves, { ...frame, width: 60, lengths: [2, 2, 2] });
  expect(borders).toEqual([20, 40]);
  expect(path).toBe('M0 13L10 3M20 3M40 13L50 3');
  expect(range).toEqual([0, 1]);
});

it('a segment is as long as its longest curve, and leaves room without one; no values at all draw nothing', () => {
  const lengths = lengthsOf([
    [curve([1, 2, 3]), curve([1, 2])],
    [null, null],
    [curve([]), null],
  ]);
  expect(lengths).toEqual([3, 3, 3]);
  expect(pathOf([curve([1, 2, 3]), null, null], { ...frame, width: 90, lengths }).borders).toEqual([30, 60]);
  expect(pathOf([null, null, curve([null])], { ...frame, width: 90, lengths })).toEqual({ path: '', borders: [], range: null });
});

it('a small movement stays small, in the middle of the height', () => {
  const { path } = pathOf([curve([4, 6])], { ...frame, width: 20, lengths: [2], spanMin: 10 });
  expect(path).toBe('M0 9L10 7');
});

it('a foot holds what is less, and there is nothing to draw before the width is known', () => {
  const at = { ...frame, lengths: [3], foot: -60 };
  expect(pathOf([curve([-120, -60, -10])], { ...at, width: 30 }).path).toBe('M0 13L10 13L20 3');
  expect(pathOf([curve([-120, -60, -10])], { ...at, width: 0 })).toEqual({ path: '', borders: [], range: null });
});
