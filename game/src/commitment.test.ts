import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SEGMENT_INDEXES } from './challenge.ts';
import { commitmentOf, keepsCommitment } from './commitment.ts';

const nonces = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));

test('law: the SHA-256 of the nonce and one byte, as another implementation computes it', () => {
  fc.assert(
    fc.property(nonces, fc.constantFrom(...SEGMENT_INDEXES), (nonce, lie) => {
      const expected = createHash('sha256')
        .update(Buffer.concat([Buffer.from(nonce, 'hex'), Buffer.from([lie])]))
        .digest('hex');
      expect(commitmentOf(lie, nonce)).toBe(expected);
      expect(keepsCommitment(expected.toUpperCase(), lie, nonce)).toBe(true);
    }),
  );
});

test('law: another lie never keeps the promise', () => {
  fc.assert(
    fc.property(nonces, (nonce) => {
      const promise = commitmentOf(1, nonce);
      expect(keepsCommitment(promise, 0, nonce)).toBe(false);
      expect(keepsCommitment(promise, 2, nonce)).toBe(false);
    }),
  );
});

test.each(['', 'zz', '00', `${'0'.repeat(63)}g`])('a malformed nonce %j is refused', (nonce) => {
  expect(() => commitmentOf(0, nonce)).toThrow(RangeError);
  expect(keepsCommitment('0'.repeat(64), 0, nonce)).toBe(false);
});
