/** Pixels the kernel works on at once. With two vectors of channels each that fills the vector registers of x86 (measured: 6x2 beats 4x2, 5x2, 3x4, 4x3). */
export const PIXELS = 6;
/** Output channels the kernel works on at once: two vectors of four numbers. */
export const CHANNELS = 8;
/** Steps of the innermost loop that are written out: a kernel of three columns has a multiple of it in each row. */
export const UNROLL = 3;

/**
 * Convolves and applies ReLU in the imported memory. All are byte addresses or counts from 1 on.
 * `table`: for each of `tiles` tiles the addresses of the inputs of its `PIXELS` pixels (top left), then those of their outputs.
 * `weights`: for each of `blocks` blocks of `CHANNELS` channels their biases, then their weights by row, column and input channel.
 * `rows`: of the kernel. `steps`: columns times input channels over `UNROLL`. `skip`: bytes from the end of a kernel row to the next one's start.
 */
export type ConvolutionKernel = (
  table: number,
  tiles: number,
  weights: number,
  rows: number,
  steps: number,
  skip: number,
  blocks: number,
) => void;

/**
 * The kernel as a WebAssembly module: imports `env.memory`, exports `convolve`, a `ConvolutionKernel`. `isFused`: multiplies and adds in one
 * instruction (relaxed SIMD), which some browsers do not know; else with the vectors of WebAssembly 2.0.
 */
export function convolutionModule(isFused: boolean): Uint8Array<ArrayBuffer> {
  const code = [2, SUM - PARAMETERS, I32, LOCALS - SUM, V128, ...bodyOf(isFused), END];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, PARAMETERS, ...Array<number>(PARAMETERS).fill(I32), 0]),
    ...section(2, [1, ...name('env'), ...name('memory'), 2, 0, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name('convolve'), 0, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ]);
}

const VECTORS = CHANNELS / 4;
const PARAMETERS = 7;
const [TABLE, TILES, WEIGHTS, ROWS, STEPS, SKIP, BLOCKS] = [0, 1, 2, 3, 4, 5, 6];
const [TILE, TILES_LEFT, WEIGHT, ROWS_LEFT, STEPS_LEFT, CHANNEL, POINTER] = [7, 8, 9, 10, 11, 12, 13];
const SUM = POINTER + PIXELS;
const FACTOR = SUM + PIXELS * VECTORS;
const VALUE = FACTOR + VECTORS;
const LOCALS = VALUE + 1;

// WebAssembly 3.0, chapter 5, "Binary Format".
const [I32, V128, END] = [0x7f, 0x7b, 0x0b];
const [ADD, SUBTRACT] = [0x6a, 0x6b];
const [F32X4_ADD, F32X4_MULTIPLY, F32X4_MAX] = [
  [0xfd, 0xe4, 1],
  [0xfd, 0xe6, 1],
  [0xfd, 0xe9, 1],
];
const RELAXED_MULTIPLY_ADD = [0xfd, 0x85, 2];
const ZEROS = [0xfd, 0x0c, ...Array<number>(16).fill(0)];

/** For each block of channels, for each tile of pixels: biases, plus products over the kernel's rows, columns and channels, to the outputs. */
function bodyOf(isFused: boolean): number[] {
  const tile = [
    ...range(PIXELS).flatMap((pixel) => [...get(TILE), ...load(pixel * 4), ...set(POINTER + pixel)]),
    ...sums((vector) => [...get(WEIGHTS), ...loadVector(vector * 16)]),
    ...[...get(WEIGHTS), ...set(WEIGHT), ...advance(WEIGHT, constant(CHANNELS * 4))],
    ...repeat(ROWS, ROWS_LEFT, [
      ...repeat(STEPS, STEPS_LEFT, [
        ...range(UNROLL).flatMap((step) => multiply(step, isFused)),
        ...range(PIXELS).flatMap((pixel) => advance(POINTER + pixel, constant(UNROLL * 4))),
        ...advance(WEIGHT, constant(UNROLL * CHANNELS * 4)),
      ]),
      ...range(PIXELS).flatMap((pixel) => advance(POINTER + pixel, get(SKIP))),
    ]),
    ...range(PIXELS).flatMap(store),
    ...advance(TILE, constant(PIXELS * 2 * 4)),
  ];
  return repeat(BLOCKS, BLOCKS, [
    ...[...get(TABLE), ...set(TILE)],
    ...repeat(TILES, TILES_LEFT, tile),
    // The weights were read to their end: the next block's start there.
    ...[...get(WEIGHT), ...set(WEIGHTS), ...advance(CHANNEL, constant(CHANNELS * 4))],
  ]);
}

/** One input channel of one column: each pixel's value times the weights of all output channels. */
function multiply(step: number, isFused: boolean): number[] {
  const factors = range(VECTORS).flatMap((vector) => [
    ...[...get(WEIGHT), ...loadVector((step * VECTORS + vector) * 16), ...set(FACTOR + vector)],
  ]);
  const pixels = range(PIXELS).map((pixel) => [...get(POINTER + pixel), ...loadSplat(step * 4), ...set(VALUE)]);
  const products = range(PIXELS).map((pixel) =>
    range(VECTORS).flatMap((vector) => {
      const sum = SUM + pixel * VECTORS + vector;
      const operands = [...get(VALUE), ...get(FACTOR + vector)];
      return isFused
        ? [...operands, ...get(sum), ...RELAXED_MULTIPLY_ADD, ...set(sum)]
        : [...operands, ...F32X4_MULTIPLY, ...get(sum), ...F32X4_ADD, ...set(sum)];
    }),
  );
  return [...factors, ...pixels.flatMap((value, pixel) => [...value, ...(products[pixel] as number[])])];
}

function sums(value: (vector: number) => number[]): number[] {
  return range(PIXELS * VECTORS).flatMap((at) => [...value(at % VECTORS), ...set(SUM + at)]);
}

/** ReLU, and out. */
function store(pixel: number): number[] {
  return [
    ...[...get(TILE), ...load((PIXELS + pixel) * 4), ...get(CHANNEL), ADD, ...set(POINTER + pixel)],
    ...range(VECTORS).flatMap((vector) => [
      ...[...get(POINTER + pixel), ...get(SUM + pixel * VECTORS + vector), ...ZEROS, ...F32X4_MAX, ...storeVector(vector * 16)],
    ]),
  ];
}

/** `body` as often as the local `count` says, counted down in the local `left`. */
function repeat(count: number, left: number, body: number[]): number[] {
  const next = [...get(left), ...constant(1), SUBTRACT, ...tee(left), 0x0d, 0];
  return [...get(count), ...set(left), 0x03, 0x40, ...body, ...next, END];
}

function advance(local: number, by: number[]): number[] {
  return [...get(local), ...by, ADD, ...set(local)];
}

const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const tee = (local: number) => [0x22, local];
const constant = (value: number) => [0x41, ...signed(value)];
const load = (offset: number) => [0x28, 0, ...unsigned(offset)];
const loadVector = (offset: number) => [0xfd, 0x00, 0, ...unsigned(offset)];
const loadSplat = (offset: number) => [0xfd, 0x09, 0, ...unsigned(offset)];
const storeVector = (offset: number) => [0xfd, 0x0b, 0, ...unsigned(offset)];

function section(id: number, body: number[]): number[] {
  return [id, ...unsigned(body.length), ...body];
}

function name(text: string): number[] {
  return [text.length, ...new TextEncoder().encode(text)];
}

/** LEB128. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  return value >= -64 && value < 64 ? [value & 127] : [(value & 127) | 128, ...signed(value >> 7)];
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
