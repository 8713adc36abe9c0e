/** What lies in a server's data folder, without knowing how it is laid out. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const DATABASE = /\.(db|sqlite)(-wal|-shm|-journal)?$/;

/** Every file below the folder, relative and sorted; the database's own aside. */
export async function filesIn(dataDir: string): Promise<string[]> {
  const entries = await readdir(dataDir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !DATABASE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(dataDir.length + 1))
    .sort();
}

/** Asks the server's SQLite file, which may be in use, for rows. */
export async function rowsOf<T>(dataDir: string, sql: string, ...values: (string | number)[]): Promise<T[]> {
  const names = await readdir(dataDir);
  const name = names.find((file) => DATABASE.test(file) && !/-(wal|shm|journal)$/.test(file));
  if (name === undefined) {
    throw new Error(`no database among ${names.join(', ')}`);
  }
  const db = new DatabaseSync(join(dataDir, name), { readOnly: true });
  try {
    db.exec('pragma busy_timeout = 5000');
    return db.prepare(sql).all(...values) as T[];
  } finally {
    db.close();
  }
}
