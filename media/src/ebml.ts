/** The little of Matroska (RFC 9559) that tells a cut-off file from a live recording. */
import { open } from 'node:fs/promises';

const SEGMENT = 0x18538067;

/** Bytes that the file must have by its own account; null where it does not say (live recordings) or no segment comes early. */
export async function readDeclaredSize(path: string): Promise<number | null> {
  const handle = await open(path, 'r');
  try {
    const bytes = Buffer.alloc(4096);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    return declaredSize(bytes.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

/** The same for a file's first bytes. */
export function declaredSize(bytes: Buffer): number | null {
  let at = 0;
  for (let elements = 0; elements < 8; elements += 1) {
    const id = readNumber(bytes, at, false);
    const size = id === null ? null : readNumber(bytes, at + id.length, true);
    if (id === null || size === null) {
      return null;
    }
    const end = at + id.length + size.length + size.value;
    if (id.value === SEGMENT) {
      return size.isUnknown ? null : end;
    }
    at = end;
  }
  return null;
}

/** A variable-size integer (RFC 8794, 4); ids keep their length marker, sizes drop it. */
function readNumber(bytes: Buffer, at: number, dropMarker: boolean): { value: number; length: number; isUnknown: boolean } | null {
  const first = bytes[at];
  if (first === undefined || first === 0) {
    return null;
  }
  const length = Math.clz32(first) - 23;
  if (at + length > bytes.length) {
    return null;
  }
  const mask = 0xff >> length;
  let value = dropMarker ? first & mask : first;
  let isUnknown = (first & mask) === mask;
  for (let index = 1; index < length; index += 1) {
    const byte = bytes[at + index] ?? 0;
    value = value * 256 + byte;
    isUnknown &&= byte === 0xff;
  }
  return { value, length, isUnknown };
}
