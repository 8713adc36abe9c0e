/**
 * SQLite through Kysely, on node:sqlite. WAL, so that readers and the writer never wait for each other.
 *
 * `synchronous = NORMAL`: a commit is in the kernel's hands when it returns, so a killed process loses nothing. On a power
 * failure the file stays sound, but commits of the last moments may be gone; FULL would pay one fsync a commit, and since
 * node:sqlite is synchronous the whole process would stand still for it.
 */
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  type Logger,
  type QueryResult,
  SelectQueryNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Tables } from '../store/tables.ts';
import { SqliteFile } from './sqlite-file.ts';
import { SqliteWriter } from './sqlite-writer.ts';

/** How long anybody waits for the writer, within this process and for another one. */
const PATIENCE_MS = 10_000;
/** Blocks the thread, so short: only opening, recovery after a crash and the last close of another process ever make a reader wait. */
const READER_TIMEOUT_MS = 2_000;
/**
 * Of each connection: the inner pages of all indexes; leaves come from the kernel's cache. SQLite walks through all of its own at a commit
 * that has split a page, so that a guess takes a sixth less of SQLite's time than with 32 MB.
 */
const CACHE_KIB = 4_000;
/**
 * The WAL is folded into the file at 64 MB, not at SQLite's own 4 MB: folding less often writes hot pages less often. A guess takes a
 * tenth less CPU than with 16 MB (median of nine pairs), of which half may be chance: calls that write nothing differed by 5 %.
 */
const CHECKPOINT_PAGES = 16_000;

export interface SqliteOptions {
  /** How long to wait for a lock, in milliseconds; 10 s by default. */
  patienceMs?: number;
  /** Hears of every query. */
  log?: Logger;
}

/** Opens the database file at `path` and makes it where there is none. */
export function openSqlite(path: string, { patienceMs = PATIENCE_MS, log }: SqliteOptions = {}): Kysely<Tables> {
  return new Kysely<Tables>({
    ...(log === undefined ? {} : { log }),
    dialect: {
      createAdapter: () => new Adapter(),
      createDriver: () => new SqliteDriver(path, patienceMs),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
}

/** SQLite rolls schema changes back too, and this driver does its own queueing. */
class Adapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }

  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class SqliteDriver implements Driver {
  readonly #path: string;
  readonly #patienceMs: number;
  #writer: SqliteWriter | undefined;
  #reader: SqliteFile | undefined;
  /** Kysely keeps account of each one that it has seen, so they are used again. */
  readonly #idle: Session[] = [];

  constructor(path: string, patienceMs: number) {
    this.#path = path;
    this.#patienceMs = patienceMs;
  }

  async init(): Promise<void> {
    const writer = new SqliteFile(this.#path, this.#patienceMs);
    writer.exec('pragma journal_mode = wal');
    writer.exec('pragma synchronous = normal');
    // What a person takes back, such as what was measured of them, is to be gone from the file too, not only from its index.
    writer.exec('pragma secure_delete = on');
    // From here on waiting for another process is done by timers, not by blocking this thread.
    writer.exec('pragma busy_timeout = 0');
    this.#writer = new SqliteWriter(writer, this.#patienceMs);
    this.#reader = new SqliteFile(this.#path, READER_TIMEOUT_MS);
    this.#reader.exec('pragma query_only = on');
    writer.exec(`pragma cache_size = -${CACHE_KIB}`);
    this.#reader.exec(`pragma cache_size = -${CACHE_KIB}`);
    writer.exec(`pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  }

  async acquireConnection(): Promise<Session> {
    if (this.#writer === undefined || this.#reader === undefined) {
      throw new Error('the database is not open');
    }
    return this.#idle.pop() ?? new Session(this.#writer, this.#reader);
  }

  async beginTransaction(session: Session): Promise<void> {
    await session.begin();
  }

  async commitTransaction(session: Session): Promise<void> {
    await session.commit();
  }

  async rollbackTransaction(session: Session): Promise<void> {
    session.rollback();
  }

  async releaseConnection(session: Session): Promise<void> {
    session.rollback();
    this.#idle.push(session);
  }

  async destroy(): Promise<void> {
    // The writer goes last: the last connection of all folds the WAL into the file.
    this.#reader?.close();
    await this.#writer?.close();
  }
}

/** What Kysely calls a connection. Reads outside a transaction never queue; all else has the writer to itself while it lasts. */
class Session implements DatabaseConnection {
  readonly #writer: SqliteWriter;
  readonly #reader: SqliteFile;
  #isInTransaction = false;

  constructor(writer: SqliteWriter, reader: SqliteFile) {
    this.#writer = writer;
    this.#reader = reader;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    if (this.#isInTransaction) {
      return this.#writer.runInside(query);
    }
    if (SelectQueryNode.is(query.query)) {
      return this.#writer.readIdle(query) ?? this.#reader.run(query);
    }
    return this.#writer.runAlone(query);
  }

  // biome-ignore lint/correctness/useYield: there is nothing to yield
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    // A half-read statement would keep the reader at an old state of the file for everybody else.
    throw new Error('SQLite does not stream here; read page by page');
  }

  async begin(): Promise<void> {
    await this.#writer.begin();
    this.#isInTransaction = true;
  }

  async commit(): Promise<void> {
    const committed = this.#writer.commit();
    // From here on it is the group's: where its commit fails there is nothing left to roll back.
    this.#isInTransaction = false;
    await committed;
  }

  /** Nothing happens outside a transaction. */
  rollback(): void {
    if (this.#isInTransaction) {
      this.#isInTransaction = false;
      this.#writer.rollback();
    }
  }
}
