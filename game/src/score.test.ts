import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SEGMENT_INDEXES, type SegmentIndex } from './challenge.ts';
import { authorPoints, distribution, minConfidence, QUICK_CONFIDENCE, score } from './score.ts';

const index = fc.constantFrom(...SEGMENT_INDEXES);

describe('score', () => {
  test.each([
    ['even split, right', 1 / 3, 0, 0],
    ['even split, wrong', 1 / 3, 1, 0],
    ['sure and right', 1, 0, 100],
    ['sure and wrong', 1, 1, -200],
    ['quick, right', QUICK_CONFIDENCE, 0, 75],
    ['quick, wrong', QUICK_CONFIDENCE, 2, -75],
    ['70 %, right', 0.7, 0, 80],
    ['70 %, wrong', 0.7, 2, -85],
  ] as const)('%s', (_name, confidence, lie, expected) => {
    expect(score({ guess: 0, confidence }, lie)).toBe(expected);
  });

  test.each([
    ['even split over two', 1 / 2, 0, 0],
    ['even split over two, wrong', 1 / 2, 1, 0],
    ['sure and right', 1, 0, 100],
    ['sure and wrong', 1, 1, -300],
  ] as const)('after a hint: %s', (_name, confidence, lie, expected) => {
    expect(score({ guess: 0, confidence, struck: 2 }, lie)).toBe(expected);
  });

  test('law: saying what one believes is best, whatever one believes', () => {
    const confidences = fc.double({ min: 1 / 3, max: 1, noNaN: true });
    fc.assert(
      fc.property(confidences, confidences, (belief, said) => {
        const expected = (confidence: number) =>
          belief * exact({ guess: 0, confidence }, 0) +
          ((1 - belief) / 2) * (exact({ guess: 0, confidence }, 1) + exact({ guess: 0, confidence }, 2));
        expect(expected(belief)).toBeGreaterThanOrEqual(expected(said) - 1e-6);
      }),
    );
  });

  test('law: always an integer between -200 and 100, without a hint', () => {
    fc.assert(
      fc.property(index, index, fc.double({ min: 1 / 3, max: 1, noNaN: true }), (guess, lie, confidence) => {
        const points = score({ guess, confidence }, lie);
        expect(Number.isInteger(points) && points >= -200 && points <= 100 && !Object.is(points, -0)).toBe(true);
      }),
    );
  });

  test.each([0, 0.3, 1.01, Number.NaN])('a confidence of %s is a bug', (confidence) => {
    expect(() => score({ guess: 0, confidence }, 0)).toThrow(RangeError);
  });

  test('a struck statement cannot be picked', () => {
    expect(() => score({ guess: 2, confidence: 0.8, struck: 2 }, 0)).toThrow(RangeError);
  });
});

describe('distribution', () => {
  test('law: three chances that add up to 1, the pick has its confidence, a struck one has none', () => {
    const picks = fc
      .record({ guess: index, struck: fc.option(index, { nil: undefined }), part: fc.double({ min: 0, max: 1, noNaN: true }) })
      .filter(({ guess, struck }) => guess !== struck);
    fc.assert(
      fc.property(picks, ({ guess, struck, part }) => {
        const least = minConfidence(struck !== undefined);
        const confidence = least + part * (1 - least);
        const chances = distribution(struck === undefined ? { guess, confidence } : { guess, confidence, struck });
        expect(chances[0] + chances[1] + chances[2]).toBeCloseTo(1, 9);
        expect(chances[guess]).toBe(confidence);
        expect(struck === undefined || chances[struck] === 0).toBe(true);
      }),
    );
  });
});

describe('authorPoints', () => {
  test.each([
    ['fooled all the way', 1, 1, 33],
    ['caught all the way', 1, 0, -67],
    ['even split', 1 / 3, 0, 0],
  ] as const)('%s', (_name, confidence, lie, expected) => {
    expect(authorPoints({ guess: 0, confidence }, lie)).toBe(expected);
  });
});

/** The rule without its rounding, written out again. */
function exact(pick: { guess: SegmentIndex; confidence: number }, lie: SegmentIndex): number {
  const rest = (1 - pick.confidence) / 2;
  const misses = SEGMENT_INDEXES.map((i) => ((i === pick.guess ? pick.confidence : rest) - (i === lie ? 1 : 0)) ** 2);
  return 100 * (1 - 1.5 * misses.reduce((sum, miss) => sum + miss, 0));
}
