/** A walk over the NAL units of every picture: cheap beside a decode, and nothing that it passes can outlive its clip in a merged file. */
import { type FileHandle, open } from 'node:fs/promises';
import { BoxError } from './boxes.ts';
import { type AvcConfig, readAvcConfig } from './codec-config.ts';
import type { Track } from './movie.ts';
import type { Sample } from './samples.ts';

const NAL_IDR = 5;
const NAL_SPS = 7;
const NAL_PPS = 8;
/** ITU-T H.264, table 7-1: 1 to 5 are slices, 0 and 24 and up are not specified. */
const NAL_TYPES_END = 24;
const WINDOW_BYTES = 1024 ** 2;
const ZEROS = Buffer.alloc(2);

/**
 * True where an H.264 track can be copied: the first picture is an IDR and no picture changes the parameter sets that stand in the `avcC`.
 * Throws a BoxError (`damaged`) where units do not fill their sample, are of no known kind, or hold what no encoder writes into a slice: zeroed,
 * lost, doubled and most other foreign regions. What is left to a decoder are wrong bytes inside one slice.
 */
export async function hasCopyablePictures(path: string, track: Track): Promise<boolean> {
  const config = track.config === null ? null : readAvcConfig(track.config);
  if (config === null) {
    return false;
  }
  const known = new Set([...config.sps, ...config.pps].map((set) => set.toString('latin1')));
  await using handle = await open(path, 'r');
  const window = new Window(handle);
  let isCopyable = track.samples[0]?.is_sync ?? false;
  for (const [index, sample] of track.samples.entries()) {
    const units = unitsOf(await window.read(sample), config);
    isCopyable &&= index > 0 || units.some((unit) => typeOf(unit) === NAL_IDR);
    isCopyable &&= units.every((unit) => ![NAL_SPS, NAL_PPS].includes(typeOf(unit)) || known.has(unit.toString('latin1')));
  }
  return isCopyable;
}

function unitsOf(bytes: Buffer, { length_size }: AvcConfig): Buffer[] {
  const units: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const start = at + length_size;
    const end = start <= bytes.length ? start + bytes.readUIntBE(at, length_size) : Number.POSITIVE_INFINITY;
    if (end > bytes.length) {
      throw new BoxError('damaged', 'units that do not fill their picture');
    }
    // some muxers leave a unit of no length
    if (end > start) {
      units.push(bytes.subarray(start, end));
    }
    at = end;
  }
  for (const unit of units) {
    if ((unit[0] ?? 0) >= 0x80 || typeOf(unit) === 0 || typeOf(unit) >= NAL_TYPES_END || (isSlice(unit) && isBroken(unit))) {
      throw new BoxError('damaged', 'a picture holds what is no picture');
    }
  }
  if (!units.some(isSlice)) {
    throw new BoxError('damaged', 'a picture without a slice');
  }
  return units;
}

function typeOf(unit: Buffer): number {
  return (unit[0] ?? 0) & 0x1f;
}

function isSlice(unit: Buffer): boolean {
  return typeOf(unit) >= 1 && typeOf(unit) <= NAL_IDR;
}

/** ITU-T H.264, 7.4.1: 00 00 00, 00 00 01 and 00 00 02 never stand inside a unit; zeros at its end are padding of its container. */
function isBroken(unit: Buffer): boolean {
  let end = unit.length;
  while (end > 0 && unit[end - 1] === 0) {
    end -= 1;
  }
  const body = unit.subarray(0, end);
  for (let at = body.indexOf(ZEROS); at >= 0; at = body.indexOf(ZEROS, at + 2)) {
    if ((body[at + 2] ?? 3) < 3) {
      return true;
    }
  }
  return end === 0;
}

/** A file read through a window that moves forwards. */
class Window {
  readonly #handle: FileHandle;
  readonly #buffer = Buffer.allocUnsafeSlow(WINDOW_BYTES);
  #start = 0;
  #end = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** The bytes of a sample, until the next call. Throws a BoxError where the file ends before them. */
  async read({ offset, size }: Sample): Promise<Buffer> {
    if (size > WINDOW_BYTES) {
      return await this.#fill(Buffer.allocUnsafeSlow(size), offset, size);
    }
    if (offset < this.#start || offset + size > this.#end) {
      // after a leap no more than the sample: a file may leap at every one of them
      const isNext = offset >= this.#end && offset - this.#end < WINDOW_BYTES;
      const { length } = await this.#fill(isNext ? this.#buffer : this.#buffer.subarray(0, size), offset, size);
      this.#start = offset;
      this.#end = offset + length;
    }
    return this.#buffer.subarray(offset - this.#start, offset - this.#start + size);
  }

  async #fill(buffer: Buffer, offset: number, needed: number): Promise<Buffer> {
    const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, offset);
    if (bytesRead < needed) {
      throw new BoxError('incomplete', 'the file ends inside a picture');
    }
    return buffer.subarray(0, bytesRead);
  }
}
