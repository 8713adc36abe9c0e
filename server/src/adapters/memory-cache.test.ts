import { expect, test } from 'vitest';
import { cacheContract } from '../../test/contracts/cache.ts';
import { memoryCache } from './memory-cache.ts';

cacheContract('memory', async () => memoryCache());

test('keeps the 1,000 used last', async () => {
  const cache = memoryCache();
  for (let count = 0; count <= 1_000; count += 1) {
    await cache.set(`k${count}`, 'x', 60);
    await cache.get('k0');
  }
  expect([await cache.get('k0'), await cache.get('k1'), await cache.get('k1000')]).toEqual(['x', null, 'x']);
});

test('a value that is too large by itself is not kept and drives nothing out', async () => {
  const cache = memoryCache();
  await cache.set('small', 'x', 60);
  await cache.set('huge', 'x'.repeat(33 * 1024 * 1024), 60);
  expect([await cache.get('small'), await cache.get('huge')]).toEqual(['x', null]);
});
