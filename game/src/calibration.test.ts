import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CALIBRATION_EDGES, CALIBRATION_MIN, calibrationBin, calibrationOf, wilson } from './calibration.ts';

test.each([
  [1 / 3, 0],
  [0.39, 0],
  [0.4, 1],
  [2 / 3, 3],
  [0.7, 4],
  [0.1 + 0.7, 5],
  [0.9, 6],
  [1, 6],
])('confidence %d lies in bin %d', (confidence, bin) => {
  expect(calibrationBin(confidence)).toBe(bin);
});

test.each([
  // z = 1.96: A. Agresti, B. A. Coull, "Approximate is better than exact", 1998: 0 of 10 gives [0, 0.278].
  [0, 10, 1.96, 0, 0.2775],
  [5, 10, 1.96, 0.2366, 0.7634],
  [10, 10, 1.96, 0.7225, 1],
  // 90 %: (8 + 1.3528) / 12.7055 = 0.7361, reach 1.644854 / 12.7055 * sqrt(1.6 + 0.6764) = 0.1953
  [8, 10, undefined, 0.5408, 0.9314],
])('%d of %d (z %s): from %d to %d', (hits, of, z, low, high) => {
  const { interval } = wilson(hits, of, z) ?? { interval: [-1, -1] };
  expect(interval[0]).toBeCloseTo(low, 3);
  expect(interval[1]).toBeCloseTo(high, 3);
});

test('law: an interval lies within 0 and 1 and holds its share; nothing tried has none', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0, max: 1, noNaN: true }), (of, part) => {
      const hits = Math.round(of * part);
      const { share, interval } = wilson(hits, of) ?? { share: -1, interval: [0, 0] };
      expect(interval[0]).toBeGreaterThanOrEqual(0);
      expect(interval[1]).toBeLessThanOrEqual(1);
      expect(share).toBeGreaterThanOrEqual(interval[0] - 1e-12);
      expect(share).toBeLessThanOrEqual(interval[1] + 1e-12);
    }),
  );
  expect(wilson(0, 0)).toBeNull();
});

const count = (bin: number, guesses: number, correct: number) => ({
  bin,
  guesses,
  correct,
  confidence: guesses * ((CALIBRATION_EDGES[bin] ?? 0) + 0.02),
});

test('too few guesses say nothing yet', () => {
  expect(calibrationOf([])).toBeNull();
  expect(calibrationOf([count(3, CALIBRATION_MIN - 1, 10)])).toBeNull();
});

test.each([
  [[count(6, 30, 12)], 'over'],
  [[count(0, 20, 18)], 'under'],
  [[count(4, 10, 7), count(1, 10, 4)], 'fits'],
] as const)('%j: %s', (counts, verdict) => {
  const calibration = calibrationOf(counts);
  expect(calibration?.verdict).toBe(verdict);
  expect(calibration?.guesses).toBe(counts.reduce((sum, { guesses }) => sum + guesses, 0));
});

test('a point for each bin with guesses, by rising confidence, at the mean of what was said there', () => {
  const { bins = [], mean_confidence } = calibrationOf([count(6, 12, 9), count(2, 8, 4)]) ?? {};
  expect(bins.map(({ from, to, share }) => [from, to, share])).toEqual([
    [0.5, 0.6, 0.5],
    [0.9, 1, 0.75],
  ]);
  expect(bins[0]?.mean_confidence).toBeCloseTo(0.52, 9);
  expect(mean_confidence).toBeCloseTo((8 * 0.52 + 12 * 0.92) / 20, 9);
});
