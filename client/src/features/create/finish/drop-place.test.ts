import type { SegmentIndex } from '@2t1l/game/challenge';
import { expect, it } from '@jest/globals';
import { dropPlace } from './drop-place.ts';

const boxes = [
  { top: 0, height: 100 },
  { top: 116, height: 200 },
  { top: 332, height: 100 },
];

it.each<[SegmentIndex, number, SegmentIndex]>([
  [0, 0, 0],
  [0, 60, 0],
  [0, 70, 1],
  [0, 300, 2],
  [0, -500, 0],
  [1, -120, 0],
  [1, 90, 1],
  [2, -170, 1],
  [2, 999, 2],
])('card %p dragged by %p px lies over card %p', (from, by, over) => {
  expect(dropPlace(boxes, from, by)).toBe(over);
});

it('before the cards are measured nothing moves', () => {
  expect(dropPlace([], 1, 200)).toBe(1);
});
