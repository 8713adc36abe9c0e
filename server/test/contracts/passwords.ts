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
      const times = { somebody: [] as number[], nobody: [] as number[] };
      // In turn, so that a busy machine slows both.
      for (let count = 0; count < 9; count += 1) {
        for (const [name, known] of [['somebody', hash] as const, ['nobody', null] as const]) {
          const start = performance.now();
          await passwords.verify(known, 'wrong');
          times[name].push(performance.now() - start);
        }
      }
      const [somebody, nobody] = [middle(times.somebody), middle(times.nobody)];
      expect(nobody).toBeGreaterThan(somebody * 0.5);
      expect(nobody).toBeLessThan(somebody * 2);
    });
  });
}

function middle(times: number[]): number {
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}
