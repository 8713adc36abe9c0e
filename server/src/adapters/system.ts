import { randomBytes, randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';
import type { Chance, Clock, Ids } from '../ports.ts';

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** The system's own source of chance. */
export const systemChance: Chance = { bytes: (count) => randomBytes(count) };

const BYTES_EACH = 16;
/** Asking the system for chance costs more than the rest of an id, so it is asked for that many at once. */
const pool = new Uint8Array(256 * BYTES_EACH);
let used = pool.length;
let msecs = 0;
/** Tells the ids of one millisecond apart (RFC 9562, 6.2, method 1): begins anywhere in the lower half of its 32 bits, so that it does not run over. */
let seq = 0;

/** UUIDv7; those of one process rise, also within a millisecond and where the clock goes back. */
export const systemIds: Ids = {
  next() {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const random = pool.subarray(used, used + BYTES_EACH);
    used += BYTES_EACH;
    const now = Date.now();
    if (now > msecs) {
      msecs = now;
      // v7 takes bytes 10 to 15 alone into the id besides the sequence.
      seq = new DataView(random.buffer, random.byteOffset).getUint32(0) >>> 1;
    } else {
      seq += 1;
    }
    return v7({ random, msecs, seq });
  },
};
