import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chance } from '../../test/voices.ts';
import { SIGNALS } from './signals.ts';
import { tellsOf } from './tells.ts';

const BASE: Record<string, number> = { log: 100, linear: 10, root: 9, odds: 0.4 };
const INVERSE: Record<string, (value: number) => number> = {
  log: Math.exp,
  linear: (value) => value,
  root: (value) => value ** 2,
  odds: (value) => 1 / (1 + Math.exp(-value)),
};
const FORWARD: Record<string, (value: number) => number> = {
  log: Math.log,
  linear: (value) => value,
  root: Math.sqrt,
  odds: (value) => Math.log(value / (1 - value)),
};

/** A segment whose signals lie `away(name)` spreads from a common middle. */
function segment(away: (name: string) => number): Record<string, number> {
  return Object.fromEntries(
    Object.entries(SIGNALS).map(([name, { scale, spread }]) => [
      name,
      INVERSE[scale]?.((FORWARD[scale]?.(BASE[scale] ?? 1) ?? 0) + spread * away(name)) ?? 0,
    ]),
  );
}

function normal(next: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

test('pure noise says "no clear signal" in at least 90 of 100 challenges, with independent signals and with ones that move together', () => {
  const draw = normal(chance(11));
  for (const shared of [0, 0.8]) {
    let alarms = 0;
    for (let round = 0; round < 2_000; round++) {
      const segments = [0, 1, 2].map(() => {
        const common = draw();
        return segment(() => Math.sqrt(shared) * common + Math.sqrt(1 - shared) * draw());
      });
      alarms += tellsOf(segments).strongest === null ? 0 : 1;
    }
    expect(alarms / 2_000).toBeLessThan(0.1);
  }
});

test('what stands out far enough is found, with its direction', () => {
  for (const [direction, away] of [
    ['higher', 7],
    ['lower', -7],
  ] as const) {
    const segments = [
      segment(() => 0),
      segment((name) => (name === 'pause_seconds' ? 0.2 : 0)),
      segment((name) => (name === 'hnr_db' ? away : 0)),
    ];
    const { strongest } = tellsOf(segments);
    expect(strongest).toMatchObject({ segment_index: 2, signal: 'hnr_db', direction });
  }
});

test('a person who varies much needs more to stand out', () => {
  const effect = (others: number) =>
    tellsOf([{ hnr_db: 10 - others }, { hnr_db: 10 + others }, { hnr_db: 20 }]).segments[2]?.signals.hnr_db?.effect ?? 0;
  expect(effect(0)).toBeGreaterThan(1.5 * effect(5));
});

test('the difference is in the unit of the signal, against the mean of the others', () => {
  const { segments } = tellsOf([{ speaking_rate: 4 }, { speaking_rate: 5 }, { speaking_rate: 3 }]);
  expect(segments.map(({ signals }) => signals.speaking_rate?.difference)).toEqual([0, 1.5, -1.5]);
  expect(segments[0]?.signals.speaking_rate).toMatchObject({ value: 4, unit: 'syllables/s', effect: 0 });
});

test('a missing value takes its own difference away only; an unknown name has no effect; nothing at all is no signal', () => {
  const { segments } = tellsOf([
    { hnr_db: 9, odd: 1 },
    { hnr_db: null, odd: 2 },
    { hnr_db: 12, odd: 900 },
  ]);
  expect(segments[1]?.signals.hnr_db).toEqual({ value: null, unit: 'dB', difference: null, effect: null });
  expect(segments[2]?.signals.hnr_db?.difference).toBe(3);
  expect(segments[2]?.signals.odd).toEqual({ value: 900, unit: '', difference: 898.5, effect: null });
  expect(tellsOf([{ hnr_db: 9 }, { hnr_db: null }, {}]).segments[0]?.signals.hnr_db?.effect).toBeNull();
  expect(tellsOf([{}, {}, {}])).toEqual({ segments: [{ signals: {} }, { signals: {} }, { signals: {} }], strongest: null });
});

test('the order of the segments does not matter: reordered segments get reordered tells', () => {
  const names = Object.keys(SIGNALS);
  const some = fc.record(Object.fromEntries(names.map((name) => [name, fc.option(fc.double({ min: 0.01, max: 0.99, noNaN: true }))])));
  fc.assert(
    fc.property(some, some, some, (a, b, c) => {
      const straight = tellsOf([a, b, c]);
      const turned = tellsOf([c, a, b]);
      for (const [at, to] of [1, 2, 0].entries()) {
        for (const name of names) {
          expect(turned.segments[to]?.signals[name]?.effect ?? 0).toBeCloseTo(straight.segments[at]?.signals[name]?.effect ?? 0, 9);
        }
      }
      expect(Math.abs(turned.strongest?.effect ?? 0)).toBeCloseTo(Math.abs(straight.strongest?.effect ?? 0), 9);
    }),
  );
});
