import { beforeAll, expect, test } from 'vitest';
import { readExpression } from '../node/face-models.ts';
import { buildExpressionModel, type ExpressionFiles, type ExpressionNet } from './expression.ts';

const AREA = 48 * 48;
const PICTURE = Float32Array.from({ length: AREA }, (_, i) => (i * 13) % 200);

let files: ExpressionFiles;
beforeAll(async () => {
  files = await readExpression();
});

test('the committed weights answer as they did in the training', () => {
  expect(files.net.check.flat()).toHaveLength(14);
  expect(buildExpressionModel(files).name).toBe(files.net.name);
});

test.each<[string, (net: ExpressionNet, weights: DataView) => void]>([
  ['a step of 0', (net) => set(net, 2, { step: 0 })],
  ['a step below 0', (net) => set(net, 2, { step: -0.1 })],
  ['a step that is missing', (net) => set(net, 2, { step: Number.NaN })],
  ['no steps of the input', (net) => Object.assign(net, { input_step: 0 })],
  ['another crop', (net) => Object.assign(net, { crop: 46 })],
  ['no padding', (net) => set(net, 1, { padding: 0 })],
  ['another stride', (net) => set(net, 1, { stride: 1 })],
  ['an input that is not added', (net) => set(net, 2, { adds_input: false })],
  ['a step that is no number in the weights', (_, weights) => weights.setFloat32(0, Number.NaN, true)],
  ['a weight that is no number in the last layer', (_, weights) => weights.setFloat32(weights.byteLength - 280, Number.NaN, true)],
  ['hardly a look in the mirror', (net) => Object.assign(net, { mirror_below: 0.1 })],
  ['no answers of the training', (net) => Object.assign(net, { check: [] })],
])('a net that does not answer as it did in the training is refused: %s', (_, damage) => {
  const net = structuredClone(files.net);
  const weights = Uint8Array.from(files.weights);
  damage(net, new DataView(weights.buffer));
  expect(() => buildExpressionModel({ net, weights })).toThrow(/in the training/);
});

test('what is no face of that size is refused, and no figure made up for it', () => {
  const { scores } = buildExpressionModel(files);
  for (const face of [new Float32Array(), new Float32Array(AREA - 1), new Float32Array(AREA).fill(Number.NaN, 7, 8)]) {
    expect(() => scores(face)).toThrow(RangeError);
  }
});

function set(net: ExpressionNet, index: number, values: object): void {
  Object.assign(net.layers[index] as object, values);
}

test('a face in doubt is seen with its mirror image, one without doubt by itself', () => {
  const { scores } = buildExpressionModel(files);
  const pictures = Array.from({ length: 400 }, (_, k) =>
    Float32Array.from(
      { length: AREA },
      (_, i) => 128 + 100 * Math.sin((i % 48) / (2 + k / 40)) * Math.cos(Math.floor(i / 48) / (2 + (k % 20))),
    ),
  );
  const isSure = (face: Float32Array) => Math.max(...scores(face)) >= files.net.mirror_below;
  const mirrored = (face: Float32Array) => face.map((_, i) => face[i - 2 * (i % 48) + 47] as number);
  const apart = (face: Float32Array) =>
    Math.max(...scores(mirrored(face)).map((score, i) => Math.abs(score - (scores(face)[i] as number))));
  const [sure, doubtful] = [
    pictures.find((face) => isSure(face) && isSure(mirrored(face))),
    pictures.find((face) => !isSure(face) && !isSure(mirrored(face))),
  ];
  expect(apart(doubtful as Float32Array)).toBeLessThan(0.0001);
  expect(apart(sure as Float32Array)).toBeGreaterThan(0.001);
});

test('the brightness of a face does not matter', () => {
  const model = buildExpressionModel(files);
  const plain = model.scores(PICTURE).slice();
  for (const [i, score] of model.scores(PICTURE.map((value) => value + 40)).entries()) {
    expect(score).toBeCloseTo(plain[i] as number, 3);
  }
});

test('files that do not belong together are refused', () => {
  expect(() => buildExpressionModel({ ...files, weights: files.weights.subarray(2) })).toThrow();
  expect(() => buildExpressionModel({ ...files, net: { ...files.net, classes: ['joy'] } })).toThrow(/joy/);
  for (const crop of [45, 50, -2, 42.5]) {
    expect(() => buildExpressionModel({ ...files, net: { ...files.net, crop } })).toThrow(/middle/);
  }
  for (const mirror_below of [0, 1.1, Number.NaN, undefined]) {
    expect(() => buildExpressionModel({ ...files, net: { ...files.net, mirror_below } as ExpressionNet })).toThrow(/mirror/);
  }
  // As many numbers, in another shape.
  const [dense, others] = [files.net.layers.at(-1), files.net.layers.slice(0, -1)];
  const [inputs = 0, outputs = 0] = dense?.type === 'dense' ? dense.kernel : [];
  const layers = [...others, { type: 'dense' as const, kernel: [outputs - 1, ((inputs + 1) * outputs) / outputs] as [number, number] }];
  expect(() => buildExpressionModel({ ...files, net: { ...files.net, layers } })).toThrow(/dense/);
});
