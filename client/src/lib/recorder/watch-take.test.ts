import { describe, expect, test } from '@jest/globals';
import {
  brightness,
  LEAST_FREE_BYTES,
  LEAST_FREE_BYTES_TO_START,
  NOTHING_SEEN,
  type Readings,
  type Warning,
  watchTake,
} from './watch-take.ts';

const FINE: Readings = { light: 0.5, level: 0.6, is_clipping: false, free_bytes: 5e9, arrived: 1 };
const UNKNOWN: Readings = { light: null, level: null, is_clipping: null, free_bytes: null, arrived: null };

/** What is shown after each half second. */
function shownFor(...parts: [Partial<Readings>, number][]): (Warning | null)[] {
  let watch = NOTHING_SEEN;
  return parts.flatMap(([readings, seconds]) =>
    Array.from({ length: seconds * 2 }, () => {
      watch = watchTake(watch, { ...FINE, ...readings }, 0.5);
      return watch.shown;
    }),
  );
}

describe('watchTake', () => {
  test.each<[Partial<Readings>, number, Warning | null]>([
    [{}, 60, null],
    [UNKNOWN, 60, null],
    [{ light: 0.1 }, 1, null],
    [{ light: 0.1 }, 2, 'dark'],
    [{ level: 0.1 }, 2, null],
    [{ level: 0.1 }, 3, 'quiet'],
    [{ level: 0 }, 3, 'quiet'],
    [{ is_clipping: true }, 1, 'clipping'],
    [{ arrived: 0.5 }, 2, 'stutter'],
    [{ free_bytes: LEAST_FREE_BYTES_TO_START - 1 }, 1, 'no_space'],
    [{ light: 0.1, level: 0.1 }, 3, 'dark'],
    [{ light: 0.1, level: 0.1, free_bytes: 0 }, 3, 'no_space'],
  ])('%j for %i s: %s', (readings, seconds, warning) => {
    expect(shownFor([readings, seconds]).at(-1)).toBe(warning);
  });

  test('a dead microphone is told from a quiet voice', () => {
    expect(shownFor([{ level: 0 }, 12]).at(-1)).toBe('no_sound');
  });

  test('a pause between two sentences is no quiet voice', () => {
    expect(shownFor([{ level: 0.05 }, 2], [{}, 1], [{ level: 0.05 }, 2])).not.toContain('quiet');
  });

  test('what is shown can be read before it goes or changes, but room that runs out does not wait', () => {
    const shown = shownFor([{ light: 0.1 }, 2], [{}, 10]);
    expect(shown.filter((warning) => warning === 'dark').length).toBeGreaterThanOrEqual(8);
    expect(shown.at(-1)).toBeNull();
    expect(shownFor([{ light: 0.1 }, 2], [{ free_bytes: 0 }, 1]).at(-1)).toBe('no_space');
  });

  test('it never flickers: whatever is shown stays for four seconds', () => {
    const turns = Array.from({ length: 20 }, (_, turn): [Partial<Readings>, number] => [turn % 2 ? { level: 0.1 } : { arrived: 0.2 }, 3]);
    const shown = shownFor(...turns);
    const runs =
      shown
        .map((warning) => warning ?? '-')
        .join(' ')
        .match(/(\w+)( \1)*/g) ?? [];
    expect(runs.length).toBeGreaterThan(2);
    expect(runs.slice(0, -1).every((run) => run.split(' ').length >= 8)).toBe(true);
  });

  test('a recording ends before the last room is gone', () => {
    expect(LEAST_FREE_BYTES).toBeLessThan(LEAST_FREE_BYTES_TO_START);
  });
});

test.each<[number[], 0 | 3, number]>([
  [[255, 255, 255, 0], 3, 1],
  [[255, 0, 0, 0], 0, 0],
  [[51, 51, 51, 255, 102, 102, 102, 255], 3, 0.3],
  [[], 3, 0],
])('brightness of %j', (pixels, alphaAt, expected) => {
  expect(brightness(Uint8Array.from(pixels), alphaAt)).toBeCloseTo(expected, 5);
});
