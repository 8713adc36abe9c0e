import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import * as motion from './motion.web.tsx';
import { type Animation, interpolate, withDelay, withRepeat, withSpring, withTiming } from './motion-values.ts';

/** Where `animation` stands after each of `times`, begun from `from`. */
function walk(animation: Animation, from: number | string, times: readonly number[]) {
  const frame = animation.begin(from);
  return times.map((time) => frame(time));
}

it.each([
  ['a timing', withTiming(10, { duration: 200 })],
  ['a spring that swings', withSpring(10, { damping: 11, stiffness: 210 })],
  ['a spring that does not', withSpring(10, { damping: 120, stiffness: 900 })],
  ['a timing that waits', withDelay(100, withTiming(10, { duration: 200 }))],
])('%s begins where the value stands and ends at its goal', (_name, animation) => {
  const every16ms = Array.from({ length: 600 }, (_, index) => index * 16);
  const frames = walk(animation, 2, every16ms);
  expect(frames[0]?.value).toBeCloseTo(2);
  expect(frames.at(-1)).toEqual({ value: 10, isDone: true });
});

it('a spring swings over its goal, less each time', () => {
  const values = walk(
    withSpring(1, { damping: 11, stiffness: 210 }),
    0,
    Array.from({ length: 400 }, (_, index) => index * 5),
  ).map(({ value }) => Number(value));
  const peak = Math.max(...values);
  expect(peak).toBeGreaterThan(1.2);
  expect(peak).toBeLessThan(2);
  expect(Math.min(...values.slice(values.indexOf(peak)))).toBeGreaterThan(2 - peak);
});

it('a repetition goes there and back', () => {
  const frames = walk(withRepeat(withTiming(1, { duration: 100 }), -1, true), 0.5, [0, 50, 100, 150, 200, 250]);
  expect(frames.map(({ value }) => value)).toEqual([0.5, 0.75, 1, 0.75, 0.5, 0.75]);
  expect(frames.some(({ isDone }) => isDone)).toBe(false);
});

it.each([
  [-5, 0, -50],
  [5, 50, 50],
  [10, 100, 100],
  [15, 75, 75],
  [25, 50, 25],
])('%d between 0, 10 and 20 is %d between 0, 100 and 50, or %d beyond them', (value, inside, beyond) => {
  expect(interpolate(value, [0, 10, 20], [0, 100, 50], 'clamp')).toBe(inside);
  expect(interpolate(value, [0, 10, 20], [0, 100, 50])).toBe(beyond);
});

it('colours fade', () => {
  const [half, end] = walk(withTiming('#ffffff', { duration: 100 }), '#000000', [50, 100]);
  expect([half?.value, end?.value]).toEqual(['rgb(128, 128, 128)', 'rgb(255, 255, 255)']);
});

it('law: whatever the app takes from reanimated, browsers have too', () => {
  const root = join(__dirname, '..');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /\.tsx?$/.test(name) && !name.endsWith('.native.tsx'),
  );
  const texts = files.map((name) => readFileSync(join(root, name), 'utf8'));
  const easings = texts.flatMap((text) => [...text.matchAll(/\bEasing\.(\w+)/g)].map(([, name = '']) => name));
  expect(easings.filter((name) => !(name in motion.Easing))).toEqual([]);
  const taken = texts.flatMap((text) =>
    [...text.matchAll(/^import ([^;]*?) from 'react-native-reanimated'/gms)].flatMap(([, names = '']) =>
      names
        .replace(/type \w+/g, '')
        .split(/[{},\s]+/)
        .filter((word) => word !== ''),
    ),
  );
  expect(taken).toContain('useSharedValue');
  expect([...new Set(taken)].filter((name) => name !== 'Animated' && !(name in motion))).toEqual([]);
});
