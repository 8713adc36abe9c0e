import { CHANNELS, type ConvolutionKernel, convolutionModule, PIXELS, STEP, UNROLL, type Width } from './convolution-kernel.ts';

/**
 * A convolution of whole numbers 0..127 with weights -128..127, and ReLU. `kernel`: [rows, columns, in, out]; `weights` in that order; `padding`:
 * rows and columns on each side. Three columns (or a multiple), inputs a multiple of 4, outputs a multiple of 8.
 * An output is `factors[out]` times the sum of the products, plus `biases[out]`, plus `added` times the input at the same place and channel
 * (0, or as many outputs as inputs); rounded, ties to even, and held within 0..127.
 */
export type Convolution = {
  kernel: readonly [number, number, number, number];
  stride: number;
  padding: number;
  weights: Int8Array;
  factors: Float32Array;
  biases: Float32Array;
  added: number;
};

/**
 * `size`: pixels on a side of the square picture; `zero`: the number that stands for nothing in its padding; `width`: of the kernel's numbers,
 * by what this engine knows unless told.
 */
export type ConvolutionOptions = { size: number; zero?: number; width?: Width };

const FLOAT = 4;
const PAGE = 65_536;

/** A square picture in the memory, rows of columns of channels, in a frame of `border` pixels; `address` in bytes, `pixel`: bytes of one. */
type Plane = { address: number; side: number; channels: number; border: number; pixel: number };
type Call = Parameters<ConvolutionKernel>;
type Numbers = Uint8Array | Uint16Array;

/**
 * Convolutions, one after the other, on WebAssembly with vectors: the function takes a picture (rows of columns of channels) and
 * gives the last one's output in the same order. The weights stay in its memory; nothing else is allocated for a picture. Every engine gives
 * the same numbers. Throws on shapes that do not fit, and where WebAssembly has no vectors.
 */
export function buildConvolutions(
  layers: Convolution[],
  { size, zero = 0, width = WebAssembly.validate(convolutionModule(1)) ? 1 : 2 }: ConvolutionOptions,
): (picture: Uint8Array) => Numbers {
  let end = 0;
  const reserve = (bytes: number) => {
    const address = end;
    end += Math.ceil(bytes / 16) * 16;
    return address;
  };
  const planes = planesOf(layers, { size, width }, reserve);
  const places = layers.map((layer, i) => ({
    weights: reserve(layer.weights.length * width + layer.biases.length * 3 * FLOAT),
    table: reserve(tilesOf(planes[i + 1] as Plane) * PIXELS * 2 * FLOAT),
  }));
  const memory = new WebAssembly.Memory({ initial: Math.ceil(end / PAGE) });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(convolutionModule(width)), { env: { memory } });
  const convolve = instance.exports.convolve as ConvolutionKernel;
  const numbersAt = (address: number, length: number): Numbers =>
    new (width === 1 ? Uint8Array : Uint16Array)(memory.buffer, address, length);
  const calls = layers.map((layer, i): Call => {
    const [from, to] = [planes[i], planes[i + 1]] as [Plane, Plane];
    const { weights, table } = places[i] as (typeof places)[number];
    const [rows, columns, , outputs] = layer.kernel;
    writeBlocks(layer, width, memory.buffer, weights);
    new Int32Array(memory.buffer, table, tilesOf(to) * PIXELS * 2).set(tableOf(layer, from, to));
    const skip = (wide(from) - columns) * from.pixel;
    const centre = layer.padding * (wide(from) + 1) * from.pixel;
    return [table, tilesOf(to), weights, rows, (columns * from.pixel) / STEP / UNROLL, skip, outputs / CHANNELS, centre];
  });
  const [first, last] = [planes[0], planes.at(-1)] as [Plane, Plane];
  const row = first.side * first.channels;
  const output = numbersAt(last.address, pixelsOf(last) * last.channels);
  numbersAt(first.address, wide(first) ** 2 * first.channels).fill(zero);
  return (picture) => {
    if (picture.length !== pixelsOf(first) * first.channels) {
      throw new RangeError(`a picture of ${picture.length} numbers, not ${pixelsOf(first) * first.channels}`);
    }
    for (let y = 0; y < first.side; y++) {
      numbersAt(addressOf(first, y, 0), row).set(picture.subarray(y * row, (y + 1) * row));
    }
    for (const call of calls) {
      convolve(...call);
    }
    return output;
  };
}

/** The input and each layer's output. Their borders are the next layer's padding; nothing ever writes there. */
function planesOf(layers: Convolution[], { size, width }: { size: number; width: Width }, reserve: (bytes: number) => number): Plane[] {
  const planes: Plane[] = [];
  let [side, channels] = [size, layers[0]?.kernel[2] ?? STEP];
  for (const [i, layer] of [null, ...layers].entries()) {
    if (layer) {
      const [rows, columns, inputs, outputs] = layer.kernel;
      const fits =
        [...layer.kernel, layer.stride, layer.padding + 1].every((count) => Number.isInteger(count) && count > 0) &&
        rows === columns &&
        inputs === channels &&
        inputs % STEP === 0 &&
        columns % UNROLL === 0 &&
        outputs % CHANNELS === 0 &&
        layer.weights.length === rows * columns * inputs * outputs &&
        layer.factors.length === outputs &&
        layer.biases.length === outputs &&
        (layer.added === 0 || (inputs === outputs && layer.stride === 1 && rows === 2 * layer.padding + 1));
      side = Math.floor((side + 2 * layer.padding - rows) / layer.stride) + 1;
      channels = outputs;
      if (!fits || side < 1) {
        throw new Error(`a convolution of ${layer.kernel.join('x')} does not fit`);
      }
    }
    const [border, pixel] = [layers[i]?.padding ?? 0, channels * width];
    // Where nothing is added the kernel reads an input all the same, as far behind it as there are outputs.
    const spare = (layers[i]?.kernel[3] ?? 0) * width;
    planes.push({ address: reserve((side + 2 * border) ** 2 * pixel + spare), side, channels, border, pixel });
  }
  return planes;
}

/** Per block of channels: factors, biases, factors of what is added; then weights by row, column, step of inputs, output and input. */
function writeBlocks({ kernel, weights, factors, biases, added }: Convolution, width: Width, buffer: ArrayBuffer, address: number): void {
  const [rows, columns, inputs, outputs] = kernel;
  const group = STEP / width;
  const steps = (rows * columns * inputs) / group;
  let at = address;
  for (let block = 0; block < outputs; block += CHANNELS) {
    const head = new Float32Array(buffer, at, 3 * CHANNELS);
    head.set(factors.subarray(block, block + CHANNELS));
    head.set(biases.subarray(block, block + CHANNELS), CHANNELS);
    head.fill(added, 2 * CHANNELS);
    at += head.byteLength;
    const body = new (width === 1 ? Int8Array : Int16Array)(buffer, at, steps * group * CHANNELS);
    for (let i = 0; i < body.length; i++) {
      const [input, output, step] = [i % group, Math.floor(i / group) % CHANNELS, Math.floor(i / group / CHANNELS)];
      body[i] = weights[(step * group + input) * outputs + block + output] as number;
    }
    at += body.byteLength;
  }
}

/** The last tile reaches back so that it is full; a picture with fewer pixels than a tile has its last one done several times. */
function tableOf({ stride }: Convolution, from: Plane, to: Plane): Int32Array {
  const [pixels, tiles] = [pixelsOf(to), tilesOf(to)];
  const table = new Int32Array(tiles * PIXELS * 2);
  for (let tile = 0; tile < tiles; tile++) {
    const first = Math.max(0, Math.min(tile * PIXELS, pixels - PIXELS));
    for (let i = 0; i < PIXELS; i++) {
      const pixel = Math.min(first + i, pixels - 1);
      const [y, x] = [Math.floor(pixel / to.side), pixel % to.side];
      table[tile * PIXELS * 2 + i] = cornerOf(from, y * stride, x * stride);
      table[tile * PIXELS * 2 + PIXELS + i] = addressOf(to, y, x);
    }
  }
  return table;
}

function tilesOf(plane: Plane): number {
  return Math.ceil(pixelsOf(plane) / PIXELS);
}

/** Without the frame. */
function pixelsOf({ side }: Plane): number {
  return side ** 2;
}

function wide({ side, border }: Plane): number {
  return side + 2 * border;
}

function addressOf(plane: Plane, row: number, column: number): number {
  return cornerOf(plane, plane.border + row, plane.border + column);
}

/** Row and column are counted from the frame's corner. */
function cornerOf(plane: Plane, row: number, column: number): number {
  return plane.address + (row * wide(plane) + column) * plane.pixel;
}
