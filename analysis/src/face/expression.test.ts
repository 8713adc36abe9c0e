import { beforeAll, expect, test } from 'vitest';
import { readExpression, startNodeBackend } from '../node/face-models.ts';
import { buildExpressionModel, type ExpressionFiles } from './expression.ts';

const AREA = 48 * 48;
/** The pictures behind `check` in net.json: two of them, made by the same formula as in the training. */
const PICTURES = Float32Array.from({ length: 2 * AREA }, (_, at) => {
  const i = at % AREA;
  return (i * (at < AREA ? 7 : 13) + Math.floor(i / 48) ** 2 * 3) % 256;
});

let files: ExpressionFiles;
beforeAll(async () => {
  await startNodeBackend();
  files = await readExpression();
});

test('the committed weights answer as they did in the training', () => {
  const model = buildExpressionModel(files);
  const expected = files.net.check.flat();
  expect(expected).toHaveLength(14);
  for (const [i, score] of model.scores(PICTURES).entries()) {
    expect(score).toBeCloseTo(expected[i] as number, 3);
  }
});

test('a face alone is scored as in a batch, and its brightness does not matter', () => {
  const model = buildExpressionModel(files);
  const both = model.scores(PICTURES);
  for (const light of [0, 40]) {
    for (const [i, score] of model.scores(PICTURES.map((value) => value + light).subarray(AREA)).entries()) {
      expect(score).toBeCloseTo(both[i + 7] as number, 3);
    }
  }
});

test('files that do not belong together are refused', () => {
  expect(() => buildExpressionModel({ ...files, weights: files.weights.subarray(2) })).toThrow();
  expect(() => buildExpressionModel({ ...files, net: { ...files.net, classes: ['joy'] } })).toThrow(/joy/);
});
