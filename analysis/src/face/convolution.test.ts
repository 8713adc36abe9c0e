import { describe, expect, test } from 'vitest';
import { buildConvolutions, type Convolution } from './convolution.ts';

/** Numbers -1..1 that are no pattern. */
function noise(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin((i + 1) * 12.9898 + seed * 78.233));
}

function layer(inputs: number, outputs: number, stride: number, padding = 1): Convolution {
  const kernel = [3, 3, inputs, outputs] as const;
  return { kernel, stride, padding, weights: noise(9 * inputs * outputs, outputs), biases: noise(outputs, stride) };
}

/** By the definition, in double precision. */
function plain(picture: Float32Array, size: number, { kernel, stride, padding, weights, biases }: Convolution): Float32Array {
  const [rows, columns, inputs, outputs] = kernel;
  const side = Math.floor((size + 2 * padding - rows) / stride) + 1;
  return Float32Array.from({ length: side * side * outputs }, (_, at) => {
    const [out, x, y] = [at % outputs, Math.floor(at / outputs) % side, Math.floor(at / outputs / side)];
    let sum = biases[out] as number;
    for (let k = 0; k < rows * columns * inputs; k++) {
      const [i, dx, dy] = [k % inputs, Math.floor(k / inputs) % columns, Math.floor(k / inputs / columns)];
      const [px, py] = [x * stride + dx - padding, y * stride + dy - padding];
      const isInside = px >= 0 && py >= 0 && px < size && py < size;
      sum += isInside ? (picture[(py * size + px) * inputs + i] as number) * (weights[k * outputs + out] as number) : 0;
    }
    return Math.max(0, sum);
  });
}

describe.each([true, false])('fused: %s', (isFused) => {
  test.each([
    { size: 11, layers: [layer(1, 16, 1), layer(16, 8, 2), layer(8, 24, 1)] },
    { size: 8, layers: [layer(3, 8, 2), layer(8, 8, 2)] },
    { size: 2, layers: [layer(4, 8, 1), layer(8, 8, 2)] },
    { size: 7, layers: [layer(2, 8, 1, 0), layer(8, 16, 2, 0)] },
  ])('size $size is the definition, picture after picture', ({ size, layers }) => {
    const run = buildConvolutions(layers, { size, isFused });
    for (const seed of [1, 2]) {
      const picture = noise(size * size * (layers[0]?.kernel[2] ?? 0), seed);
      let [expected, side] = [picture, size];
      for (const each of layers) {
        expected = plain(expected, side, each);
        side = Math.sqrt(expected.length / each.biases.length);
      }
      const output = run(picture);
      expect(output).toHaveLength(expected.length);
      const scale = Math.max(...expected);
      expect(Math.max(...output.map((value, i) => Math.abs(value - (expected[i] as number)) / scale))).toBeLessThan(1e-5);
    }
  });
});

test('what does not fit is refused', () => {
  const fits = layer(8, 8, 1);
  const empty = { ...fits, weights: new Float32Array() };
  for (const layers of [
    [layer(8, 12, 1)],
    [fits, layer(16, 8, 1)],
    [{ ...fits, weights: fits.weights.subarray(1) }],
    // A kernel counts down from its shape: 0 would be four thousand million.
    [{ ...empty, kernel: [3, 3, 8, 0] as const, biases: new Float32Array() }],
    [{ ...empty, kernel: [0, 0, 8, 8] as const }],
    [{ ...empty, kernel: [3, 3, 0, 8] as const }],
    [{ ...fits, kernel: [-3, -3, 8, 8] as const }],
    ...[0, -1, 0.5, Number.NaN].map((stride) => [{ ...fits, stride }]),
    ...[-1, 0.5, Number.NaN].map((padding) => [{ ...fits, padding }]),
  ]) {
    expect(() => buildConvolutions(layers, { size: 6 })).toThrow(/does not fit/);
  }
  expect(() => buildConvolutions([fits], { size: 6 })(new Float32Array(5))).toThrow(RangeError);
});
