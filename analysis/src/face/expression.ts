import { buildConvolutions, type Convolution } from './convolution.ts';
import { EMOTIONS } from './types.ts';

/**
 * A layer of `net.json`: a 3x3 convolution with ReLU, [rows, columns, in, out], before which its input is added where it says so, and whose
 * output is whole numbers 0..127 times `step`; the mean over the picture; a dense layer, [in, out].
 */
export type Layer =
  | {
      type: 'convolution';
      kernel: [number, number, number, number];
      stride: 1 | 2;
      padding: number;
      adds_input: boolean;
      activation: 'relu';
      step: number;
    }
  | { type: 'mean' }
  | { type: 'dense'; kernel: [number, number] };

/**
 * `net.json` beside `weights.bin`: the shapes of the expression net. In the weights stand, little-endian, for each convolution the steps and biases
 * of its outputs (float32) and its kernel (int8, to be multiplied with the output's step); for the dense layer its kernel and biases (float32).
 */
export type ExpressionNet = {
  name: string;
  format: 'int8';
  input: [number, number, 1];
  /** The net sees the middle of the input, this many pixels wide and high. */
  crop: number;
  /** Of the normalised grey values, which are taken as whole numbers -256..252 times this. */
  input_step: number;
  /** Where one look at a face leaves no score this high, its mirror image is looked at too. */
  mirror_below: number;
  classes: readonly string[];
  layers: Layer[];
  /** Scores of two generated pictures by the training's own program, to hold this one against. */
  check: number[][];
};

/** The expression net's two files. */
export type ExpressionFiles = { net: ExpressionNet; weights: Uint8Array };

/** The net in memory. `scores` takes a face as 48x48 grey values, 0..255; it gives seven probabilities, in the order of `EMOTIONS`. */
export type ExpressionModel = { name: string; size: number; scores: (face: Float32Array) => Float32Array };

/** A grey value is given to the kernel as this many numbers 0..127 that add up to it: nine bits, where one number holds seven. */
const SHARES = 4;
/** What stands for grey value 0 in each of them. */
const ZERO = 64;
/** The two pictures behind `check` differ in this. */
const CHECK_SLOPES = [7, 13];
/** Scores this far from those of the training are another net's: `check` has four digits. */
const CHECK_TOLERANCE = 0.001;

/**
 * Builds the net: convolutions, the mean of the last one's output, a dense layer. Where a face leaves the net in doubt its mirror image is looked
 * at too, and what the convolutions say of both is averaged. Throws when the files do not belong together, when the net does not answer as it did
 * in the training, and without WebAssembly SIMD. `scores` throws RangeError for anything but that many finite numbers.
 */
export function buildExpressionModel({ net, weights }: ExpressionFiles): ExpressionModel {
  const [size] = net.input;
  if (net.classes.join() !== EMOTIONS.join()) {
    throw new Error(`the net's classes are ${net.classes.join()}`);
  }
  const take = reader(weights);
  let step = net.input_step;
  const convolutions: Convolution[] = [];
  const [average, dense, ...others] = net.layers.flatMap((layer) => {
    if (layer.type !== 'convolution') {
      return [layer.type === 'mean' ? layer : { ...layer, ...take.dense(layer.kernel) }];
    }
    convolutions.push(inSteps(layer, take.convolution(layer.kernel), step));
    step = layer.step;
    return [];
  });
  take.end();
  if (average?.type !== 'mean' || dense?.type !== 'dense' || others.length > 0) {
    throw new Error(`the net's layers are ${net.layers.map(({ type }) => type).join()}`);
  }
  const channels = convolutions.at(-1)?.kernel[3] ?? 0;
  if (dense.kernel[0] !== channels || dense.kernel[1] !== EMOTIONS.length) {
    throw new Error(`a dense layer of ${dense.kernel.join('x')} behind ${channels} channels`);
  }
  if (!(net.mirror_below > 0 && net.mirror_below <= 1)) {
    throw new Error(`the mirror image is looked at below a score of ${net.mirror_below}`);
  }
  const edge = (size - net.crop) / 2;
  if (!Number.isInteger(edge) || edge < 0 || net.crop < 1) {
    throw new Error(`no middle of ${net.crop} pixels in ${size}`);
  }
  const convolve = buildConvolutions(shared(convolutions), { size: net.crop, zero: ZERO });
  const look = (grey: Float32Array) => meanOf(convolve(inShares(grey, net.input_step)), channels).map((feature) => feature * step);
  const scoresOf = (features: Float32Array) => softmax(product(features, dense));
  const model: ExpressionModel = {
    name: net.name,
    size,
    scores: (face) => {
      const grey = normalise(face, size, net.crop);
      const features = look(grey);
      const scores = scoresOf(features);
      if (Math.max(...scores) >= net.mirror_below) {
        return scores;
      }
      const other = look(mirrored(grey, net.crop));
      return scoresOf(features.map((feature, i) => (feature + (other[i] as number)) / 2));
    },
  };
  holdAgainstTraining(model, net);
  return model;
}

/** Throws where a damaged step, shape or weight would give figures all the same, but wrong ones. */
function holdAgainstTraining({ scores, size }: ExpressionModel, { name, check }: ExpressionNet): void {
  const apart = CHECK_SLOPES.flatMap((slope, picture) => {
    const face = Float32Array.from({ length: size * size }, (_, i) => (i * slope + Math.floor(i / size) ** 2 * 3) % 256);
    return Array.from(scores(face), (score, i) => Math.abs(score - (check[picture]?.[i] ?? Number.NaN)));
  });
  if (!apart.every((difference) => difference < CHECK_TOLERANCE)) {
    throw new Error(`the net ${name} does not answer as it did in the training: its files are damaged`);
  }
}

/** Takes a layer's numbers after another from the weights. Throws where they end too early or too late. */
function reader(bytes: Uint8Array) {
  let at = 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const advance = (length: number) => {
    at += length;
    if (!(at <= bytes.length)) {
      throw new Error(`the net takes more than its ${bytes.length} bytes of weights`);
    }
    return at - length;
  };
  const floats = (count: number) => {
    const from = advance(count * 4);
    return Float32Array.from({ length: count }, (_, i) => view.getFloat32(from + i * 4, true));
  };
  return {
    convolution: (kernel: readonly number[]) => {
      const [count, outputs] = [kernel.reduce((a, b) => a * b), kernel.at(-1) as number];
      const [steps, biases] = [floats(outputs), floats(outputs)];
      return { steps, biases, weights: new Int8Array(bytes.buffer, bytes.byteOffset + advance(count), count) };
    },
    dense: ([inputs, outputs]: readonly [number, number]) => ({ weights: floats(inputs * outputs), biases: floats(outputs) }),
    end: () => {
      if (at !== bytes.length) {
        throw new Error(`the net takes ${at} bytes, its weights have ${bytes.length}`);
      }
    },
  };
}

/** The convolution in the steps of its input and its output. */
function inSteps(
  { kernel, stride, padding, adds_input, step }: Layer & { type: 'convolution' },
  { steps, biases, weights }: { steps: Float32Array; biases: Float32Array; weights: Int8Array },
  inputStep: number,
): Convolution {
  return {
    ...{ kernel, stride, padding, weights },
    factors: steps.map((weight) => (weight * inputStep) / step),
    biases: biases.map((bias) => bias / step),
    added: adds_input ? inputStep / step : 0,
  };
}

/** The same convolutions, of which the first takes its one channel in shares. */
function shared([first, ...rest]: Convolution[]): Convolution[] {
  const [rows, columns, channels, outputs] = first?.kernel ?? [0, 0, 0, 0];
  if (!first || channels !== 1) {
    throw new Error(`a net for ${channels} channels`);
  }
  const weights = new Int8Array(first.weights.length * SHARES);
  const sums = new Float64Array(outputs);
  for (const [i, weight] of first.weights.entries()) {
    const [place, output] = [Math.floor(i / outputs), i % outputs];
    for (let share = 0; share < SHARES; share++) {
      weights[(place * SHARES + share) * outputs + output] = weight;
    }
    sums[output] = (sums[output] as number) + weight * SHARES * ZERO;
  }
  const biases = first.biases.map((bias, output) => bias - (first.factors[output] as number) * (sums[output] as number));
  return [{ ...first, kernel: [rows, columns, SHARES, outputs], weights, biases }, ...rest];
}

/** Each value over `step` as whole numbers that add up to it: floor((n + k) / 4) for k = 0..3 (Hermite's identity). */
function inShares(grey: Float32Array, step: number): Uint8Array {
  const out = new Uint8Array(grey.length * SHARES);
  for (let i = 0; i < grey.length; i++) {
    const whole = Math.max(-256, Math.min(252, Math.round((grey[i] as number) / step)));
    for (let share = 0; share < SHARES; share++) {
      out[i * SHARES + share] = ZERO + ((whole + share) >> 2);
    }
  }
  return out;
}

/** The picture, `side` pixels wide, seen in a mirror. */
function mirrored(grey: Float32Array, side: number): Float32Array {
  return grey.map((_, i) => grey[i - 2 * (i % side) + side - 1] as number);
}

/** Of each channel over all pixels. */
function meanOf(pixels: ArrayLike<number>, channels: number): Float32Array {
  const sums = new Float32Array(channels);
  for (let from = 0; from < pixels.length; from += channels) {
    for (let channel = 0; channel < channels; channel++) {
      sums[channel] = (sums[channel] as number) + (pixels[from + channel] as number);
    }
  }
  return sums.map((sum) => (sum * channels) / pixels.length);
}

function product(input: Float32Array, { weights, biases }: { weights: Float32Array; biases: Float32Array }): Float32Array {
  const sums = biases.slice();
  for (let i = 0; i < input.length; i++) {
    for (let out = 0; out < sums.length; out++) {
      sums[out] = (sums[out] as number) + (input[i] as number) * (weights[i * sums.length + out] as number);
    }
  }
  return sums;
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
  if (face.length !== size * size || !Number.isFinite(sum)) {
    throw new RangeError(`no face of ${size}x${size} grey values`);
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
