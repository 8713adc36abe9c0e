import { readFile, stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { buildChallenge } from '../../test/factories.ts';
import { buildPorts, silentLog } from '../../test/ports.ts';
import type { ClipAnalysis } from '../ports.ts';
import { deleteAnalysesOf, insertClipAnalysis, writeAnalysis } from '../store/analyses.ts';
import { transact } from '../store/transact.ts';
import { foldWal } from './fold-wal.ts';
import { openSqlite } from './sqlite.ts';

/** A figure of the person who takes them back; 500 of them fill several pages. */
const FIGURE = 'measured-0.84621973';
const result = { raw: Array(500).fill(FIGURE) } as unknown as ClipAnalysis;
const created_at = '2026-01-01T00:00:00.000Z';

test('what was measured and is taken back is neither in the file nor in its log, while the server runs on', async () => {
  await using ports = await buildPorts();
  const path = ports.config.database_path;
  const { id, author_id } = await buildChallenge(ports);
  await transact(ports.db, async (tx) => {
    const row = { clip_id: 'clip', challenge_id: id, user_id: author_id, source_hash: 'hash', model: 'nets', created_at };
    await insertClipAnalysis(tx, row, result);
    const short = { challenge_id: id, user_id: author_id, strongest_index: null, signals: FIGURE, counted: 0, created_at };
    await writeAnalysis(tx, JSON.stringify(result), short);
  });
  await transact(ports.db, (tx) => deleteAnalysesOf(tx, author_id));
  const traces = async () => {
    const files = await Promise.all([readFile(path), readFile(`${path}-wal`)]);
    return files.map((bytes) => bytes.includes(FIGURE));
  };
  expect((await traces())[1]).toBe(true);

  // Another process that writes just then, and keeps what it has read.
  await using other = openSqlite(path);
  const folding = await transact(other, async (tx) => {
    await tx.updateTable('users').set({ username: 'other' }).where('id', '=', author_id).execute();
    const began = foldWal(ports.db, silentLog, 5);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await stat(`${path}-wal`)).size).toBeGreaterThan(0);
    return began;
  });
  await expect.poll(traces).toEqual([false, false]);
  folding.dispose();
  const user = await ports.db.selectFrom('users').select('username').where('id', '=', author_id).executeTakeFirst();
  expect(user?.username).toBe('other');
});
