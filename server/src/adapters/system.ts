import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import type { Chance, Clock, Ids } from '../ports.ts';

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** UUIDv7; those of one process rise, also within a millisecond. */
export const systemIds: Ids = { next: () => v7() };

/** The system's own source of chance. */
export const systemChance: Chance = { bytes: (count) => randomBytes(count) };
