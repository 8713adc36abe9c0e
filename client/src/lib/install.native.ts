import type { Install } from './install.types.ts';

/** It is installed. */
export const install: Install = { way: () => 'none', subscribe: () => () => {}, ask: () => {} };
