/** Looks whether an mp4 was finished: a recorder that was cut off leaves no `moov`, and such a file plays nowhere. */

/** Bytes of a file from `offset` on, at most `length`. */
export type ReadAt = (offset: number, length: number) => Uint8Array;

/** A large size (ISO/IEC 14496-12, 4.2) follows the plain header of 8 bytes. */
const HEADER_BYTES = 8;
const LARGE_HEADER_BYTES = 16;
const MOST_BOXES = 4096;

/** Where the top-level `moov` stands, header and all; null when there is none that is whole. */
export function findMovieBox(readAt: ReadAt, sizeBytes: number): { offset: number; size: number } | null {
  let offset = 0;
  for (let count = 0; count < MOST_BOXES && offset + HEADER_BYTES <= sizeBytes; count += 1) {
    const box = boxAt(readAt(offset, LARGE_HEADER_BYTES), sizeBytes - offset);
    if (box === null) {
      return null;
    }
    if (box.type === 'moov') {
      return { offset, size: box.size };
    }
    offset += box.size;
  }
  return null;
}

/** Boxes that stand one after the other in these bytes, each without its header; what is no box ends them. */
export function childBoxes(bytes: Uint8Array): { type: string; body: Uint8Array }[] {
  const children: { type: string; body: Uint8Array }[] = [];
  for (let offset = 0; offset + HEADER_BYTES <= bytes.byteLength; ) {
    const box = boxAt(bytes.subarray(offset), bytes.byteLength - offset);
    if (box === null) {
      break;
    }
    children.push({ type: box.type, body: bytes.subarray(offset + HEADER_BYTES, offset + box.size) });
    offset += box.size;
  }
  return children;
}

/** The box whose header these bytes are; null when it is no box or reaches beyond what is left. */
function boxAt(bytes: Uint8Array, left: number): { type: string; size: number } | null {
  if (bytes.byteLength < HEADER_BYTES) {
    return null;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = String.fromCharCode(...bytes.subarray(4, HEADER_BYTES));
  const short = view.getUint32(0);
  // 0: to the end of the file; 1: the size stands in the next eight bytes.
  const size = short === 0 ? left : short === 1 ? largeSize(view) : short;
  return size < HEADER_BYTES || size > left ? null : { type, size };
}

function largeSize(view: DataView): number {
  return view.byteLength < LARGE_HEADER_BYTES ? 0 : view.getUint32(8) * 2 ** 32 + view.getUint32(12);
}
