import { fused, mean, softmax, type Tensor, type Tensor2D, type Tensor4D, tensor, tidy } from '@tensorflow/tfjs-core';
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

/** The net in memory. `scores` takes faces as 48x48 grey values each, 0..255, one after the other; it gives seven probabilities a face, in the order of `EMOTIONS`. */
export type ExpressionModel = { name: string; size: number; scores: (faces: Float32Array) => Float32Array; dispose: () => void };

/** Builds the net. Throws when the files do not belong together. */
export function buildExpressionModel({ net, weights }: ExpressionFiles): ExpressionModel {
  const [size] = net.input;
  if (net.classes.join() !== EMOTIONS.join()) {
    throw new Error(`the net's classes are ${net.classes.join()}`);
  }
  const numbers = fromFloat16(weights);
  const tensors: Tensor[] = [];
  let at = 0;
  const take = (shape: number[]) => {
    const count = shape.reduce((a, b) => a * b);
    const taken = tensor(numbers.subarray(at, at + count), shape);
    at += count;
    tensors.push(taken);
    return taken;
  };
  const steps = net.layers.map((layer) => stepOf(layer, take));
  if (at !== numbers.length) {
    throw new Error(`the net takes ${at} numbers, its weights hold ${numbers.length}`);
  }
  return {
    name: net.name,
    size,
    scores: (faces) =>
      tidy(() => {
        const input = tensor(normalise(faces, size, net.crop), [faces.length / (size * size), net.crop, net.crop, 1]);
        return softmax(steps.reduce((x: Tensor, step) => step(x), input) as Tensor2D).dataSync<'float32'>();
      }),
    dispose: () => {
      for (const each of tensors) {
        each.dispose();
      }
    },
  };
}

function stepOf(layer: Layer, take: (shape: number[]) => Tensor): (x: Tensor) => Tensor {
  if (layer.type === 'mean') {
    return (x) => mean(x, [1, 2]);
  }
  const filter = take(layer.kernel);
  const bias = take([layer.kernel[layer.kernel.length - 1] as number]);
  if (layer.type === 'dense') {
    return (x) => fused.matMul({ a: x, b: filter, bias });
  }
  const { stride, padding } = layer;
  return (x) =>
    fused.conv2d({
      x: x as Tensor4D,
      filter: filter as Tensor4D,
      strides: stride,
      // Explicit, as in the training: TensorFlow's `same` pads a stride of 2 at the far side alone.
      pad: [
        [0, 0],
        [padding, padding],
        [padding, padding],
        [0, 0],
      ] as never,
      dimRoundingMode: 'floor',
      bias,
      activation: layer.activation,
    });
}

/** Each face: (x - mean) / (deviation + 0.05) / 2 of values 0..1 over all its pixels; then the middle `crop` x `crop`. */
function normalise(faces: Float32Array, size: number, crop: number): Float32Array {
  const area = size * size;
  const edge = (size - crop) / 2;
  const out = new Float32Array((faces.length / area) * crop * crop);
  let to = 0;
  for (let from = 0; from < faces.length; from += area) {
    let [sum, squares] = [0, 0];
    for (let i = from; i < from + area; i++) {
      const value = (faces[i] as number) / 255;
      sum += value;
      squares += value * value;
    }
    const average = sum / area;
    const scale = 1 / (Math.sqrt(Math.max(0, squares / area - average * average)) + 0.05) / 2;
    for (let row = edge; row < size - edge; row++) {
      for (let column = edge; column < size - edge; column++) {
        out[to++] = ((faces[from + row * size + column] as number) / 255 - average) * scale;
      }
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
