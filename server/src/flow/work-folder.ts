/** A folder for the files of one run of a step. */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ports } from '../ports.ts';

export interface WorkFolder extends AsyncDisposable {
  path: string;
}

/** Made anew; deleted with all it holds when it is disposed of. */
export async function workFolder(step: string, { folders }: Pick<Ports, 'folders'>): Promise<WorkFolder> {
  const path = await mkdtemp(join(folders.work, `${step}-`));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
