import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { API_PREFIX } from '@2t1l/contract/endpoints';
import { expect, test } from 'vitest';
import { blobsContract } from '../../test/contracts/blobs.ts';
import { fileOf } from '../../test/file-of.ts';
import type { Clock } from '../ports.ts';
import { diskBlobs, incomingFolder } from './disk-blobs.ts';
import { derivedKeys } from './file-keys.ts';
import { systemClock } from './system.ts';

const keys = derivedKeys([{ id: 'a', secret: 'a secret of tests' }]);

async function make(clock: Clock) {
  const root = await mkdtemp(join(tmpdir(), '2t1l-blobs-'));
  return { root, blobs: diskBlobs(root, { keys, clock }), [Symbol.asyncDispose]: () => rm(root, { recursive: true }) };
}

blobsContract('disk', make);

test('addresses stand below the prefix of the contract', async () => {
  await using held = await make(systemClock);
  expect(held.blobs.url('ab'.repeat(32), 'video/mp4').startsWith(`${API_PREFIX}/blobs/${'ab'.repeat(32)}?`)).toBe(true);
});

test('an old key still verifies, an unknown one does not', async () => {
  await using held = await make(systemClock);
  const hash = 'ab'.repeat(32);
  const query = Object.fromEntries(new URL(held.blobs.url(hash, 'image/jpeg'), 'http://localhost').searchParams);
  const rotated = derivedKeys([
    { id: 'b', secret: 'a newer secret' },
    { id: 'a', secret: 'a secret of tests' },
  ]);
  expect(diskBlobs(held.root, { keys: rotated, clock: systemClock }).verify(hash, query)).toBe('image/jpeg');
  const dropped = derivedKeys([{ id: 'b', secret: 'a newer secret' }]);
  expect(diskBlobs(held.root, { keys: dropped, clock: systemClock }).verify(hash, query)).toBeNull();
});

const otherDevice = await stat('/dev/shm').then(
  async (found) => found.dev !== (await stat(tmpdir())).dev,
  () => false,
);

test.runIf(otherDevice)('a file from another filesystem is moved too, and nothing is left beside', async () => {
  await using held = await make(systemClock);
  await using file = await fileOf(Buffer.alloc(2_000_000, 3), '/dev/shm');
  await held.blobs.put(file.path, file.hash);
  expect(await buffer(await held.blobs.read(file.hash))).toEqual(file.bytes);
  await expect(stat(file.path)).rejects.toThrow('ENOENT');
  expect(await readdir(incomingFolder(held.root))).toEqual([]);
});

test('a kill in the middle of puts leaves only whole blobs', async () => {
  await using held = await make(systemClock);
  const child = fork(new URL('../../test/children/put-blobs.ts', import.meta.url), [held.root]);
  await once(child, 'message');
  await new Promise((wait) => setTimeout(wait, 150));
  child.kill('SIGKILL');
  await once(child, 'exit');
  const names = (await readdir(held.root, { recursive: true })).filter((name) => /[0-9a-f]{64}$/.test(name));
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) {
    const hash = name.slice(-64);
    expect(
      createHash('sha256')
        .update(await readFile(join(held.root, name)))
        .digest('hex'),
    ).toBe(hash);
  }
});
