/** `Range` and `If-Range` of HTTP (RFC 9110, 14.2 and 13.1.5): one range of bytes; anything else gives the whole. */

/** Both ends inclusive. */
export interface ByteRange {
  start: number;
  end: number;
}

/** The range to send; null for the whole, `unsatisfiable` where it begins behind the end. */
export function byteRange(header: string | undefined, size: number): ByteRange | null | 'unsatisfiable' {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/i.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') {
    return null;
  }
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) {
    return null;
  }
  return start >= size ? 'unsatisfiable' : { start, end: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
}

/** True where the client's `If-Range` does not forbid a part: it has none, or the very same bytes. */
export function mayBePart(ifRange: string | undefined, etag: string): boolean {
  return ifRange === undefined || ifRange === etag;
}

/** True where `If-None-Match` names what the client has already. */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  return (ifNoneMatch?.split(',') ?? []).some((one) => one.trim().replace(/^W\//, '') === etag || one.trim() === '*');
}
