import type { TokenStore } from './token-store.types.ts';

const KEY = '2t1l.session';

/** Used where the browser forbids storage: the session then lives as long as the page. */
let inMemory: string | null = null;

export const tokenStore: TokenStore = {
  read: async () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return inMemory;
    }
  },
  write: async (text) => {
    inMemory = text;
    try {
      localStorage.setItem(KEY, text);
    } catch {
      // kept in memory
    }
  },
  clear: async () => {
    inMemory = null;
    try {
      localStorage.removeItem(KEY);
    } catch {
      // was never there
    }
  },
  onOutsideChange: (listener) => {
    window.addEventListener('storage', (event) => {
      if (event.key === KEY || event.key === null) {
        listener();
      }
    });
  },
};
