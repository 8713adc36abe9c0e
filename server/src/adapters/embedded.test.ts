import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildPorts, silentLog } from '../../test/ports.ts';
import { parseConfig } from '../config.ts';
import { transact } from '../store/transact.ts';
import { buildEmbedded } from './embedded.ts';

test('a first start makes everything, closed to others', async () => {
  await using ports = await buildPorts();
  for (const path of [ports.config.database_path, join(ports.data_dir, 'secret.key')]) {
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  }
  for (const path of [ports.folders.uploads, ports.folders.work, join(ports.data_dir, 'blobs')]) {
    expect((await stat(path)).mode & 0o777).toBe(0o700);
  }
  expect(await ports.db.selectFrom('users').selectAll().execute()).toEqual([]);
});

test('two servers on one folder, started at once, share data and keys', async () => {
  const data_dir = await mkdtemp(join(tmpdir(), '2t1l-'));
  try {
    const config = parseConfig({ NODE_ENV: 'test', DATA_DIR: data_dir });
    const [one, two] = await Promise.all([buildEmbedded(config, { log: silentLog }), buildEmbedded(config, { log: silentLog })]);
    await using _one = one;
    await using _two = two;
    expect(one.keys.key('access-token', one.keys.current)).toEqual(two.keys.key('access-token', one.keys.current));
    await transact(one.db, (tx) => one.jobs.add(tx, { kind: 'sweep', payload: {} }));
    expect(await two.db.selectFrom('jobs').select('kind').execute()).toMatchObject([{ kind: 'sweep' }]);
  } finally {
    await rm(data_dir, { recursive: true });
  }
});

test('a folder that cannot be made is named', async () => {
  const config = parseConfig({ NODE_ENV: 'test', DATA_DIR: '/dev/null/data' });
  await expect(buildEmbedded(config, { log: silentLog })).rejects.toThrow('/dev/null/data');
});
