/** Pixels the kernel works on at once. With two vectors of channels each that fills the vector registers of x86. */
export const PIXELS = 6;
/** Output channels the kernel works on at once: two vectors of four numbers. */
export const CHANNELS = 8;
/** Steps of the innermost loop that are written out: a kernel of three columns has a multiple of it in each row. */
export const UNROLL = 3;
/** Bytes of one step: so much of a pixel's input channels is multiplied at once, by the weights of one output channel. */
export const STEP = 4;

/**
 * Convolves whole numbers 0..127 in the imported memory. All are byte addresses, byte counts or counts from 1 on.
 * `table`: for each of `tiles` tiles the addresses of the inputs of its `PIXELS` pixels (top left), then those of their outputs.
 * `weights`: for each of `blocks` blocks of `CHANNELS` channels three floats a channel (factor, bias, factor of the input at the same place and
 * channel, `centre` bytes from the top left), then the weights by row, column, step of input channels, output channel and input channel.
 * `rows`: of the kernel. `steps`: columns times input channels, in steps, over `UNROLL`. `skip`: bytes from the end of a kernel row to the next one's start.
 * An output is the sum times its factor, plus bias, plus the input times its factor; rounded, ties to even, and held within 0..127.
 */
export type ConvolutionKernel = (
  table: number,
  tiles: number,
  weights: number,
  rows: number,
  steps: number,
  skip: number,
  blocks: number,
  centre: number,
) => void;

/** How wide a number is in the kernel's memory: a byte where the engine multiplies and adds four at once (relaxed SIMD), else two. */
export type Width = 1 | 2;

/**
 * The kernel as a WebAssembly module: imports `env.memory`, exports `convolve`, a `ConvolutionKernel`. Both widths give the same numbers:
 * one byte needs relaxed SIMD, which some browsers do not know; two bytes the vectors of WebAssembly 2.0.
 */
export function convolutionModule(width: Width): Uint8Array<ArrayBuffer> {
  const code = [2, SUM - PARAMETERS, I32, LOCALS - SUM, V128, ...bodyOf(width), END];
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
const PARAMETERS = 8;
const [TABLE, TILES, WEIGHTS, ROWS, STEPS, SKIP, BLOCKS, CENTRE] = [0, 1, 2, 3, 4, 5, 6, 7];
const [TILE, TILES_LEFT, WEIGHT, ROWS_LEFT, STEPS_LEFT, CHANNEL, POINTER] = [8, 9, 10, 11, 12, 13, 14];
const SUM = POINTER + PIXELS;
const FACTOR = SUM + PIXELS * VECTORS;
const VALUE = FACTOR + VECTORS;
const LOCALS = VALUE + 1;
/** Bytes before a block's weights. */
const HEAD = 3 * CHANNELS * 4;

// WebAssembly 3.0, chapter 5, "Binary Format".
const [I32, V128, END] = [0x7f, 0x7b, 0x0b];
const [ADD, SUBTRACT] = [0x6a, 0x6b];
const vector = (code: number) => [0xfd, ...unsigned(code)];
const [F32X4_ADD, F32X4_MULTIPLY, F32X4_NEAREST] = [vector(0xe4), vector(0xe6), vector(0x6a)];
const [I32X4_ADD, I32X4_DOT, RELAXED_DOT_ADD] = [vector(0xae), vector(0xba), vector(0x113)];
const [I32X4_TO_F32X4, F32X4_TO_I32X4] = [vector(0xfa), vector(0xf8)];
const [I16X8_NARROW, I8X16_NARROW] = [vector(0x85), vector(0x66)];
const [I16X8_MIN, I16X8_MAX] = [vector(0x96), vector(0x98)];
const WIDEN_TO_I32X4 = [vector(0xa9), vector(0xaa)];
const [LOAD_VECTOR, LOAD_SPLAT, LOAD_8_BYTES_AS_I16X8, STORE_VECTOR, STORE_8_BYTES] = [0x00, 0x09, 0x02, 0x0b, 0x5b];
const splat16 = (value: number) => [...vector(0x0c), ...Array<number[]>(8).fill([value, 0]).flat()];

/** For each block of channels, for each tile of pixels: products summed over the kernel's rows, columns and channels, to the outputs. */
function bodyOf(width: Width): number[] {
  const tile = [
    ...range(PIXELS).flatMap((pixel) => [...get(TILE), ...load(pixel * 4), ...set(POINTER + pixel)]),
    ...range(PIXELS * VECTORS).flatMap((at) => [...splat16(0), ...set(SUM + at)]),
    ...[...get(WEIGHTS), ...constant(HEAD), ADD, ...set(WEIGHT)],
    ...repeat(ROWS, ROWS_LEFT, [
      ...repeat(STEPS, STEPS_LEFT, [
        ...range(UNROLL).flatMap((step) => multiply(step, width)),
        ...range(PIXELS).flatMap((pixel) => advance(POINTER + pixel, constant(UNROLL * STEP))),
        ...advance(WEIGHT, constant(UNROLL * STEP * CHANNELS)),
      ]),
      ...range(PIXELS).flatMap((pixel) => advance(POINTER + pixel, get(SKIP))),
    ]),
    ...range(PIXELS).flatMap((pixel) => store(pixel, width)),
    ...advance(TILE, constant(PIXELS * 2 * 4)),
  ];
  return repeat(BLOCKS, BLOCKS, [
    ...[...get(TABLE), ...set(TILE)],
    ...repeat(TILES, TILES_LEFT, tile),
    // The weights were read to their end: the next block's start there.
    ...[...get(WEIGHT), ...set(WEIGHTS), ...advance(CHANNEL, constant(CHANNELS * width))],
  ]);
}

/** One step of input channels: each pixel's values times the weights of all output channels. */
function multiply(step: number, width: Width): number[] {
  const factors = range(VECTORS).flatMap((at) => [
    ...[...get(WEIGHT), ...access(LOAD_VECTOR, (step * VECTORS + at) * 16), ...set(FACTOR + at)],
  ]);
  const pixels = range(PIXELS).map((pixel) => [...get(POINTER + pixel), ...access(LOAD_SPLAT, step * STEP), ...set(VALUE)]);
  const products = range(PIXELS).map((pixel) =>
    range(VECTORS).flatMap((at) => {
      const sum = SUM + pixel * VECTORS + at;
      const operands = [...get(FACTOR + at), ...get(VALUE)];
      return width === 1
        ? [...operands, ...get(sum), ...RELAXED_DOT_ADD, ...set(sum)]
        : [...operands, ...I32X4_DOT, ...get(sum), ...I32X4_ADD, ...set(sum)];
    }),
  );
  return [...factors, ...pixels.flatMap((value, pixel) => [...value, ...(products[pixel] as number[])])];
}

/** Out: the sums, the input at the same place, ReLU. */
function store(pixel: number, width: Width): number[] {
  const head = (row: number, at: number) => [...get(WEIGHTS), ...access(LOAD_VECTOR, (row * VECTORS + at) * 16)];
  const same = [...get(TILE), ...load(pixel * 4), ...get(CENTRE), ADD, ...get(CHANNEL), ADD];
  const outputs = range(VECTORS).flatMap((at) => [
    ...[...get(SUM + pixel * VECTORS + at), ...I32X4_TO_F32X4, ...head(0, at), ...F32X4_MULTIPLY, ...head(1, at), ...F32X4_ADD],
    ...[...get(VALUE), ...(WIDEN_TO_I32X4[at] as number[]), ...I32X4_TO_F32X4, ...head(2, at), ...F32X4_MULTIPLY, ...F32X4_ADD],
    ...[...F32X4_NEAREST, ...F32X4_TO_I32X4],
  ]);
  const held = [...outputs, ...I16X8_NARROW, ...splat16(127), ...I16X8_MIN, ...splat16(0), ...I16X8_MAX, ...set(VALUE)];
  return [
    ...[...same, ...access(width === 1 ? LOAD_8_BYTES_AS_I16X8 : LOAD_VECTOR, 0), ...set(VALUE), ...held],
    ...[...get(TILE), ...load((PIXELS + pixel) * 4), ...get(CHANNEL), ADD, ...get(VALUE)],
    ...(width === 1 ? [...get(VALUE), ...I8X16_NARROW, ...access(STORE_8_BYTES, 0), 0] : access(STORE_VECTOR, 0)),
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
const access = (code: number, offset: number) => [0xfd, code, 0, ...unsigned(offset)];

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
