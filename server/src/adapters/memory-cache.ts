import { LRUCache } from 'lru-cache';
import type { Cache } from '../ports.ts';

/** Of all entries with what each takes besides its text: room for 100,000 small ones, such as sessions and first looks. */
const CHARACTERS_MAX = 32 * 1024 * 1024;
const CHARACTERS_BESIDES = 200;

/** Keeps the entries used last, at most 32 Mi characters together; what is larger by itself is not kept at all. */
export function memoryCache(): Cache {
  const entries = new LRUCache<string, string>({
    maxSize: CHARACTERS_MAX,
    sizeCalculation: (value, key) => value.length + key.length + CHARACTERS_BESIDES,
  });
  return {
    async get(key) {
      return entries.get(key) ?? null;
    },
    async set(key, value, ttlSeconds) {
      entries.set(key, value, { ttl: ttlSeconds * 1000 });
    },
    async delete(key) {
      entries.delete(key);
    },
  };
}
