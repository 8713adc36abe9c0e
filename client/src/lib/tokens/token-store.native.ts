import * as SecureStore from 'expo-secure-store';
import { keyOfServer } from '../base-url.ts';
import type { TokenStore } from './token-store.types.ts';

const key = () => keyOfServer('2t1l.session');

export const tokenStore: TokenStore = {
  read: () => SecureStore.getItemAsync(key()),
  write: (text) => SecureStore.setItemAsync(key(), text),
  clear: () => SecureStore.deleteItemAsync(key()),
  // One app, one process: nobody else writes.
  onOutsideChange: () => {},
};
