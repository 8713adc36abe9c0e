/** How much of something that lasts, a stream or a form, one may have open at a time; each process counts its own. */
import type { ServerResponse } from 'node:http';
import { Problem } from '@2t1l/contract/problems';

/** Whose answers are counted, and how many of them may be open. */
export interface Place {
  key: string;
  most: number;
}

/** How the one who is refused is told. */
export interface Refusal {
  code: 'too_many_streams' | 'too_many_requests';
  /** What there is too much of, in the plural. */
  what: string;
  retry_after_seconds: number;
}

export interface Places {
  /** Counts `response` for each of `places` until it closes. Throws the refusal, and counts nothing, where one has as many as it may. */
  take(response: ServerResponse, places: readonly Place[]): void;
}

/** Nobody has anything open yet. */
export function openPlaces({ code, what, retry_after_seconds }: Refusal): Places {
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
        throw new Problem(code, { detail: `${full.most} ${what} at a time; close one of them.`, retry_after_seconds });
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
