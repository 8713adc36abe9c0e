import { sql } from 'kysely';
import type { Db, Log } from '../ports.ts';

const MINUTE_MS = 60_000;
const PAUSE_MS = 5 * MINUTE_MS;
/** Another process had the file in its hands just then. */
const SOON_MS = 1_000;

/**
 * Folds SQLite's WAL into the file and empties it, every `pauseMs` (five minutes), so that what was deleted is gone from the disk: the file itself is
 * overwritten (`secure_delete`), but the WAL keeps older states of its pages until it is written anew, which on a server with little to do may be never.
 * Blocks the thread for two fsyncs and, per MB of WAL, some 4 ms. `dispose` ends it.
 */
export function foldWal(db: Db, log: Log, pauseMs = PAUSE_MS): { dispose: () => void } {
  let timer = setTimeout(run, pauseMs).unref();
  let isOver = false;
  async function run(): Promise<void> {
    const isFolded = await fold(db).catch((error: unknown) => {
      log.warn({ err: error }, 'folding the WAL into the database failed; it is tried again');
      return true;
    });
    if (!isOver) {
      timer = setTimeout(run, isFolded ? pauseMs : Math.min(SOON_MS, pauseMs)).unref();
    }
  }
  return {
    dispose: () => {
      isOver = true;
      clearTimeout(timer);
    },
  };
}

/** False where another connection was reading or writing. */
async function fold(db: Db): Promise<boolean> {
  const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(db);
  return rows[0]?.busy === 0;
}
