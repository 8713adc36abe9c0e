/** Signed addresses of blobs: `type` (to answer with), `exp` (seconds since 1970), `kid` (key id), `sig` (HMAC-SHA256 of hash, type and exp). */
import { timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Blobs, Clock, Keys } from '../ports.ts';
import { hmacOf } from '../store/hmac.ts';

/** The contract's `API_PREFIX` and its endpoint for blobs; disk-blobs.test.ts holds the two together. */
const PATH = '/api/v1/blobs';
const HOUR_SECONDS = 3600;
/** An address is valid for one to two slots; within a slot everybody gets the same one, so that it can be cached. */
const SLOT_SECONDS = 6 * HOUR_SECONDS;
/** Addresses of a page of the feed are asked for again and again; they take some 3 MB together. */
const ADDRESSES_KEPT = 10_000;

/** `url` and `verify` of a store of blobs. Addresses are relative to the server, valid for 6 to 12 hours and the same for 6. */
export function blobUrls({ keys, clock }: { keys: Keys; clock: Clock }): Pick<Blobs, 'url' | 'verify' | 'url_seconds'> {
  const kept = new LRUCache<string, { exp: number; url: string }>({ max: ADDRESSES_KEPT });
  return {
    url(hash, type) {
      const exp = expiry(hash, clock.now() / 1000);
      const name = `${hash} ${type}`;
      const known = kept.get(name);
      if (known !== undefined && known.exp === exp) {
        return known.url;
      }
      const url = sign(keys, { hash, type, exp });
      kept.set(name, { exp, url });
      return url;
    },
    url_seconds: 2 * SLOT_SECONDS,
    verify: (hash, query) => verify(keys, clock, hash, query),
  };
}

function sign(keys: Keys, signed: Signed): string {
  const sig = signature(keys, keys.current, signed);
  if (sig === null) {
    throw new Error('the signing key is missing');
  }
  const { hash, type, exp } = signed;
  return `${PATH}/${hash}?type=${encodeURIComponent(type)}&exp=${exp}&kid=${encodeURIComponent(keys.current)}&sig=${sig}`;
}

/** The media type that the address was signed for; null where it was not signed here, was changed or has expired. */
function verify(keys: Keys, clock: Clock, hash: string, query: Readonly<Record<string, string | undefined>>): string | null {
  const { type, exp, kid, sig } = query;
  if (
    typeof type !== 'string' ||
    typeof exp !== 'string' ||
    typeof kid !== 'string' ||
    typeof sig !== 'string' ||
    !/^\d{1,12}$/.test(exp)
  ) {
    return null;
  }
  const expected = signature(keys, kid, { hash, type, exp: Number(exp) });
  if (expected === null || !isSame(sig, expected)) {
    return null;
  }
  return clock.now() / 1000 < Number(exp) ? type : null;
}

interface Signed {
  hash: string;
  type: string;
  exp: number;
}

/** Slots begin at another second for each hash, so that not all addresses of a feed change at once. */
function expiry(hash: string, nowSeconds: number): number {
  const offset = Number.parseInt(hash.slice(0, 6), 16) % SLOT_SECONDS;
  return (Math.floor((nowSeconds - offset) / SLOT_SECONDS) + 2) * SLOT_SECONDS + offset;
}

function signature(keys: Keys, kid: string, { hash, type, exp }: Signed): string | null {
  const key = keys.key('blob-url', kid);
  return key === null ? null : hmacOf(key, `${hash}\n${type}\n${exp}`);
}

/** In a time that does not tell how much of it was right. */
function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given, 'base64url'), Buffer.from(expected, 'base64url')];
  return a.length === b.length && timingSafeEqual(a, b);
}
