/** Files of uploads that a kill or a client that never came back has left behind. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ports } from '../ports.ts';
import { knownUploads } from '../store/old-rows.ts';
import { HOUR } from './times.ts';

/** Longer than any form upload takes. */
const LEFT_BEHIND = 2 * HOUR;
/** Known ids are asked for so many at once. */
const ASK_MAX = 500;

/** Deletes what nothing has written to for two hours, but not the file of a resumable upload that may still go on. */
export async function sweepUploadFiles({ db, folders, clock }: Pick<Ports, 'db' | 'folders' | 'clock'>): Promise<void> {
  const old = await untouched(folders.uploads, clock.now() - LEFT_BEHIND);
  for (let from = 0; from < old.length; from += ASK_MAX) {
    const some = old.slice(from, from + ASK_MAX);
    const known = await knownUploads(db, some);
    for (const name of some.filter((name) => !known.has(name))) {
      await rm(join(folders.uploads, name), { recursive: true, force: true });
    }
  }
}

async function untouched(folder: string, before: number): Promise<string[]> {
  const old: string[] = [];
  for (const name of await readdir(folder)) {
    const found = await stat(join(folder, name)).catch(() => null);
    if (found !== null && found.mtimeMs < before) {
      old.push(name);
    }
  }
  return old;
}
