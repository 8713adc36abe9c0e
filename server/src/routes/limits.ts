/** How often one may call. */
import type { RateClass } from '@2t1l/contract/endpoints';
import type { LimitRule } from '../ports.ts';

const MINUTE_SECONDS = 60;

/** `auth` by address: a party behind one shares it, so it is not small. The others by player where there is a valid token, else by address. */
export const RATES: Record<RateClass, LimitRule> = {
  auth: { points: 60, seconds: MINUTE_SECONDS },
  read: { points: 1200, seconds: MINUTE_SECONDS },
  write: { points: 300, seconds: MINUTE_SECONDS },
  // Three clips of 100 MB in chunks of 5 MB are 60 calls.
  upload: { points: 600, seconds: MINUTE_SECONDS },
};
