import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { Problem } from '@2t1l/contract/problems';
import type { CompiledQuery, QueryResult } from 'kysely';
import { LRUCache } from 'lru-cache';

/** Prepared statements kept; the program has fewer than 300 of them, lists of varying length make the rest. */
const STATEMENTS_KEPT = 500;
const BUSY = 5;
const FULL = 13;
/** The file of the wal-index could not grow (SQLITE_IOERR_SHMSIZE): the disk is full. */
const SHM_SIZE = 4874;

interface Prepared {
  statement: StatementSync;
  /** Makes a row of its values; null where the statement returns none. */
  rowOf: ((values: unknown) => unknown) | null;
}

/** One connection with its prepared statements. Every call is synchronous, as node:sqlite is. */
export class SqliteFile {
  readonly #database: DatabaseSync;
  readonly #prepared = new LRUCache<string, Prepared>({ max: STATEMENTS_KEPT });

  /** `timeoutMs`: how long a call may block this thread while another process holds a lock. */
  constructor(path: string, timeoutMs: number) {
    this.#database = new DatabaseSync(path, { timeout: timeoutMs, enableForeignKeyConstraints: true });
  }

  get isInTransaction(): boolean {
    return this.#database.isTransaction;
  }

  exec(sql: string): void {
    try {
      this.#database.exec(sql);
    } catch (error) {
      throw translate(error);
    }
  }

  /** Throws a `storage_full` Problem where the disk is full; other errors come as SQLite gives them. */
  run<Row>({ sql, parameters }: Pick<CompiledQuery, 'sql' | 'parameters'>): QueryResult<Row> {
    try {
      const { statement, rowOf } = this.#prepare(sql);
      const values = parameters as SQLInputValue[];
      if (rowOf !== null) {
        return { rows: statement.all(...values).map(rowOf) as Row[] };
      }
      const { changes, lastInsertRowid } = statement.run(...values);
      return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
    } catch (error) {
      throw translate(error);
    }
  }

  close(): void {
    this.#prepared.clear();
    this.#database.close();
  }

  #prepare(sql: string): Prepared {
    const known = this.#prepared.get(sql);
    if (known !== undefined) {
      return known;
    }
    const statement = this.#database.prepare(sql);
    const names = statement.columns().map(({ name }) => name);
    statement.setReturnArrays(true);
    const prepared = { statement, rowOf: names.length === 0 ? null : rowMaker(names) };
    this.#prepared.set(sql, prepared);
    return prepared;
  }
}

/**
 * Rows of one shape each: node:sqlite makes its own with a dictionary for every row, and what reads them finds each field by its name.
 * Compiled from the columns' names in our own queries.
 */
function rowMaker(names: readonly string[]): (values: unknown) => unknown {
  const fields = names.map((name, index) => `${JSON.stringify(name)}: values[${index}]`);
  return new Function('values', `return { ${fields.join(', ')} };`) as (values: unknown) => unknown;
}

/** True where another connection holds the lock that this call needed; nothing has been changed then. */
export function isBusy(error: unknown): boolean {
  return (errorCode(error) & 0xff) === BUSY;
}

function translate(error: unknown): unknown {
  const code = errorCode(error);
  return code === FULL || code === SHM_SIZE ? new Problem('storage_full', { cause: error }) : error;
}

/** SQLite's extended result code; 0 where it is another error. */
function errorCode(error: unknown): number {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : 0;
}
