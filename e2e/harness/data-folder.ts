/** What lies in a server's data folder, without knowing how it is laid out. */
import { readdir, readFile } from 'node:fs/promises';
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

/** Every byte below the folder, the database and its log included, as text of one character a byte. */
export async function bytesIn(dataDir: string): Promise<string> {
  const entries = await readdir(dataDir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  // A file may have been let go since.
  return (await Promise.all(files.map((file) => readFile(file, 'latin1').catch(() => '')))).join('\n');
}

/** The server's SQLite file. */
export async function databaseIn(dataDir: string): Promise<string> {
  const names = await readdir(dataDir);
  const name = names.find((file) => DATABASE.test(file) && !/-(wal|shm|journal)$/.test(file));
  if (name === undefined) {
    throw new Error(`no database among ${names.join(', ')}`);
  }
  return join(dataDir, name);
}

/** Asks the server's SQLite file, which may be in use, for rows. */
export async function rowsOf<T>(dataDir: string, sql: string, ...values: (string | number)[]): Promise<T[]> {
  const db = new DatabaseSync(await databaseIn(dataDir), { readOnly: true, timeout: 5000 });
  try {
    return db.prepare(sql).all(...values) as T[];
  } finally {
    db.close();
  }
}
