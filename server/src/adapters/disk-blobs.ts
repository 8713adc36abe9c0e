/** Blobs on a local disk: `ab/abcdef…`, the name being the SHA-256 of the content. A name is there with its whole content or not at all. */
import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, open, rename, rm, stat, unlink, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Problem } from '@2t1l/contract/problems';
import type { Blobs, Clock, Keys } from '../ports.ts';
import { blobUrls } from './blob-url.ts';
import { errnoOf, translateDiskError } from './disk-errors.ts';

/** Keeps blobs below `root`, a folder of its own. */
export function diskBlobs(root: string, { keys, clock }: { keys: Keys; clock: Clock }): Blobs {
  return {
    async put(path, hash) {
      const target = pathOf(root, hash);
      try {
        await place(root, path, target);
      } catch (error) {
        // A step that runs again after a kill finds its file in the store already.
        if (errnoOf(error) === 'ENOENT' && (await touch(target))) {
          return;
        }
        throw translateDiskError(error);
      }
    },
    async fetch(hash) {
      const path = pathOf(root, hash);
      await stat(path).catch(rethrow);
      return path;
    },
    async read(hash, range) {
      const file = await open(pathOf(root, hash)).catch(rethrow);
      return file.createReadStream({ autoClose: true, ...range });
    },
    async stat(hash) {
      const found = await stat(pathOf(root, hash)).catch((error: unknown) => {
        if (errnoOf(error) === 'ENOENT') {
          return null;
        }
        throw error;
      });
      return found === null ? null : { size_bytes: found.size, modified_ms: found.mtimeMs };
    },
    async delete(hash) {
      await rm(pathOf(root, hash), { force: true });
    },
    ...blobUrls({ keys, clock }),
  };
}

/** Where files from another filesystem are copied first; what a kill leaves there may be removed. */
export function incomingFolder(root: string): string {
  return join(root, 'incoming');
}

/**
 * Content first, then the name: the file is on the disk before it gets its name, so that neither a kill nor a power failure
 * leaves a name with less than its content. Takes the place of the same blob, whose age begins anew with it.
 */
async function place(root: string, path: string, target: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now);
  await sync(path);
  const folder = dirname(target);
  if ((await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined) {
    await sync(root);
  }
  try {
    await rename(path, target);
  } catch (error) {
    if (errnoOf(error) !== 'EXDEV') {
      throw error;
    }
    await copyAcross(root, path, target);
  }
  await sync(folder);
}

/** From another filesystem a rename is impossible: copy beside, then rename. */
async function copyAcross(root: string, path: string, target: string): Promise<void> {
  const folder = incomingFolder(root);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const beside = join(folder, randomBytes(8).toString('hex'));
  try {
    await copyFile(path, beside);
    await sync(beside);
    await rename(beside, target);
  } finally {
    await rm(beside, { force: true });
  }
  await unlink(path);
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function touch(path: string): Promise<boolean> {
  const now = new Date();
  return utimes(path, now, now).then(
    () => true,
    () => false,
  );
}

function pathOf(root: string, hash: string): string {
  if (!/^[0-9a-f]{64}$/.test(hash)) {
    throw new Problem('not_found', { detail: 'That is not the name of a blob' });
  }
  return join(root, hash.slice(0, 2), hash);
}

function rethrow(error: unknown): never {
  throw errnoOf(error) === 'ENOENT' ? new Problem('not_found', { cause: error }) : translateDiskError(error);
}
