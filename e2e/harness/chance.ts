/** Chance that can be had again: the seed is printed, and `TEST_SEED` sets it. */
export interface Chance {
  seed: number;
  /** From 0 up to, but not including, 1. */
  next(): number;
  /** A whole number from `least` to `most`, both possible. */
  whole(least: number, most: number): number;
}

export function makeChance(what: string): Chance {
  const seed = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`${what}: TEST_SEED=${seed} repeats this run`);
  let state = seed;
  // mulberry32, Tommy Ettinger, public domain.
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { seed, next, whole: (least, most) => least + Math.floor(next() * (most - least + 1)) };
}
