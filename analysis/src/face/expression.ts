import { buildConvolutions } from './convolution.ts';
import { EMOTIONS } from './types.ts';

/** A layer of `net.json`: a 3x3 convolution with ReLU, [rows, columns, in, out]; the mean over the picture; a dense layer, [in, out]. */
export type Layer =
  | { type: 'convolution'; kernel: [number, number, number, number]; stride: 1 | 2; padding: number; activation: 'relu' }
  | { type: 'mean' }
  | { type: 'dense'; kernel: [number, number] };

/** `net.json` beside `weights.bin`: the shapes of the expression net. Each kernel in the weights is followed by its bias, one number an output. */
export type ExpressionNet = {
  name: string;
  format: 'float16';
  input: [number, number, 1];
  /** The net sees the middle of the input, this many pixels wide and high. */
  crop: number;
  classes: readonly string[];
  layers: Layer[];
  /** Scores of two generated pictures by the training's own program, to hold this one against. */
  check: number[][];
};

/** The expression net's two files. */
export type ExpressionFiles = { net: ExpressionNet; weights: Uint8Array };

/** The net in memory. `scores` takes a face as 48x48 grey values, 0..255; it gives seven probabilities, in the order of `EMOTIONS`. */
export type ExpressionModel = { name: string; size: number; scores: (face: Float32Array) => Float32Array };

/** Builds the net: convolutions, the mean of the last one's output, a dense layer. Throws when the files do not belong together, and without WebAssembly SIMD. */
export function buildExpressionModel({ net, weights }: ExpressionFiles): ExpressionModel {
  const [size] = net.input;
  if (net.classes.join() !== EMOTIONS.join()) {
    throw new Error(`the net's classes are ${net.classes.join()}`);
  }
  const numbers = fromFloat16(weights);
  let at = 0;
  const take = (kernel: readonly number[]) => {
    const [count, outputs] = [kernel.reduce((a, b) => a * b), kernel[kernel.length - 1] as number];
    const taken = { weights: numbers.subarray(at, at + count), biases: numbers.subarray(at + count, at + count + outputs) };
    at += count + outputs;
    return taken;
  };
  const layers = net.layers.map((layer) => (layer.type === 'mean' ? layer : { ...layer, ...take(layer.kernel) }));
  if (at !== numbers.length) {
    throw new Error(`the net takes ${at} numbers, its weights hold ${numbers.length}`);
  }
  const convolutions = layers.filter((layer) => layer.type === 'convolution');
  const [average, dense] = layers.slice(convolutions.length);
  if (average?.type !== 'mean' || dense?.type !== 'dense' || layers.length !== convolutions.length + 2) {
    throw new Error(`the net's layers are ${layers.map(({ type }) => type).join()}`);
  }
  const channels = convolutions.at(-1)?.kernel[3];
  if (dense.kernel[0] !== channels || dense.kernel[1] !== EMOTIONS.length) {
    throw new Error(`a dense layer of ${dense.kernel.join('x')} behind ${channels} channels`);
  }
  const edge = (size - net.crop) / 2;
  if (!Number.isInteger(edge) || edge < 0 || net.crop < 1) {
    throw new Error(`no middle of ${net.crop} pixels in ${size}`);
  }
  const convolve = buildConvolutions(convolutions, { size: net.crop });
  return {
    name: net.name,
    size,
    scores: (face) => softmax(product(meanOf(convolve(normalise(face, size, net.crop)), dense.kernel[0]), dense)),
  };
}

/** Of each channel over all pixels. */
function meanOf(pixels: Float32Array, channels: number): Float32Array {
  const sums = new Float32Array(channels);
  for (let from = 0; from < pixels.length; from += channels) {
    for (let channel = 0; channel < channels; channel++) {
      sums[channel] = (sums[channel] as number) + (pixels[from + channel] as number);
    }
  }
  return sums.map((sum) => (sum * channels) / pixels.length);
}

function product(input: Float32Array, { weights, biases }: { weights: Float32Array; biases: Float32Array }): Float32Array {
  return biases.map((bias, out) => input.reduce((sum, value, i) => sum + value * (weights[i * biases.length + out] as number), bias));
}

function softmax(values: Float32Array): Float32Array {
  const largest = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

/** (x - mean) / (deviation + 0.05) / 2 of values 0..1 over all pixels; then the middle `crop` x `crop`. */
function normalise(face: Float32Array, size: number, crop: number): Float32Array {
  const edge = (size - crop) / 2;
  let [sum, squares] = [0, 0];
  for (const pixel of face) {
    const value = pixel / 255;
    sum += value;
    squares += value * value;
  }
  const average = sum / face.length;
  const scale = 1 / (Math.sqrt(Math.max(0, squares / face.length - average * average)) + 0.05) / 2;
  const out = new Float32Array(crop * crop);
  let to = 0;
  for (let row = edge; row < size - edge; row++) {
    for (let column = edge; column < size - edge; column++) {
      out[to++] = ((face[row * size + column] as number) / 255 - average) * scale;
    }
  }
  return out;
}

/** Little-endian IEEE 754 half floats to floats. By hand: Float16Array is missing in browsers that are still about. */
function fromFloat16(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = new Float32Array(bytes.byteLength >> 1);
  for (let i = 0; i < out.length; i++) {
    const half = view.getUint16(i * 2, true);
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    out[i] = sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
  }
  return out;
}
