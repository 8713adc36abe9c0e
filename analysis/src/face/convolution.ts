import { CHANNELS, type ConvolutionKernel, convolutionModule, PIXELS, UNROLL } from './convolution-kernel.ts';

/**
 * A convolution followed by ReLU. `kernel`: [rows, columns, in, out]; `weights` in that order, `biases` one an output; `padding`: rows and columns
 * of zeros on each side. Three columns (or a multiple), and outputs a multiple of 8.
 */
export type Convolution = {
  kernel: readonly [number, number, number, number];
  stride: number;
  padding: number;
  weights: Float32Array;
  biases: Float32Array;
};

/** `size`: pixels on a side of the square input. `isFused`: how the kernel multiplies, by what this engine knows unless told. */
export type ConvolutionOptions = { size: number; isFused?: boolean };

const FLOAT = 4;
const PAGE = 65_536;

/** A square picture in the memory, rows of columns of channels, in a frame of `border` zeros; `address` in bytes. */
type Plane = { address: number; side: number; channels: number; border: number };
type Call = Parameters<ConvolutionKernel>;

/**
 * Convolutions, one after the other, on WebAssembly with vectors: the function takes a picture (rows of columns of channels) and gives the last one's
 * output in the same order, valid until the next call. The weights stay in its memory; nothing else is allocated for a picture.
 * Throws on shapes that do not fit, and where WebAssembly has no vectors. Half the time of tfjs-backend-wasm's, which knows no fused instruction.
 */
export function buildConvolutions(
  layers: Convolution[],
  { size, isFused = canFuse() }: ConvolutionOptions,
): (picture: Float32Array) => Float32Array {
  let end = 0;
  const reserve = (bytes: number) => {
    const address = end;
    end += Math.ceil(bytes / 16) * 16;
    return address;
  };
  const planes = planesOf(layers, size, reserve);
  const places = layers.map((layer, i) => ({
    weights: reserve((layer.weights.length + layer.biases.length) * FLOAT),
    table: reserve(tilesOf(planes[i + 1] as Plane) * PIXELS * 2 * FLOAT),
  }));
  const memory = new WebAssembly.Memory({ initial: Math.ceil(end / PAGE) });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(convolutionModule(isFused)), { env: { memory } });
  const convolve = instance.exports.convolve as ConvolutionKernel;
  const calls = layers.map((layer, i): Call => {
    const [from, to] = [planes[i], planes[i + 1]] as [Plane, Plane];
    const { weights, table } = places[i] as (typeof places)[number];
    const [rows, columns, inputs, outputs] = layer.kernel;
    new Float32Array(memory.buffer, weights, layer.weights.length + layer.biases.length).set(inBlocks(layer));
    new Int32Array(memory.buffer, table, tilesOf(to) * PIXELS * 2).set(tableOf(layer, from, to));
    const skip = (wide(from) - columns) * inputs * FLOAT;
    return [table, tilesOf(to), weights, rows, (columns * inputs) / UNROLL, skip, outputs / CHANNELS];
  });
  const [first, last] = [planes[0], planes.at(-1)] as [Plane, Plane];
  const row = first.side * first.channels;
  const output = new Float32Array(memory.buffer, last.address, last.side ** 2 * last.channels);
  return (picture) => {
    if (picture.length !== first.side * row) {
      throw new RangeError(`a picture of ${picture.length} numbers, not ${first.side * row}`);
    }
    for (let y = 0; y < first.side; y++) {
      new Float32Array(memory.buffer, addressOf(first, first.border + y, first.border), row).set(picture.subarray(y * row, (y + 1) * row));
    }
    for (const call of calls) {
      convolve(...call);
    }
    return output;
  };
}

function canFuse(): boolean {
  return WebAssembly.validate(convolutionModule(true));
}

/** The input and each layer's output. Their borders are the next layer's padding; nothing ever writes there. */
function planesOf(layers: Convolution[], size: number, reserve: (bytes: number) => number): Plane[] {
  const planes: Plane[] = [];
  let [side, channels] = [size, layers[0]?.kernel[2] ?? 1];
  for (const [i, layer] of [null, ...layers].entries()) {
    if (layer) {
      const [rows, columns, inputs, outputs] = layer.kernel;
      const fits =
        [...layer.kernel, layer.stride, layer.padding + 1].every((count) => Number.isInteger(count) && count > 0) &&
        rows === columns &&
        inputs === channels &&
        columns % UNROLL === 0 &&
        outputs % CHANNELS === 0 &&
        layer.weights.length === rows * columns * inputs * outputs;
      side = Math.floor((side + 2 * layer.padding - rows) / layer.stride) + 1;
      channels = outputs;
      if (!fits || layer.biases.length !== outputs || side < 1) {
        throw new Error(`a convolution of ${layer.kernel.join('x')} does not fit`);
      }
    }
    const border = layers[i]?.padding ?? 0;
    planes.push({ address: reserve((side + 2 * border) ** 2 * channels * FLOAT), side, channels, border });
  }
  return planes;
}

/** Per block of channels: biases, then weights by row, column and input. */
function inBlocks({ weights, biases }: Convolution): Float32Array {
  const [out, outputs] = [new Float32Array(weights.length + biases.length), biases.length];
  let at = 0;
  for (let block = 0; block < outputs; block += CHANNELS) {
    out.set(biases.subarray(block, block + CHANNELS), at);
    at += CHANNELS;
    for (let from = block; from < weights.length; from += outputs, at += CHANNELS) {
      out.set(weights.subarray(from, from + CHANNELS), at);
    }
  }
  return out;
}

/** The last tile reaches back so that it is full; a picture with fewer pixels than a tile does its last one several times. */
function tableOf({ stride }: Convolution, from: Plane, to: Plane): Int32Array {
  const [pixels, tiles] = [to.side ** 2, tilesOf(to)];
  const table = new Int32Array(tiles * PIXELS * 2);
  for (let tile = 0; tile < tiles; tile++) {
    const first = Math.max(0, Math.min(tile * PIXELS, pixels - PIXELS));
    for (let i = 0; i < PIXELS; i++) {
      const pixel = Math.min(first + i, pixels - 1);
      const [y, x] = [Math.floor(pixel / to.side), pixel % to.side];
      table[tile * PIXELS * 2 + i] = addressOf(from, y * stride, x * stride);
      table[tile * PIXELS * 2 + PIXELS + i] = addressOf(to, to.border + y, to.border + x);
    }
  }
  return table;
}

function tilesOf({ side }: Plane): number {
  return Math.ceil(side ** 2 / PIXELS);
}

function wide({ side, border }: Plane): number {
  return side + 2 * border;
}

/** Row and column are counted from the frame's corner. */
function addressOf(plane: Plane, row: number, column: number): number {
  return plane.address + (row * wide(plane) + column) * plane.channels * FLOAT;
}
