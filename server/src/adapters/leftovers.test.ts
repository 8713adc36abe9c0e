import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { silentLog } from '../../test/ports.ts';
import { sweepLeftovers } from './leftovers.ts';

test('what is old goes, what may be in use stays', async () => {
  const folder = await mkdtemp(join(tmpdir(), '2t1l-left-'));
  const old = new Date(Date.now() - 2 * 3_600_000);
  await writeFile(join(folder, 'young'), 'x');
  await writeFile(join(folder, 'old'), 'x');
  await mkdir(join(folder, 'old-folder'));
  await writeFile(join(folder, 'old-folder', 'file'), 'x');
  await utimes(join(folder, 'old'), old, old);
  await utimes(join(folder, 'old-folder'), old, old);
  const sweep = sweepLeftovers(folder, silentLog);
  await expect.poll(() => readdir(folder)).toEqual(['young']);
  sweep.dispose();
  await rm(folder, { recursive: true });
});

test('a folder that is not there is told, not thrown', async () => {
  const told: string[] = [];
  const sweep = sweepLeftovers('/nowhere/at/all', { ...silentLog, warn: (_fields, message) => told.push(message) });
  await expect.poll(() => told).toHaveLength(1);
  sweep.dispose();
});
