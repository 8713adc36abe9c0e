import * as SecureStore from 'expo-secure-store';
import type { TokenStore } from './token-store.types.ts';

const KEY = '2t1l.session';

export const tokenStore: TokenStore = {
  read: () => SecureStore.getItemAsync(KEY),
  write: (text) => SecureStore.setItemAsync(KEY, text),
  clear: () => SecureStore.deleteItemAsync(KEY),
  // One app, one process: nobody else writes.
  onOutsideChange: () => {},
};
