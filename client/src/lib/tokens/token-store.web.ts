import { keyOfServer } from '../base-url.ts';
import type { TokenStore } from './token-store.types.ts';

const key = () => keyOfServer('2t1l.session');

/** Used where the browser forbids storage: the session then lives as long as the page. */
let inMemory: string | null = null;

export const tokenStore: TokenStore = {
  read: async () => {
    try {
      return localStorage.getItem(key());
    } catch {
      return inMemory;
    }
  },
  write: async (text) => {
    inMemory = text;
    try {
      localStorage.setItem(key(), text);
    } catch {
      // kept in memory
    }
  },
  clear: async () => {
    inMemory = null;
    try {
      localStorage.removeItem(key());
    } catch {
      // was never there
    }
  },
  onOutsideChange: (listener) => {
    window.addEventListener('storage', (event) => {
      if (event.key === key() || event.key === null) {
        listener();
      }
    });
  },
};
