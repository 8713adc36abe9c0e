import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { dbContract } from '../../test/contracts/db.ts';
import { userRow } from '../../test/rows.ts';
import { migrate } from '../store/migrate.ts';
import { transact } from '../store/transact.ts';
import { openSqlite } from './sqlite.ts';

async function make({ patienceMs }: { patienceMs: number }) {
  const folder = await mkdtemp(join(tmpdir(), '2t1l-'));
  const url = join(folder, 'app.db');
  const db = openSqlite(url, { patienceMs });
  await migrate(db);
  return {
    db,
    url,
    async [Symbol.asyncDispose]() {
      await db.destroy();
      await rm(folder, { recursive: true });
    },
  };
}

dbContract('sqlite', make);

test('a full disk is a problem that says so, changes nothing, and passes', async () => {
  await using held = await make({ patienceMs: 1_000 });
  const { db } = held;
  await sql`pragma max_page_count = 70`.execute(db);
  let count = 0;
  const fill = async () => {
    for (; count < 2_000; count += 1) {
      await transact(db, (tx) =>
        tx
          .insertInto('users')
          .values(userRow(`u${count}`))
          .execute(),
      );
    }
  };
  await expect(fill()).rejects.toMatchObject({ code: 'storage_full' });
  expect(count).toBeGreaterThan(0);
  expect(await db.selectFrom('users').select('id').execute()).toHaveLength(count);
  await sql`pragma max_page_count = 10000`.execute(db);
  await transact(db, (tx) => tx.insertInto('users').values(userRow('later')).execute());
});

test('a transaction that SQLite has ended by itself takes no more statements', async () => {
  await using held = await make({ patienceMs: 1_000 });
  const { db } = held;
  const outcome = transact(db, async (tx) => {
    await tx.insertInto('users').values(userRow('a')).execute();
    await sql`rollback`.execute(tx);
    await tx.insertInto('users').values(userRow('b')).execute();
  });
  await expect(outcome).rejects.toThrow('rolled this transaction back');
  expect(await db.selectFrom('users').select('id').execute()).toEqual([]);
});

test('the file is in WAL mode with foreign keys on and synchronous NORMAL', async () => {
  await using held = await make({ patienceMs: 1_000 });
  const pragma = async (name: string) =>
    Object.values((await sql.raw<Record<string, unknown>>(`pragma ${name}`).execute(held.db)).rows[0] ?? {})[0];
  expect([await pragma('journal_mode'), await pragma('foreign_keys'), await pragma('synchronous')]).toEqual(['wal', 1, 1]);
});

test('what is deleted is overwritten', async () => {
  await using held = await make({ patienceMs: 1_000 });
  // Short enough to lie in a row of its page, and long enough for pages of its own.
  for (const length of [5, 2_000]) {
    const word = `measured-${length}`;
    await transact(held.db, (tx) =>
      tx
        .insertInto('users')
        .values({ ...userRow(word), username: word.repeat(length) })
        .execute(),
    );
    await transact(held.db, (tx) => tx.deleteFrom('users').where('id', '=', word).execute());
  }
  // Folds the WAL in.
  await held.db.destroy();
  expect((await readFile(held.url)).includes('measured-')).toBe(false);
});

test('reading row by row is refused, since it would hold everybody at an old state', async () => {
  await using held = await make({ patienceMs: 1_000 });
  const stream = async () => {
    for await (const _row of held.db.selectFrom('users').select('id').stream()) {
      // never reached
    }
  };
  await expect(stream()).rejects.toThrow('page by page');
});

test('after kill -9 everything that was committed is there, and the file is sound', async () => {
  await using held = await make({ patienceMs: 5_000 });
  const child = fork(new URL('../../test/children/commit-and-tell.ts', import.meta.url), [held.url]);
  let last = -1;
  child.on('message', (count) => {
    last = Number(count);
  });
  await expect.poll(() => last, { timeout: 10_000 }).toBeGreaterThan(200);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const rows = await held.db.selectFrom('users').select('id').execute();
  expect(rows.length).toBeGreaterThan(last);
  expect((await sql<{ integrity_check: string }>`pragma integrity_check`.execute(held.db)).rows).toMatchObject([{ integrity_check: 'ok' }]);
});
