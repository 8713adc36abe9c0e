import fc from 'fast-check';
import { expect, test } from 'vitest';
import { meanInterval } from './tells.ts';

test('the interval of a mean: a worked example', () => {
  // n = 5, mean 3, s = sqrt(2.5), t(4) taken from the row of 3
  const { mean, interval } = meanInterval([1, 2, 3, 4, 5]) ?? { mean: Number.NaN, interval: [0, 0] };
  expect(mean).toBe(3);
  expect(interval[1] - 3).toBeCloseTo(2.353 * Math.sqrt(2.5 / 5), 9);
});

test('one value has no interval', () => {
  expect(meanInterval([1])).toBeNull();
});

test('law: about nine of ten intervals of normal samples hold the true mean', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 60 }), fc.integer(), (size, seed) => {
      const normal = normals(seed);
      let held = 0;
      for (let round = 0; round < 400; round += 1) {
        const { interval } = meanInterval(Array.from({ length: size }, normal)) ?? { interval: [1, -1] };
        held += Number(interval[0] <= 0 && 0 <= interval[1]);
      }
      expect(held / 400).toBeGreaterThan(0.84);
      expect(held / 400).toBeLessThan(0.98);
    }),
    { numRuns: 20 },
  );
});

/** Normal deviates by Box and Muller from a small generator (mulberry32). */
function normals(seed: number): () => number {
  let state = seed | 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
