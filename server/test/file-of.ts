import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file with its hash, in a folder of its own. */
export async function fileOf(bytes: Buffer, parent: string = tmpdir()) {
  const folder = await mkdtemp(join(parent, '2t1l-file-'));
  const path = join(folder, 'file');
  await writeFile(path, bytes);
  const hash = createHash('sha256').update(bytes).digest('hex');
  return { folder, path, bytes, hash, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
