import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '@2t1l/contract/problems';
import type { CompiledQuery, QueryResult } from 'kysely';
import { type CommitGroup, openGroup } from './commit-group.ts';
import { Mutex } from './mutex.ts';
import { isBusy, type SqliteFile } from './sqlite-file.ts';

const LONGEST_PAUSE_MS = 16;

/**
 * The one connection that writes. Two connections of one thread must never wait for each other's lock (the thread that waits
 * is the one that would let go), so writers of this process queue here, and waiting for another process is done by timers.
 *
 * One commit costs as much as all statements of a guess, so transactions that come in the same turn of the event loop share one:
 * the first begins, each runs in a savepoint of its own, one after the other, and all are answered after the one commit.
 */
export class SqliteWriter {
  readonly #file: SqliteFile;
  readonly #mutex: Mutex;
  readonly #patienceMs: number;
  /** While the shared transaction is open. */
  #group: CommitGroup | null = null;
  /** True while one of the group is between `begin` and its `commit` or `rollback`. */
  #isRunning = false;

  constructor(file: SqliteFile, patienceMs: number) {
    this.#file = file;
    this.#mutex = new Mutex(patienceMs);
    this.#patienceMs = patienceMs;
  }

  /** Waits for the file and begins. `immediate`: a transaction that begins as a reader may find it cannot write. */
  async begin(): Promise<void> {
    await this.#mutex.acquire();
    try {
      if (this.#group === null) {
        await this.#persist(() => this.#say('begin immediate'));
        this.#group = openGroup((group) => this.#onDue(group));
      }
      this.#say('savepoint one');
      this.#isRunning = true;
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  /** Resolves after the shared commit and rejects where that fails. Where the call itself throws, the transaction is still to be rolled back. */
  commit(): Promise<void> {
    const group = this.#group;
    if (group === null) {
      throw new Error('there is no transaction to commit');
    }
    this.#say('release one');
    this.#leave();
    return group.committed;
  }

  /** Undoes this transaction and none of those it shares the commit with. */
  rollback(): void {
    try {
      if (this.#file.isInTransaction) {
        this.#say('rollback to one');
        this.#say('release one');
      }
    } catch (error) {
      this.#abandon(error);
      throw error;
    } finally {
      this.#leave();
    }
  }

  /** A statement of the transaction that was begun. */
  runInside<Row>(query: CompiledQuery): QueryResult<Row> {
    if (!this.#file.isInTransaction) {
      throw new Error('SQLite has rolled this transaction back after an earlier error');
    }
    try {
      return this.#file.run(query);
    } catch (error) {
      if (!this.#file.isInTransaction) {
        // A full disk does that: what the others of the group have written is gone as well.
        this.#abandon(error);
      }
      throw error;
    }
  }

  /**
   * A select outside all transactions; null where one is open (its rows are nobody else's yet) or the file is locked. This connection's
   * cache outlives its own commits, that of another one does not.
   */
  readIdle<Row>(query: CompiledQuery): QueryResult<Row> | null {
    if (this.#file.isInTransaction) {
      return null;
    }
    try {
      return this.#file.run(query);
    } catch (error) {
      if (isBusy(error)) {
        return null;
      }
      throw error;
    }
  }

  /** A statement that is a transaction of its own. */
  async runAlone<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    await this.#mutex.acquire();
    try {
      this.#commitGroup();
      return await this.#persist(() => this.#file.run<Row>(query));
    } finally {
      this.#mutex.release();
    }
  }

  /** Waits for whoever writes now. */
  async close(): Promise<void> {
    await this.#mutex.acquire();
    this.#commitGroup();
    this.#file.close();
  }

  /** The end of one of the group, in whatever way. */
  #leave(): void {
    this.#isRunning = false;
    if (this.#group !== null && !this.#file.isInTransaction) {
      this.#abandon(new Error('SQLite has rolled this transaction back'));
    }
    if (this.#group?.isDue === true) {
      this.#commitGroup();
    }
    this.#mutex.release();
  }

  /** Where one is running, that one's end commits. */
  #onDue(group: CommitGroup): void {
    if (this.#group === group && !this.#isRunning) {
      this.#commitGroup();
    }
  }

  /** Tells everybody of the group how it went; does not throw. */
  #commitGroup(): void {
    const group = this.#group;
    if (group === null) {
      return;
    }
    try {
      this.#say('commit');
      this.#group = null;
      group.resolve();
    } catch (error) {
      this.#abandon(error);
    }
  }

  /** Nothing of the group is kept, and all of it hear why. */
  #abandon(error: unknown): void {
    const group = this.#group;
    this.#group = null;
    try {
      if (this.#file.isInTransaction) {
        this.#say('rollback');
      }
    } finally {
      group?.reject(error);
    }
  }

  #say(sql: string): void {
    this.#file.run({ sql, parameters: [] });
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
