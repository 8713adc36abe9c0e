import { expect, test } from 'vitest';
import { cacheContract } from '../../test/contracts/cache.ts';
import { memoryCache } from './memory-cache.ts';

cacheContract('memory', async () => memoryCache());

test('keeps 100,000 small entries', async () => {
  const cache = memoryCache();
  for (let count = 0; count < 100_000; count += 1) {
    await cache.set(`look:01890a5d-ac96-774b-bcce-b302099a8057:01890a5d-ac96-774b-bcce-${count}`, '1798761600000', 3600);
  }
  expect(await cache.get('look:01890a5d-ac96-774b-bcce-b302099a8057:01890a5d-ac96-774b-bcce-0')).toBe('1798761600000');
});

test('is bounded: of small entries and of large ones those used last stay', async () => {
  const cache = memoryCache();
  for (let count = 0; count < 200_000; count += 1) {
    await cache.set(`small${count}`, 'x', 60);
    await cache.get('small0');
  }
  expect([await cache.get('small0'), await cache.get('small1'), await cache.get('small199999')]).toEqual(['x', null, 'x']);
  const large = 'x'.repeat(1024 * 1024);
  for (let count = 0; count < 40; count += 1) {
    await cache.set(`large${count}`, large, 60);
  }
  expect([await cache.get('small0'), await cache.get('large0'), await cache.get('large39')]).toEqual([null, null, large]);
});

test('a value that is too large by itself is not kept and drives nothing out', async () => {
  const cache = memoryCache();
  await cache.set('small', 'x', 60);
  await cache.set('huge', 'x'.repeat(33 * 1024 * 1024), 60);
  expect([await cache.get('small'), await cache.get('huge')]).toEqual(['x', null]);
});
