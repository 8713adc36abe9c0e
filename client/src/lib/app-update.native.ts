import type { AppUpdate } from './app-update.types.ts';

/** Phones get newer versions from their store. */
export const appUpdate: AppUpdate = { start: () => {}, isWaiting: () => false, subscribe: () => () => {}, apply: () => {} };
