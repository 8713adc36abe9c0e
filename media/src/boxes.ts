/** Bounds-checked reading of MP4 boxes (ISO/IEC 14496-12): every number in the file is a claim until it was held against the bytes there are. */
import type { FileHandle } from 'node:fs/promises';

/** A file that is not what its boxes say: `incomplete` where bytes are missing, `damaged` where they contradict each other, `no_picture` where none is shown. */
export class BoxError extends Error {
  readonly refusal: 'incomplete' | 'damaged' | 'no_picture';

  constructor(refusal: BoxError['refusal'], message: string) {
    super(message);
    this.name = 'BoxError';
    this.refusal = refusal;
  }
}

/** A box inside bytes that were read: its payload lies in [start, end). */
export interface Box {
  type: string;
  start: number;
  end: number;
}

/** A box of the file's top level: `offset` of its header, payload in [start, end). */
export interface FileBox extends Box {
  offset: number;
}

/** More top-level boxes than a minute in fragments of 10 ms has. */
const TOP_BOXES_MAX = 20_000;
/** Boxes in one container; a track has about ten. */
const CHILDREN_MAX = 4_096;

/** A cursor over a box's payload. Reading past its end throws a BoxError. */
export class Fields {
  readonly #bytes: Buffer;
  readonly #end: number;
  #at: number;

  constructor(bytes: Buffer, box: Pick<Box, 'start' | 'end'>) {
    this.#bytes = bytes;
    this.#at = box.start;
    this.#end = Math.min(box.end, bytes.length);
  }

  /** Bytes not yet read. */
  get left(): number {
    return this.#end - this.#at;
  }

  u8(): number {
    return this.#bytes.readUInt8(this.#take(1));
  }

  u16(): number {
    return this.#bytes.readUInt16BE(this.#take(2));
  }

  u24(): number {
    return this.#bytes.readUIntBE(this.#take(3), 3);
  }

  u32(): number {
    return this.#bytes.readUInt32BE(this.#take(4));
  }

  i32(): number {
    return this.#bytes.readInt32BE(this.#take(4));
  }

  /** Exact up to 2^53; a larger number cannot be true of a file and throws. */
  u64(): number {
    return exact(this.#bytes.readBigUInt64BE(this.#take(8)));
  }

  i64(): number {
    return exact(this.#bytes.readBigInt64BE(this.#take(8)));
  }

  fourcc(): string {
    return this.#bytes.toString('latin1', this.#take(4), this.#at);
  }

  bytes(length: number): Buffer {
    return Buffer.from(this.#bytes.subarray(this.#take(length), this.#at));
  }

  skip(length: number): void {
    this.#take(length);
  }

  #take(length: number): number {
    if (length < 0 || length > this.left) {
      throw new BoxError('damaged', 'a box is shorter than its fields');
    }
    const at = this.#at;
    this.#at += length;
    return at;
  }
}

/** The boxes that lie in [start, end) of `bytes`, in order. Throws a BoxError where one does not fit. */
export function boxesIn(bytes: Buffer, start: number, end: number): Box[] {
  const boxes: Box[] = [];
  let at = start;
  // QuickTime ends some containers with four zero bytes
  while (end - at >= 8) {
    const { size, header, type } = readHeader(bytes, at, end - at);
    if (size < header || size > end - at) {
      throw new BoxError('damaged', `box ${type} does not fit its container`);
    }
    boxes.push({ type, start: at + header, end: at + size });
    if (boxes.length > CHILDREN_MAX) {
      throw new BoxError('damaged', 'too many boxes in one container');
    }
    at += size;
  }
  return boxes;
}

/** The first box of a type, or undefined. */
export function find(boxes: readonly Box[], type: string): Box | undefined {
  return boxes.find((box) => box.type === type);
}

/** The boxes of a file's top level, by reading headers only. Throws a BoxError: `incomplete` where the last one ends past the file. */
export async function scanFile(handle: FileHandle, size: number): Promise<FileBox[]> {
  const boxes: FileBox[] = [];
  const head = Buffer.alloc(16);
  let at = 0;
  while (size - at >= 8) {
    const { bytesRead } = await handle.read(head, 0, 16, at);
    const box = readHeader(head, 0, bytesRead);
    const length = box.size === Number.POSITIVE_INFINITY ? size - at : box.size;
    if (!/^[\x20-\x7e\xa9]{4}$/.test(box.type) || length < box.header) {
      throw new BoxError('damaged', 'something that is no box between the boxes');
    }
    if (length > size - at) {
      throw new BoxError('incomplete', `box ${box.type} ends past the file`);
    }
    boxes.push({ type: box.type, offset: at, start: at + box.header, end: at + length });
    if (boxes.length > TOP_BOXES_MAX) {
      throw new BoxError('damaged', 'too many boxes');
    }
    at += length;
  }
  return boxes;
}

/** Size 0 means "to the end of the file" and is only known at the top level, where it reads as Infinity. */
function readHeader(bytes: Buffer, at: number, left: number): { size: number; header: number; type: string } {
  if (left < 8) {
    throw new BoxError('incomplete', 'a box header is cut off');
  }
  const small = bytes.readUInt32BE(at);
  const type = bytes.toString('latin1', at + 4, at + 8);
  if (small === 0) {
    return { size: Number.POSITIVE_INFINITY, header: 8, type };
  }
  if (small !== 1) {
    return { size: small, header: 8, type };
  }
  if (left < 16) {
    throw new BoxError('incomplete', 'a box header is cut off');
  }
  return { size: exact(bytes.readBigUInt64BE(at + 8)), header: 16, type };
}

function exact(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) {
    throw new BoxError('damaged', 'a number is larger than any file');
  }
  return number;
}
