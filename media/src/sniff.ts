/** What a file is by its first bytes; its name is never looked at. */
import { open } from 'node:fs/promises';

/** `mov` and `matroska` are read on; `other_container` holds video we do not take; `no_video` is anything else. */
export type Sniffed = 'empty' | 'mov' | 'matroska' | 'other_container' | 'no_video';

const FIRST_BOXES = ['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot', 'styp', 'moof', 'uuid', 'sidx'];
/** Still pictures in the same boxes as a video. */
const PICTURE_BRANDS = ['heic', 'heix', 'heim', 'heis', 'avif', 'mif1'];
const EBML = 0x1a45dfa3;

/** Reads the first bytes of the file at `path` and says what they begin. */
export async function sniff(path: string): Promise<Sniffed> {
  const handle = await open(path, 'r');
  try {
    const bytes = Buffer.alloc(564);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    return bytesRead === 0 ? 'empty' : sniffBytes(bytes.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

/** The same for bytes in memory; of a whole file's start, at least 564 bytes where it has them. */
export function sniffBytes(bytes: Buffer): Sniffed {
  if (bytes.length >= 8 && FIRST_BOXES.includes(ascii(bytes, 4, 8))) {
    return ascii(bytes, 4, 8) === 'ftyp' && PICTURE_BRANDS.includes(ascii(bytes, 8, 12)) ? 'no_video' : 'mov';
  }
  if (bytes.length >= 4 && bytes.readUInt32BE(0) === EBML) {
    return 'matroska';
  }
  return isOtherContainer(bytes) ? 'other_container' : 'no_video';
}

function isOtherContainer(bytes: Buffer): boolean {
  const magic = bytes.toString('hex', 0, 4);
  const isAvi = ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'AVI ';
  // FLV, Ogg, MPEG program stream and video, ASF, RealMedia
  const isKnown = ['464c5601', '4f676753', '000001ba', '000001b3', '3026b275', '2e524d46'].includes(magic);
  const isTransportStream = bytes.length > 376 && [0, 188, 376].every((at) => bytes[at] === 0x47);
  return isAvi || isKnown || isTransportStream;
}

function ascii(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('latin1', start, end);
}
