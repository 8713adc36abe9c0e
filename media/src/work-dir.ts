/** A folder of one's own beside what is to be written. */
import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { translateError } from './ffmpeg-errors.ts';

/** Makes a new folder in `parent`, which is made too if it is missing; whoever asks for it removes it. Throws DiskFullError where there is no room for a name. */
export async function makeWorkDir(parent: string, prefix: string): Promise<string> {
  try {
    await mkdir(parent, { recursive: true });
    return await mkdtemp(join(parent, prefix));
  } catch (error) {
    throw translateError(error);
  }
}
