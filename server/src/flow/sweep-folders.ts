/** Local files that a kill has left behind. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ports } from '../ports.ts';
import { knownUploads } from '../store/old-rows.ts';
import { HOUR } from './times.ts';

/** Longer than any step or form upload takes. */
const LEFT_BEHIND = 2 * HOUR;
/** Known ids are asked for so many at once. */
const ASK_MAX = 500;

/** Deletes work folders and uploads that nothing has touched for two hours, but not a resumable upload that may still go on. */
export async function sweepFolders({ db, folders, clock }: Pick<Ports, 'db' | 'folders' | 'clock'>): Promise<void> {
  const before = clock.now() - LEFT_BEHIND;
  await removeAll(await untouched(folders.work, before));
  const uploads = await untouched(folders.uploads, before);
  for (let from = 0; from < uploads.length; from += ASK_MAX) {
    const some = uploads.slice(from, from + ASK_MAX);
    const known = await knownUploads(
      db,
      some.map((entry) => entry.name),
    );
    await removeAll(some.filter((entry) => !known.has(entry.name)));
  }
}

interface Entry {
  name: string;
  path: string;
}

async function untouched(folder: string, before: number): Promise<Entry[]> {
  const old: Entry[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found !== null && found.mtimeMs < before) {
      old.push({ name, path });
    }
  }
  return old;
}

async function removeAll(entries: readonly Entry[]): Promise<void> {
  for (const { path } of entries) {
    await rm(path, { recursive: true, force: true });
  }
}
