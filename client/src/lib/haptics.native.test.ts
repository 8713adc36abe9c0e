import { expect, jest, test } from '@jest/globals';
import { configureStore } from '@reduxjs/toolkit';
import { selectionAsync } from 'expo-haptics';
import { feel } from './haptics.native.ts';
import { hydrated } from './store/persistence.ts';
import { store } from './store/store.ts';
import { hapticsSwitched, uiReducer } from './store/ui-slice.ts';

jest.mock('expo-haptics', () => ({ selectionAsync: jest.fn(async () => undefined) }));
jest.mock('@react-native-async-storage/async-storage', () => ({}));
jest.mock('./store/store.ts', () => ({ store: {} }));
Object.assign(store, configureStore({ reducer: { ui: uiReducer } }));

test('what was kept before there was the switch is felt; turned off, nothing is', () => {
  store.dispatch(hydrated({ ui: { theme: 'dark' } }));
  feel('pick');
  expect(selectionAsync).toHaveBeenCalledTimes(1);
  store.dispatch(hapticsSwitched(false));
  feel('pick');
  expect(selectionAsync).toHaveBeenCalledTimes(1);
});
