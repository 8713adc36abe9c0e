/** What every source of keys must do. */
import { describe, expect, test } from 'vitest';
import type { KeyPurpose, Keys } from '../../src/ports.ts';

const PURPOSES: readonly KeyPurpose[] = ['access-token', 'blob-url', 'cursor'];

/** `make` gives the same keys each time. */
export function keysContract(name: string, make: () => Promise<Keys>): void {
  describe(`keys: ${name}`, () => {
    test('the current key exists, has 32 bytes, and is another one for each purpose', async () => {
      const keys = await make();
      const all = PURPOSES.map((purpose) => Buffer.from(keys.key(purpose, keys.current) ?? []));
      expect(all.map((key) => key.length)).toEqual([32, 32, 32]);
      expect(new Set(all.map((key) => key.toString('hex'))).size).toBe(3);
    });

    test('keys stay the same from start to start', async () => {
      const [one, two] = [await make(), await make()];
      expect(one.current).toBe(two.current);
      expect(one.key('cursor', one.current)).toEqual(two.key('cursor', two.current));
    });

    test('an unknown id has no key', async () => {
      const keys = await make();
      for (const id of ['', 'unknown', '__proto__', `${keys.current} `]) {
        expect(keys.key('cursor', id)).toBeNull();
      }
    });
  });
}
