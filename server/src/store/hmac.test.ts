import { createHmac, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { hmacOf } from './hmac.ts';

test.each(['', 'plain', 'a long one '.repeat(200), 'not of one byte: Ŷ ⚖ 😀', '€'.repeat(512)])('is the HMAC of "%.30s"', (text) => {
  const [key, other] = [randomBytes(32), randomBytes(64)];
  for (const each of [key, other, key]) {
    expect(hmacOf(each, text)).toBe(createHmac('sha256', each).update(text).digest('base64url'));
  }
});
