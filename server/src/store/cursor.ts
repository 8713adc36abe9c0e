/** Cursors of keyset pages: the last row's key with a signature, so that a page never starts where the server did not say. */
import { timingSafeEqual } from 'node:crypto';
import { Problem } from '@2t1l/contract/problems';
import type { Keys } from '../ports.ts';
import { hmacOf } from './hmac.ts';

/** Lists whose cursors must not be mixed. */
export type CursorList = 'feed' | 'mine' | 'sessions' | 'guesses' | 'player';

const MAC_BYTES = 16;

/** An opaque cursor behind the row with these key columns. */
export function sealCursor(list: CursorList, key: readonly string[], keys: Keys): string {
  const body = Buffer.from(JSON.stringify(key)).toString('base64url');
  const mac = macOf(list, body, keys.current, keys);
  return `${body}.${keys.current}.${mac?.toString('base64url')}`;
}

/** The key columns in a cursor of `list`, `length` of them. Throws an `invalid_request` Problem where the cursor is not ours. */
export function openCursor(list: CursorList, cursor: string, length: number, keys: Keys): string[] {
  const [body = '', keyId = '', mac = '', more] = cursor.split('.');
  const expected = macOf(list, body, keyId, keys);
  const given = Buffer.from(mac, 'base64url');
  if (more !== undefined || expected === null || given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw refused();
  }
  const key: unknown = JSON.parse(Buffer.from(body, 'base64url').toString());
  if (!Array.isArray(key) || key.length !== length || !key.every((part) => typeof part === 'string')) {
    throw refused();
  }
  return key;
}

function refused(): Problem {
  return new Problem('invalid_request', { errors: [{ pointer: '#/query/cursor', detail: 'not a cursor of this list' }] });
}

function macOf(list: CursorList, body: string, keyId: string, keys: Keys): Buffer | null {
  const key = keys.key('cursor', keyId);
  return key === null ? null : Buffer.from(hmacOf(key, `${list}.${body}`), 'base64url').subarray(0, MAC_BYTES);
}
