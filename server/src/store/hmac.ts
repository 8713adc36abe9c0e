/** HMAC-SHA256 (RFC 2104) with the keys of the key ring. */
import { createHmac, hash } from 'node:crypto';

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
/** Room for an address or a cursor; what is longer was not written here. */
const TEXT_LENGTH_MAX = 512;
const UTF8_BYTES_MAX = 3;

/** A key's two blocks, each with room for what is hashed behind it. */
interface Pads {
  inner: Buffer;
  outer: Buffer;
}

const known = new WeakMap<Uint8Array, Pads>();

/**
 * HMAC-SHA256 of `text` in base64url; `key` is one that `Keys` has given, of 64 bytes at most. By two plain hashes: `createHmac` takes
 * twice as long, and leaves an object to the collector each time.
 */
export function hmacOf(key: Uint8Array, text: string): string {
  if (text.length > TEXT_LENGTH_MAX) {
    return createHmac('sha256', key).update(text).digest('base64url');
  }
  const { inner, outer } = known.get(key) ?? padsOf(key);
  const end = BLOCK_BYTES + inner.write(text, BLOCK_BYTES);
  outer.write(hash('sha256', inner.subarray(0, end), 'binary'), BLOCK_BYTES, 'latin1');
  return hash('sha256', outer, 'base64url');
}

function padsOf(key: Uint8Array): Pads {
  const pads = {
    inner: Buffer.alloc(BLOCK_BYTES + TEXT_LENGTH_MAX * UTF8_BYTES_MAX, 0x36),
    outer: Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES, 0x5c),
  };
  for (const pad of [pads.inner, pads.outer]) {
    key.forEach((byte, index) => {
      pad[index] = (pad[index] ?? 0) ^ byte;
    });
  }
  known.set(key, pads);
  return pads;
}
