import { describe, expect, test } from 'vitest';
import { buildConvolutions, type Convolution } from './convolution.ts';

/** Numbers -1..1 that are no pattern. */
function noise(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin((i + 1) * 12.9898 + seed * 78.233));
}

function layer(inputs: number, outputs: number, stride: number, { padding = 1, added = 0 } = {}): Convolution {
  const weights = Int8Array.from(noise(9 * inputs * outputs, outputs), (value) => Math.round(value * 127));
  const factors = noise(outputs, 3).map((value) => (1 + Math.abs(value)) / 900 / Math.sqrt(inputs));
  return {
    kernel: [3, 3, inputs, outputs],
    stride,
    padding,
    weights,
    factors,
    biases: noise(outputs, stride).map((value) => value * 50),
    added,
  };
}

function picture(length: number, seed: number): Uint8Array {
  return Uint8Array.from(noise(length, seed), (value) => Math.round((value + 1) * 63.5));
}

/** By the definition, in single precision where the kernel has it. */
function plain(
  input: Uint8Array,
  size: number,
  zero: number,
  { kernel, stride, padding, weights, factors, biases, added }: Convolution,
): Uint8Array {
  const [rows, columns, inputs, outputs] = kernel;
  const side = Math.floor((size + 2 * padding - rows) / stride) + 1;
  const { fround } = Math;
  return Uint8Array.from({ length: side * side * outputs }, (_, at) => {
    const [out, x, y] = [at % outputs, Math.floor(at / outputs) % side, Math.floor(at / outputs / side)];
    let sum = 0;
    for (let k = 0; k < rows * columns * inputs; k++) {
      const [i, dx, dy] = [k % inputs, Math.floor(k / inputs) % columns, Math.floor(k / inputs / columns)];
      const [px, py] = [x * stride + dx - padding, y * stride + dy - padding];
      const isInside = px >= 0 && py >= 0 && px < size && py < size;
      sum += (isInside ? (input[(py * size + px) * inputs + i] as number) : zero) * (weights[k * outputs + out] as number);
    }
    const same = added === 0 ? 0 : fround((input[(y * size + x) * inputs + out] as number) * fround(added));
    const value = fround(fround(fround(fround(sum) * (factors[out] as number)) + (biases[out] as number)) + same);
    const even = 2 * Math.round(value / 2);
    const rounded = Math.abs(value - even) === 0.5 ? even : Math.round(value);
    return Math.max(0, Math.min(127, rounded));
  });
}

describe.each([1, 2] as const)('numbers of %s bytes', (width) => {
  test.each([
    { size: 11, zero: 64, layers: [layer(4, 16, 1), layer(16, 8, 2), layer(8, 24, 1)] },
    { size: 8, zero: 0, layers: [layer(12, 8, 2), layer(8, 8, 2)] },
    { size: 2, zero: 3, layers: [layer(4, 8, 1), layer(8, 8, 2)] },
    { size: 7, zero: 0, layers: [layer(4, 8, 1, { padding: 0 }), layer(8, 16, 2, { padding: 0 })] },
    { size: 9, zero: 0, layers: [layer(4, 16, 2), layer(16, 16, 1, { added: 0.7 }), layer(16, 16, 1, { added: 1.3 })] },
    { size: 5, zero: 9, layers: [layer(4, 72, 1), layer(72, 40, 1)] },
  ])('size $size, $layers.length layers: the definition, picture after picture', ({ size, zero, layers }) => {
    const run = buildConvolutions(layers, { size, zero, width });
    for (const seed of [1, 2, 3]) {
      const input = picture(size * size * (layers[0]?.kernel[2] ?? 0), seed);
      let [expected, side] = [input, size];
      for (const [i, each] of layers.entries()) {
        expected = plain(expected, side, i === 0 ? zero : 0, each);
        side = Math.sqrt(expected.length / each.biases.length);
      }
      expect(new Set(expected).size).toBeGreaterThan(4);
      expect([...run(input)]).toEqual([...expected]);
    }
  });

  test('the largest sums there can be', () => {
    const every = (value: number) => ({
      ...layer(4, 8, 1),
      weights: new Int8Array(9 * 4 * 8).fill(value),
      factors: new Float32Array(8).fill(1 / (36 * 127)),
    });
    for (const [value, sign] of [
      [127, 1],
      [-127, -1],
      [-128, -1],
    ] as const) {
      const each = { ...every(value), biases: new Float32Array(8).fill(sign < 0 ? 254 : 0) };
      const input = new Uint8Array(3 * 3 * 4).fill(127);
      expect([...buildConvolutions([each], { size: 3, width })(input)]).toEqual([...plain(input, 3, 0, each)]);
    }
  });
});

test('what does not fit is refused', () => {
  const fits = layer(8, 8, 1);
  const empty = { ...fits, weights: new Int8Array() };
  for (const layers of [
    [layer(8, 12, 1)],
    [layer(6, 8, 1)],
    [fits, layer(16, 8, 1)],
    [{ ...fits, weights: fits.weights.subarray(1) }],
    [{ ...fits, factors: fits.factors.subarray(1) }],
    [{ ...fits, biases: fits.biases.subarray(1) }],
    // What is added must lie at the same place and channel.
    [layer(8, 16, 1, { added: 1 })],
    [layer(8, 8, 2, { added: 1 })],
    [layer(8, 8, 1, { padding: 0, added: 1 })],
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
  expect(() => buildConvolutions([fits], { size: 6 })(new Uint8Array(5))).toThrow(RangeError);
});
