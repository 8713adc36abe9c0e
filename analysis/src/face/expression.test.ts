import { beforeAll, expect, test } from 'vitest';
import { readExpression } from '../node/face-models.ts';
import { buildExpressionModel, type ExpressionFiles } from './expression.ts';

const AREA = 48 * 48;
/** The pictures behind `check` in net.json: two of them, made by the same formula as in the training. */
const PICTURES = Float32Array.from({ length: 2 * AREA }, (_, at) => {
  const i = at % AREA;
  return (i * (at < AREA ? 7 : 13) + Math.floor(i / 48) ** 2 * 3) % 256;
});

let files: ExpressionFiles;
beforeAll(async () => {
  files = await readExpression();
});

test('the committed weights answer as they did in the training', () => {
  const model = buildExpressionModel(files);
  const expected = files.net.check.flat();
  expect(expected).toHaveLength(14);
  const scores = [...model.scores(PICTURES.subarray(0, AREA)), ...model.scores(PICTURES.subarray(AREA))];
  for (const [i, score] of scores.entries()) {
    expect(score).toBeCloseTo(expected[i] as number, 3);
  }
});

test('the brightness of a face does not matter', () => {
  const model = buildExpressionModel(files);
  const plain = model.scores(PICTURES.subarray(AREA)).slice();
  for (const [i, score] of model.scores(PICTURES.map((value) => value + 40).subarray(AREA)).entries()) {
    expect(score).toBeCloseTo(plain[i] as number, 3);
  }
});

test('files that do not belong together are refused', () => {
  expect(() => buildExpressionModel({ ...files, weights: files.weights.subarray(2) })).toThrow();
  expect(() => buildExpressionModel({ ...files, net: { ...files.net, classes: ['joy'] } })).toThrow(/joy/);
  for (const crop of [45, 50, -2, 42.5]) {
    expect(() => buildExpressionModel({ ...files, net: { ...files.net, crop } })).toThrow(/middle/);
  }
  // As many numbers, in another shape.
  const [dense, others] = [files.net.layers.at(-1), files.net.layers.slice(0, -1)];
  const [inputs = 0, outputs = 0] = dense?.type === 'dense' ? dense.kernel : [];
  const layers = [...others, { type: 'dense' as const, kernel: [outputs - 1, ((inputs + 1) * outputs) / outputs] as [number, number] }];
  expect(() => buildExpressionModel({ ...files, net: { ...files.net, layers } })).toThrow(/dense/);
});
