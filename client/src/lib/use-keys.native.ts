import type { KeyHandlers } from './use-keys.types.ts';

/** Phones have no keys to listen to. */
export function useKeys(_handlers: KeyHandlers): void {}
