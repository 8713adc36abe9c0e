import { Problem } from '@2t1l/contract/problems';

/** First come, first served. Waiting is bounded, so that a caller that waits for itself gets an error and not silence. */
export class Mutex {
  #isHeld = false;
  readonly #waiting: ((granted: boolean) => void)[] = [];
  readonly #patienceMs: number;

  /** `patienceMs`: the longest that anybody waits. */
  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  /** Resolves once the caller holds it. Throws a `busy` Problem where that takes too long. */
  async acquire(): Promise<void> {
    if (!this.#isHeld) {
      this.#isHeld = true;
      return;
    }
    const granted = await new Promise<boolean>((resolve) => {
      const grant = (isGranted: boolean) => {
        clearTimeout(timer);
        resolve(isGranted);
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(grant), 1);
        resolve(false);
      }, this.#patienceMs);
      this.#waiting.push(grant);
    });
    if (!granted) {
      throw new Problem('busy', { detail: 'The database was held by another transaction for too long', retry_after_seconds: 1 });
    }
  }

  /** Hands it to the next in the queue. */
  release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.#isHeld = false;
      return;
    }
    next(true);
  }
}
