import type { Haptic } from './haptics.types.ts';

/** A browser has nothing to feel. */
export function feel(_haptic: Haptic): void {}
