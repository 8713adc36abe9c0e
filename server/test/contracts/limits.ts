/** What every counter of limits must do. */
import { describe, expect, test } from 'vitest';
import type { Limits } from '../../src/ports.ts';

export function limitsContract(name: string, make: () => Promise<Limits>): void {
  const free = { allowed: true, retry_after_seconds: 0 };

  describe(`limits: ${name}`, () => {
    test('allow as many as the rule has points, then say how long to wait', async () => {
      const limits = await make();
      const rule = { points: 3, seconds: 60 };
      expect(await Promise.all([1, 2, 3].map(() => limits.take('a', rule)))).toEqual([free, free, free]);
      const refused = await limits.take('a', rule);
      expect(refused.allowed).toBe(false);
      expect(refused.retry_after_seconds).toBeGreaterThan(50);
      expect(refused.retry_after_seconds).toBeLessThanOrEqual(60);
      expect(Number.isInteger(refused.retry_after_seconds)).toBe(true);
    });

    test('count each key and each rule apart', async () => {
      const limits = await make();
      const rule = { points: 1, seconds: 60 };
      await limits.take('a', rule);
      expect((await limits.take('a', rule)).allowed).toBe(false);
      expect((await limits.take('b', rule)).allowed).toBe(true);
      expect((await limits.take('a', { points: 5, seconds: 60 })).allowed).toBe(true);
    });

    test('a point that is given back can be taken again, once', async () => {
      const limits = await make();
      const rule = { points: 2, seconds: 60 };
      await limits.take('a', rule);
      await limits.take('a', rule);
      await limits.giveBack('a', rule);
      expect(await limits.take('a', rule)).toEqual(free);
      expect((await limits.take('a', rule)).allowed).toBe(false);
    });

    test('reset gives all points back, of every rule', async () => {
      const limits = await make();
      const rules = [
        { points: 1, seconds: 60 },
        { points: 1, seconds: 3600 },
      ];
      for (const rule of rules) {
        await limits.take('a', rule);
        await limits.take('b', rule);
      }
      await limits.reset('a');
      for (const rule of rules) {
        expect((await limits.take('a', rule)).allowed).toBe(true);
        expect((await limits.take('b', rule)).allowed).toBe(false);
      }
    });

    test('points come back when the time is over, also for one who kept on asking', async () => {
      const limits = await make();
      const rule = { points: 1, seconds: 1 };
      expect((await limits.take('a', rule)).allowed).toBe(true);
      await expect.poll(async () => (await limits.take('a', rule)).allowed, { timeout: 3_000, interval: 50 }).toBe(true);
    });
  });
}
