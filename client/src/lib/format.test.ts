import { distribution, score } from '@2t1l/game/score';
import { expect, it } from '@jest/globals';
import { formatDecimal } from './format.ts';

it('shows the chances so finely that the printed rule gives the printed score', () => {
  for (let percent = 34; percent <= 100; percent += 1) {
    const own = { guess: 1, confidence: percent / 100 } as const;
    const squares = distribution(own).map((chance, index) => Number(formatDecimal(Math.abs((index === 0 ? 1 : 0) - chance))) ** 2);
    const sum = squares.reduce((all, square) => all + square, 0);
    expect(Math.abs(100 * (1 - 1.5 * sum) - score(own, 0))).toBeLessThanOrEqual(0.5 + 1e-9);
  }
});
