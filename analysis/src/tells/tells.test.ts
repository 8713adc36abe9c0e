import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chance } from '../../test/voices.ts';
import { faceSignals } from '../face/signals.ts';
import { EMOTIONS, type EmotionScores, type FaceFrame } from '../face/types.ts';
import { SIGNALS, type Signal } from './signals.ts';
import { type Compared, tellsOf } from './tells.ts';

const BASE: Record<string, number> = { log: 100, linear: 10, root: 9 };
const INVERSE: Record<string, (value: number) => number> = {
  log: Math.exp,
  linear: (value) => value,
  root: (value) => value ** 2,
};
const FORWARD: Record<string, (value: number) => number> = {
  log: Math.log,
  linear: (value) => value,
  root: Math.sqrt,
};

const lasting = (seconds: number) => ({ face: seconds, speech: seconds, span: seconds });
const MINUTE = lasting(60);
const clip = (signals: Compared['signals'], seconds: Compared['seconds'] = MINUTE): Compared => ({ signals, seconds });

/** A segment whose signals lie `away(name)` spreads from a common middle. */
function segment(away: (name: string) => number, seconds?: Compared['seconds']): Compared {
  const valueAt = (name: string, scale: string, spread: number) =>
    INVERSE[scale]?.((FORWARD[scale]?.(BASE[scale] ?? 1) ?? 0) + spread * away(name)) ?? 0;
  return clip(
    Object.fromEntries(Object.entries(SIGNALS).map(([name, { scale, spread }]) => [name, valueAt(name, scale, spread)])),
    seconds,
  );
}

function normal(next: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

test.each([
  ['independent signals', 0, 0],
  ['signals that move together', 0.8, 0],
  ['ten earlier challenges', 0, 10],
])('pure noise, with %s, says "no clear signal" in at least 90 of 100 challenges', (_, shared, before) => {
  const next = chance(11);
  const draw = normal(next);
  const three = () =>
    [0, 1, 2].map(() => {
      const [common, seconds] = [draw(), 60 ** next()];
      const noiseOf = ({ noise, spread }: Signal) => noise / seconds / spread ** 2;
      return segment(
        (name) => (Math.sqrt(shared) * common + Math.sqrt(1 - shared) * draw()) * Math.sqrt(1 + noiseOf(SIGNALS[name] as Signal)),
        lasting(seconds),
      );
    });
  let alarms = 0;
  for (let round = 0; round < 2_000; round++) {
    const earlier = Array.from({ length: before }, three);
    alarms += tellsOf(three(), earlier).strongest === null ? 0 : 1;
  }
  expect(alarms / 2_000).toBeLessThan(0.1);
});

test('what stands out far enough is found, with its direction', () => {
  for (const [direction, away] of [
    ['higher', 7],
    ['lower', -7],
  ] as const) {
    const segments = [
      segment(() => 0),
      segment((name) => (name === 'pause_share' ? 0.2 : 0)),
      segment((name) => (name === 'hnr_db' ? away : 0)),
    ];
    const { strongest } = tellsOf(segments);
    expect(strongest).toMatchObject({ segment_index: 2, signal: 'hnr_db', direction });
  }
});

test('a person who varies much needs more to stand out, by the other two or by earlier challenges', () => {
  const pair = (apart: number) => [clip({ hnr_db: 10 - apart }), clip({ hnr_db: 10 + apart })];
  const effect = (apart: number, earlier: Compared[][] = []) =>
    tellsOf([...pair(apart), clip({ hnr_db: 20 })], earlier).segments[2]?.signals.hnr_db?.effect ?? 0;
  expect(effect(0)).toBeGreaterThan(1.5 * effect(5));
  const [steady, lively] = [0, 5].map((apart) => Array.from({ length: 5 }, () => pair(apart)));
  expect(effect(0, lively)).toBeLessThan(0.7 * effect(0));
  expect(effect(0, steady)).toBeGreaterThan(1.2 * effect(0));
  // another middle, day by day, is no variation between the statements of a challenge
  expect(
    effect(0, [
      [clip({ hnr_db: 2 }), clip({ hnr_db: 2 })],
      [clip({ hnr_db: 30 }), clip({ hnr_db: 30 })],
    ]),
  ).toBeGreaterThan(effect(0));
  const endless = [clip({ hnr_db: 0 }, lasting(0)), clip({ hnr_db: 9 }, lasting(0)), clip({ hnr_db: 40 })];
  expect(effect(0, [[clip({ hnr_db: 40 })], [clip({})], [], endless])).toBe(effect(0));
  // of a second each, they tell next to nothing
  const brief = Array.from({ length: 5 }, () => [0, 0, 0].map((gaze_off_share) => clip({ gaze_off_share }, lasting(1))));
  const aside = (before: Compared[][]) =>
    tellsOf(
      [0, 0, 0.5].map((gaze_off_share) => clip({ gaze_off_share })),
      before,
    ).segments[2]?.signals.gaze_off_share?.effect ?? 0;
  expect(aside(brief) / aside([])).toBeLessThan(1.02);
});

test('a short clip needs more to stand out, one without any length has no effect', () => {
  const effect = (face: number) =>
    tellsOf([0, 0, 30].map((expression_change_rate) => clip({ expression_change_rate }, { ...MINUTE, face }))).segments[2]?.signals
      .expression_change_rate?.effect;
  expect(effect(2)).toBeLessThan(0.5 * (effect(60) ?? 0));
  expect(effect(0)).toBeNull();
});

/** Two pictures a second of a face that does by chance what faces do, at the same rates for as long as it is looked at. */
function chanceFace(seconds: number, next: () => number): FaceFrame[] {
  const draw = normal(next);
  const away = { left: 0, yaw: 0 };
  const look = { emotion: 0, left: 0 };
  let [yaw, pitch, trust] = [0, 0, 0];
  return Array.from({ length: Math.round(2 * seconds) }, (_, i) => {
    [yaw, pitch, trust] = [yaw, pitch, trust].map((value) => 0.6 * value + 0.8 * draw()) as [number, number, number];
    away.left = away.left > 0 ? away.left - 1 : next() < 1 / 30 ? 2 : 0;
    look.left = look.left > 0 ? look.left - 1 : next() < 1 / 15 ? 2 : 0;
    look.emotion = look.left > 0 ? 1 : 6;
    const confidence = Math.min(0.99, Math.max(0.3, 0.75 + 0.12 * trust));
    const scores = Object.fromEntries(EMOTIONS.map((name, k) => [name, k === look.emotion ? confidence : (1 - confidence) / 6]));
    return {
      status: 'face',
      timestamp_seconds: i / 2,
      faces: 1,
      emotion: { timestamp_seconds: i / 2, confidence, ...(scores as EmotionScores) },
      geometry: {
        ...{ centre: { x: 0.5, y: 0.5 }, size: 0.2, eye_openness: 0.3, mouth_slant: 0, iris: { x: 0, y: 0 } },
        pose: { yaw: 3 * yaw + (away.left > 0 ? 30 : 0), pitch: 3 * pitch, roll: 0 },
      },
    };
  });
}

/** Speech with pauses that come by chance, at the same rate for as long as it is heard; it begins and ends with a word. */
function chancePauses(seconds: number, next: () => number): Compared['signals'] {
  const exponential = (average: number) => -average * Math.log(1 - next());
  let [at, count, silent] = [exponential(3), 0, 0];
  while (at < seconds) {
    const pause = 0.25 + exponential(0.4);
    [at, count, silent] = [at + pause + exponential(3), count + 1, silent + pause];
  }
  const span = Math.max(seconds, at);
  return { pause_rate: (count / span) * 60, pause_share: silent / span };
}

test.each([
  ['clips of any length', 2_000, 0, 0],
  ['short earlier ones, which tell little of how a person varies', 400, 10, 4],
])('the same by chance in %s says "no clear signal" in at least 90 of 100 challenges', (_, rounds, before, earlierSeconds) => {
  const next = chance(12);
  const three = (lasts: () => number) =>
    [0, 1, 2].map(() => {
      const seconds = lasts();
      const { face_seconds, face_share: _, several_faces_share: __, ...face } = faceSignals(chanceFace(seconds, next));
      return clip({ ...face, ...chancePauses(seconds, next) }, { ...lasting(seconds), face: face_seconds });
    });
  let alarms = 0;
  for (let round = 0; round < rounds; round++) {
    const earlier = Array.from({ length: before }, () => three(() => earlierSeconds));
    alarms +=
      tellsOf(
        three(() => 60 ** next()),
        earlier,
      ).strongest === null
        ? 0
        : 1;
  }
  expect(alarms / rounds).toBeLessThan(0.1);
});

test('the difference is in the unit of the signal, against the mean of the others', () => {
  const { segments } = tellsOf([4, 5, 3].map((speaking_rate) => clip({ speaking_rate })));
  expect(segments.map(({ signals }) => signals.speaking_rate?.difference)).toEqual([0, 1.5, -1.5]);
  expect(segments[0]?.signals.speaking_rate).toMatchObject({ value: 4, unit: 'syllables/s', effect: 0 });
});

test('a missing value takes its own difference away only; an unknown name has no effect; nothing at all is no signal', () => {
  const { segments } = tellsOf([clip({ hnr_db: 9, odd: 1 }), clip({ hnr_db: null, odd: 2 }), clip({ hnr_db: 12, odd: 900 })]);
  expect(segments[1]?.signals.hnr_db).toEqual({ value: null, unit: 'dB', difference: null, effect: null });
  expect(segments[2]?.signals.hnr_db?.difference).toBe(3);
  expect(segments[2]?.signals.odd).toEqual({ value: 900, unit: '', difference: 898.5, effect: null });
  expect(tellsOf([clip({ hnr_db: 9 }), clip({ hnr_db: null }), clip({})]).segments[0]?.signals.hnr_db?.effect).toBeNull();
  expect(tellsOf([clip({}), clip({}), clip({})])).toEqual({
    segments: [{ signals: {} }, { signals: {} }, { signals: {} }],
    strongest: null,
  });
});

test('the order of the segments does not matter: reordered segments get reordered tells', () => {
  const names = Object.keys(SIGNALS);
  const some = fc.record(Object.fromEntries(names.map((name) => [name, fc.option(fc.double({ min: 0.01, max: 0.99, noNaN: true }))])));
  fc.assert(
    fc.property(some, some, some, (...signals) => {
      const [a, b, c] = signals.map((each) => clip(each)) as [Compared, Compared, Compared];
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
