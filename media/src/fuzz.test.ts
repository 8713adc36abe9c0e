import { expect, it } from 'vitest';
import { fuzz } from '../test/fuzz.ts';
import { setUp } from '../test/set-up.ts';

const { dir, tools } = await setUp('fuzz');
const isLong = process.env.TEST_LONG === '1';
const counts = isLong ? { tables: 2000, clips: 200 } : { tables: 200, clips: 20 };

it.each(['tables', 'clips'] as const)(
  'mutated %s end as a movie or a refusal, in time, in memory and without a trace',
  { timeout: 1_800_000 },
  async (kind) => {
    const fuzzed = await fuzz({ kind, dir, tools, count: counts[kind] });
    expect(fuzzed.failures).toEqual([]);
    expect(fuzzed.tried).toBe(counts[kind]);
    // mutations that are all refused at the door, or do no harm, would test nothing
    expect(Math.min(fuzzed.accepted, fuzzed.refused)).toBeGreaterThan(fuzzed.tried / 10);
  },
);
