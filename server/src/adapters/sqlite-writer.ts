import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '@2t1l/contract/problems';
import type { CompiledQuery, QueryResult } from 'kysely';
import { Mutex } from './mutex.ts';
import { isBusy, type SqliteFile } from './sqlite-file.ts';

const LONGEST_PAUSE_MS = 16;

/**
 * The one connection that writes. Two connections of one thread must never wait for each other's lock (the thread that waits
 * is the one that would let go), so writers of this process queue here, and waiting for another process is done by timers.
 */
export class SqliteWriter {
  readonly #file: SqliteFile;
  readonly #mutex: Mutex;
  readonly #patienceMs: number;

  constructor(file: SqliteFile, patienceMs: number) {
    this.#file = file;
    this.#mutex = new Mutex(patienceMs);
    this.#patienceMs = patienceMs;
  }

  /** Waits for the file and begins. `immediate`: a transaction that begins as a reader may find it cannot write. */
  async begin(): Promise<void> {
    await this.#mutex.acquire();
    try {
      await this.#persist(() => this.#file.exec('begin immediate'));
    } catch (error) {
      this.#mutex.release();
      throw error;
    }
  }

  /** Where it throws, the transaction is still to be rolled back. */
  commit(): void {
    this.#file.exec('commit');
    this.#mutex.release();
  }

  rollback(): void {
    try {
      // SQLite itself has rolled back already where the disk was full.
      if (this.#file.isInTransaction) {
        this.#file.exec('rollback');
      }
    } finally {
      this.#mutex.release();
    }
  }

  /** A statement of the transaction that was begun. */
  runInside<Row>(query: CompiledQuery): QueryResult<Row> {
    if (!this.#file.isInTransaction) {
      throw new Error('SQLite has rolled this transaction back after an earlier error');
    }
    return this.#file.run(query);
  }

  /** A statement that is a transaction of its own. */
  async runAlone<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    await this.#mutex.acquire();
    try {
      return await this.#persist(() => this.#file.run<Row>(query));
    } finally {
      this.#mutex.release();
    }
  }

  /** Waits for whoever writes now. */
  async close(): Promise<void> {
    await this.#mutex.acquire();
    this.#file.close();
  }

  /** Tries again while another process holds the lock, without blocking this one. */
  async #persist<T>(call: () => T): Promise<T> {
    const deadline = performance.now() + this.#patienceMs;
    for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        return call();
      } catch (error) {
        if (!isBusy(error)) {
          throw error;
        }
        if (performance.now() > deadline) {
          throw new Problem('busy', { detail: 'Another process held the database for too long', retry_after_seconds: 1, cause: error });
        }
        await sleep(pauseMs);
      }
    }
  }
}
