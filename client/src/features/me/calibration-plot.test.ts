import { expect, it } from '@jest/globals';
import { plotPoints, plotScale } from './calibration-plot.ts';

const bin = (mean_confidence: number, share: number, guesses: number) => ({
  from: 0,
  to: 1,
  guesses,
  correct: 0,
  mean_confidence,
  share,
  interval: [share - 0.1, share + 0.1] as [number, number],
});

it('who is right as often as sure stands on the line from corner to corner', () => {
  const { x, y } = plotScale({ width: 300, height: 200 });
  expect([x(0.25), x(1), y(0), y(1)]).toEqual([0, 300, 200, 0]);
  const [low, high] = plotPoints([bin(0.5, 0.5, 4), bin(0.9, 0.9, 16)], { width: 300, height: 200 });
  expect(low).toEqual({ x: 100, y: 100, top: 80, bottom: 120, radius: 5 });
  expect(high?.radius).toBe(10);
});

it('a bin with few guesses can still be seen', () => {
  expect(plotPoints([bin(0.5, 1, 1), bin(0.6, 1, 400)], { width: 10, height: 10 })[0]?.radius).toBe(4);
});
