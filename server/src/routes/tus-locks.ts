/** One request at a time writes an upload. */
import { Problem } from '@2t1l/contract/problems';
import type { Lock, Locker, RequestRelease } from '@tus/server';
import type { Clock } from '../ports.ts';

/** A holder that has received nothing for so long is a connection that is gone without a word: it has to let go. */
const SILENT_MS = 5_000;

interface Held {
  requestRelease: RequestRelease;
  touched_ms: number;
}

/** Locks of this process. Who comes second gets an `upload_locked` Problem at once and tries again. */
export class TusLocks implements Locker {
  readonly #clock: Clock;
  readonly #held = new Map<string, Held>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The holder is alive. */
  touch(id: string): void {
    const held = this.#held.get(id);
    if (held !== undefined) {
      held.touched_ms = this.#clock.now();
    }
  }

  newLock(id: string): Lock {
    return {
      lock: async (_signal, requestRelease) => {
        const held = this.#held.get(id);
        if (held !== undefined) {
          if (this.#clock.now() - held.touched_ms > SILENT_MS) {
            await held.requestRelease();
          }
          throw new Problem('upload_locked', { retry_after_seconds: 1 });
        }
        this.#held.set(id, { requestRelease, touched_ms: this.#clock.now() });
      },
      unlock: async () => {
        this.#held.delete(id);
      },
    };
  }
}
