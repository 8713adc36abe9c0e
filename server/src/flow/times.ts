/** Times of the flow, in milliseconds unless the name says otherwise. */
import type { Ports } from '../ports.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Now plus `offset` (may be negative) as an RFC 3339 UTC string. */
export function timeAt({ clock }: Pick<Ports, 'clock'>, offset = 0): string {
  return new Date(clock.now() + offset).toISOString();
}
