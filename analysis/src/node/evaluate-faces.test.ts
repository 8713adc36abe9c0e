import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evaluate } from './evaluate-faces.ts';

const folder = mkdtempSync(join(tmpdir(), 'faces-'));
const file = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const AREA = 48 * 48;
const images = Uint8Array.from({ length: 6 * AREA }, (_, i) => (i * 7 + Math.floor(i / AREA) * 31 + Math.floor(i / 48) ** 2) % 256);

describe('over generated pictures', () => {
  beforeAll(() => {
    writeFileSync(file('images.u8.gz'), gzipSync(images));
    writeFileSync(file('images.u8'), images);
    // Four clear faces (more than 5 of 10), one that is not, one whose six votes went to no class of ours.
    const rows = ['0,10,0,0,0,0,0,0', '0,6,4,0,0,0,0,0', '0,0,0,9,1,0,0,0', '0,0,0,0,0,0,7,3', '0,5,5,0,0,0,0,0', '6,4,0,0,0,0,0,0'];
    writeFileSync(file('votes.csv'), `contempt,neutral,happiness,surprise,sadness,anger,disgust,fear\n${rows.join('\n')}\n`);
  });

  test('clear faces are counted, columns found by their names, gzip or not', async () => {
    const packed = await evaluate(['--images', file('images.u8.gz'), '--votes', file('votes.csv')]);
    const plain = await evaluate(['--images', file('images.u8'), '--votes', file('votes.csv')]);
    expect(packed).toEqual({ ...plain, milliseconds_per_face: expect.any(Number) });
    const rows = packed.confusion.map((row) => row.reduce((a, b) => a + b));
    expect(packed.n).toBe(4);
    expect(Object.fromEntries(packed.classes.map((name, i) => [name, rows[i]]))).toMatchObject({
      neutral: 2,
      surprise: 1,
      disgust: 1,
      happiness: 0,
    });
    expect(packed.accuracy).toBe(packed.confusion.reduce((sum, row, i) => sum + (row[i] as number), 0) / 4);
    expect(packed.ci95[0]).toBeLessThanOrEqual(packed.accuracy);
    expect(packed.ci95[1]).toBeGreaterThanOrEqual(packed.accuracy);
    expect(packed.recall.happiness).toBeNull();
    expect(packed.reliability.reduce((sum, bin) => sum + bin.n, 0)).toBe(4);
  });

  test.each([
    ['no files named', [], /usage/],
    ['a file that is not there', ['--images', 'nowhere', '--votes', 'nowhere'], /nowhere/],
    ['votes without a class', ['--images', file('images.u8'), '--votes', file('short.csv')], /anger/],
    ['fewer votes than faces', ['--images', file('images.u8'), '--votes', file('few.csv')], /6 faces.*1 rows/],
  ])('%s is refused with a reason', async (_, args, reason) => {
    writeFileSync(file('short.csv'), 'neutral,happiness\n1,2\n');
    writeFileSync(file('few.csv'), 'neutral,happiness,surprise,sadness,anger,disgust,fear\n1,0,0,0,0,0,9\n');
    await expect(evaluate(args)).rejects.toThrow(reason);
  });
});

/** The shared data folder's `faces`: no picture of it is in the repository. */
const { FACES_DATA } = process.env;

test.skipIf(!FACES_DATA)('the figures of docs/models/expression.md (needs the pictures: FACES_DATA=folder)', async () => {
  const args = ['--images', join(FACES_DATA ?? '', 'valid-images.u8.gz'), '--votes', join(FACES_DATA ?? '', 'valid-votes.csv')];
  const { n, accuracy, balanced_accuracy, ece } = await evaluate(args);
  expect(n).toBe(2854);
  expect(accuracy).toBeCloseTo(0.9128, 3);
  expect(balanced_accuracy).toBeCloseTo(0.8339, 2);
  expect(ece).toBeCloseTo(0.0195, 2);
});
