import { expect, test } from '@jest/globals';
import { createPace } from './pace.ts';

/** Answers every `everyMs` for `forMs`; where it stands at the end. */
function run(everyMs: number, forMs: number) {
  const pace = createPace();
  for (let at = 0; at <= forMs; at += everyMs) {
    pace.answered(at);
  }
  return { slow: pace.isTooSlow(forMs), per_second: Math.round(pace.perSecond(forMs)) };
}

test.each([
  [50, 2000, { slow: false, per_second: 21 }],
  [50, 9000, { slow: false, per_second: 20 }],
  [120, 9000, { slow: false, per_second: 8 }],
  [150, 9000, { slow: true, per_second: 7 }],
  [500, 2900, { slow: false, per_second: 2 }],
  [500, 3000, { slow: true, per_second: 2 }],
])('an answer every %i ms for %i ms: %j', (everyMs, forMs, expected) => {
  expect(run(everyMs, forMs)).toEqual(expected);
});

test('a worker that falls silent is too slow; loading and a page that was away are not', () => {
  const pace = createPace();
  expect(pace.isTooSlow(20_000)).toBe(false);
  for (let at = 20_000; at < 24_000; at += 50) {
    pace.answered(at);
  }
  expect(pace.isTooSlow(24_000)).toBe(false);
  expect(pace.isTooSlow(27_000)).toBe(true);
  pace.forget();
  expect(pace.isTooSlow(90_000)).toBe(false);
});
