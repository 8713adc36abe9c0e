import { LRUCache } from 'lru-cache';
import type { Cache } from '../ports.ts';

const ENTRIES_MAX = 1_000;
const CHARACTERS_MAX = 32 * 1024 * 1024;

/** Keeps the 1,000 entries used last, at most 32 Mi characters together; what is larger by itself is not kept at all. */
export function memoryCache(): Cache {
  const entries = new LRUCache<string, string>({
    max: ENTRIES_MAX,
    maxSize: CHARACTERS_MAX,
    sizeCalculation: (value, key) => value.length + key.length + 1,
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
