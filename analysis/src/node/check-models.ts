import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const MODELS = join(import.meta.dirname, '../../models');
const SUMS = 'SHA256SUMS';

/**
 * Holds every committed model file against `models/SHA256SUMS` (in the form of `sha256sum`) and gives one name for all of them: other weights,
 * another name. Takes about 20 ms. Throws where a file is missing or differs, and says which.
 */
export async function checkModels(folder: string = MODELS): Promise<string> {
  const list = await readFile(join(folder, SUMS), 'utf8');
  for (const line of list.trim().split('\n')) {
    const [expected, file = ''] = line.split(/\s+/);
    if ((await sumOf(join(folder, file))) !== expected) {
      throw new Error(`analysis/models/${file} is damaged: its SHA-256 is not the one in ${SUMS}`);
    }
  }
  return `models-${createHash('sha256').update(list).digest('hex').slice(0, 12)}`;
}

/** Writes `SHA256SUMS` anew, after a training. */
export async function sumModels(folder: string = MODELS): Promise<void> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => /\.(json|bin)$/.test(file)).sort();
  const lines = await Promise.all(files.map(async (file) => `${await sumOf(join(folder, file))}  ${file}\n`));
  await writeFile(join(folder, SUMS), lines.join(''));
}

async function sumOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}
