import { expect, it } from '@jest/globals';
import { pathOf } from './curve-path.ts';

const curve = (values: (number | null)[]) => ({ start_seconds: 0, step_seconds: 1, values });

it('three segments stand side by side on one scale, with a gap where a value is missing', () => {
  const { path, borders } = pathOf([curve([0, 1]), curve([1, null]), curve([0, 1])], { width: 60, height: 16 });
  expect(borders).toEqual([20, 40]);
  expect(path).toBe('M0 13L10 3M20 3M40 13L50 3');
});

it('a segment without a curve leaves room; no values at all draw nothing', () => {
  expect(pathOf([curve([1, 2, 3]), null, null], { width: 90, height: 16 }).borders).toEqual([30, 60]);
  expect(pathOf([null, null, curve([null])], { width: 90, height: 16 })).toEqual({ path: '', borders: [] });
});
