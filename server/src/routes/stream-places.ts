/** How many event streams may be open at a time; each process counts its own. */
import type { ServerResponse } from 'node:http';
import { Problem } from '@2t1l/contract/problems';

/** A heartbeat later at the most, a stream whose other end is gone has been closed. */
const RETRY_SECONDS = 15;

/** Whose streams are counted, and how many they may have. */
export interface Place {
  key: string;
  most: number;
}

export interface StreamPlaces {
  /** Counts `response` for each of `places` until it closes. Throws `too_many_streams`, and counts nothing, where one has as many as it may. */
  take(response: ServerResponse, places: readonly Place[]): void;
}

/** Nobody has a stream yet. */
export function streamPlaces(): StreamPlaces {
  const open = new Map<string, number>();
  const add = (key: string, by: 1 | -1) => {
    const count = (open.get(key) ?? 0) + by;
    if (count === 0) {
      open.delete(key);
    } else {
      open.set(key, count);
    }
  };
  return {
    take(response, places) {
      const full = places.find(({ key, most }) => (open.get(key) ?? 0) >= most);
      if (full !== undefined) {
        throw new Problem('too_many_streams', {
          detail: `${full.most} event streams at a time; close one of them.`,
          retry_after_seconds: RETRY_SECONDS,
        });
      }
      if (response.destroyed) {
        // Its `close` has been heard by nobody and will not come again.
        return;
      }
      for (const { key } of places) {
        add(key, 1);
      }
      response.once('close', () => {
        for (const { key } of places) {
          add(key, -1);
        }
      });
    },
  };
}
