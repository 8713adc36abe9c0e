/** What the `moov` of a finished mp4 says of it (ISO/IEC 14496-12): the file itself, not what was asked of the encoder. */
import { childBoxes } from './mp4-boxes.ts';

export interface Mp4Facts {
  duration_seconds: number;
  /** As the picture is shown: turned as the track says. */
  width: number;
  height: number;
  has_sound: boolean;
}

/** Facts of a `moov` box, header and all; null when it has no picture, no length or is damaged. */
export function mp4Facts(moov: Uint8Array): Mp4Facts | null {
  const movie = childBoxes(moov).find((box) => box.type === 'moov')?.body;
  const parts = movie === undefined ? [] : childBoxes(movie);
  const header = parts.find((box) => box.type === 'mvhd')?.body;
  const tracks = parts.filter((box) => box.type === 'trak').map(({ body }) => trackOf(body));
  const picture = tracks.find((track) => track.kind === 'vide' && track.width > 0 && track.height > 0);
  const duration_seconds = header === undefined ? 0 : durationOf(header);
  if (picture === undefined || duration_seconds <= 0) {
    return null;
  }
  return { duration_seconds, width: picture.width, height: picture.height, has_sound: tracks.some((track) => track.kind === 'soun') };
}

/** 8.2.2: times of 32 or, in version 1, 64 bits stand before the time scale. */
function durationOf(mvhd: Uint8Array): number {
  const view = viewOf(mvhd);
  const isLong = view.byteLength > 0 && view.getUint8(0) === 1;
  if (view.byteLength < (isLong ? 32 : 20)) {
    return 0;
  }
  const scale = view.getUint32(isLong ? 20 : 12);
  const duration = isLong ? Number(view.getBigUint64(24)) : view.getUint32(16);
  return scale === 0 ? 0 : duration / scale;
}

function trackOf(trak: Uint8Array): { kind: string; width: number; height: number } {
  const parts = childBoxes(trak);
  const header = parts.find((box) => box.type === 'tkhd')?.body;
  const media = parts.find((box) => box.type === 'mdia')?.body;
  const handler = media && childBoxes(media).find((box) => box.type === 'hdlr')?.body;
  // 8.4.3: version, flags and a reserved word stand before the kind.
  const kind = handler === undefined ? '' : String.fromCharCode(...handler.subarray(8, 12));
  return { kind, ...(header === undefined ? { width: 0, height: 0 } : sizeOf(header)) };
}

/** 8.3.2: the box ends with a matrix of nine words, and width and height as 16.16. A quarter turn has nothing on the matrix' diagonal. */
function sizeOf(tkhd: Uint8Array): { width: number; height: number } {
  const view = viewOf(tkhd);
  const end = view.byteLength;
  if (end < 84) {
    return { width: 0, height: 0 };
  }
  const width = view.getUint16(end - 8);
  const height = view.getUint16(end - 4);
  return view.getInt32(end - 44) === 0 && view.getInt32(end - 40) !== 0 ? { width: height, height: width } : { width, height };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
