/** What every keeper of passwords must do. */
import { describe, expect, test } from 'vitest';
import type { Passwords } from '../../src/ports.ts';

export function passwordsContract(name: string, make: () => Promise<Passwords>): void {
  describe(`passwords: ${name}`, () => {
    test('the right password fits its hash, others do not', async () => {
      const passwords = await make();
      const hash = await passwords.hash('correct horse ünïcode 🐴');
      expect(await passwords.verify(hash, 'correct horse ünïcode 🐴')).toBe(true);
      expect(await passwords.verify(hash, 'correct horse ünïcode')).toBe(false);
      expect(await passwords.verify(hash, '')).toBe(false);
    });

    test('the same password has another hash each time, which does not hold it', async () => {
      const passwords = await make();
      const [one, two] = await Promise.all([passwords.hash('testpassword'), passwords.hash('testpassword')]);
      expect(one).not.toBe(two);
      expect(one).not.toContain('testpassword');
    });

    test('nobody has no password, and finding that out takes as long', async () => {
      const passwords = await make();
      const hash = await passwords.hash('testpassword');
      expect(await passwords.verify(null, 'testpassword')).toBe(false);
      const seconds = async (known: string | null) => {
        const times: number[] = [];
        for (let count = 0; count < 9; count += 1) {
          const start = performance.now();
          await passwords.verify(known, 'wrong');
          times.push(performance.now() - start);
        }
        return times.sort((a, b) => a - b)[4] ?? 0;
      };
      const [somebody, nobody] = [await seconds(hash), await seconds(null)];
      expect(nobody).toBeGreaterThan(somebody * 0.5);
      expect(nobody).toBeLessThan(somebody * 2);
    });
  });
}
