/** What every cache must do. */
import { describe, expect, test } from 'vitest';
import type { Cache } from '../../src/ports.ts';

export function cacheContract(name: string, make: () => Promise<Cache>): void {
  describe(`cache: ${name}`, () => {
    test('keeps, replaces and forgets', async () => {
      const cache = await make();
      expect(await cache.get('a')).toBeNull();
      await cache.set('a', '1', 60);
      await cache.set('b', '', 60);
      await cache.set('a', '2', 60);
      expect([await cache.get('a'), await cache.get('b')]).toEqual(['2', '']);
      await cache.delete('a');
      await cache.delete('nothing');
      expect([await cache.get('a'), await cache.get('b')]).toEqual([null, '']);
    });

    test('forgets by itself when the time is over', async () => {
      const cache = await make();
      await cache.set('short', 'x', 1);
      await cache.set('long', 'x', 60);
      expect(await cache.get('short')).toBe('x');
      await expect.poll(() => cache.get('short'), { timeout: 3_000 }).toBeNull();
      expect(await cache.get('long')).toBe('x');
    });
  });
}
