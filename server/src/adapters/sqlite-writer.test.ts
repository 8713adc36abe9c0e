import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { expect, test, vi } from 'vitest';
import { userRow } from '../../test/rows.ts';
import type { Tx } from '../ports.ts';
import { migrate } from '../store/migrate.ts';
import { afterCommit, transact } from '../store/transact.ts';
import { openSqlite } from './sqlite.ts';
import { SqliteFile } from './sqlite-file.ts';

/** `others` is what another connection sees: nothing but what is committed. */
async function make() {
  const folder = await mkdtemp(join(tmpdir(), '2t1l-'));
  const path = join(folder, 'app.db');
  const db = openSqlite(path, { patienceMs: 5_000 });
  await migrate(db);
  const other = new DatabaseSync(path);
  const add = (id: string) => transact(db, (tx) => insert(tx, id));
  return {
    db,
    path,
    add,
    others: () =>
      other
        .prepare('select id from users order by id')
        .all()
        .map((row) => row.id),
    async [Symbol.asyncDispose]() {
      other.close();
      await db.destroy();
      await rm(folder, { recursive: true });
    },
  };
}

async function insert(tx: Tx, id: string): Promise<void> {
  await tx.insertInto('users').values(userRow(id)).execute();
}

const ids = (count: number) => Array.from({ length: count }, (_, index) => `u${String(index).padStart(2, '0')}`);

test('transactions that come together share a commit, and nobody hears of theirs before it', async () => {
  await using held = await make();
  const run = vi.spyOn(SqliteFile.prototype, 'run');
  const early: string[] = [];
  await Promise.all(
    ids(30).map(async (id) => {
      await transact(held.db, async (tx) => {
        await insert(tx, id);
        afterCommit(tx, () => early.push(...(held.others().includes(id) ? [] : [`${id} follower`])));
        early.push(...(held.others().includes(id) ? [`${id} seen`] : []));
      });
      early.push(...(held.others().includes(id) ? [] : [id]));
    }),
  );
  const commits = run.mock.calls.filter(([query]) => query.sql === 'commit').length;
  run.mockRestore();
  expect(early).toEqual([]);
  expect(held.others()).toEqual(ids(30));
  expect(commits).toBeGreaterThan(0);
  expect(commits).toBeLessThan(5);
});

test('one that fails takes nothing of the others with it', async () => {
  await using held = await make();
  const outcomes = await Promise.allSettled([
    held.add('a'),
    transact(held.db, async (tx) => {
      await insert(tx, 'b');
      throw new Error('changed my mind');
    }),
    held.add('a'),
    held.add('c'),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
  expect(held.others()).toEqual(['a', 'c']);
});

test('a commit that fails fails all of them, keeps nothing, and the next is not disturbed', async () => {
  await using held = await make();
  const outcomes = await Promise.allSettled([
    held.add('a'),
    transact(held.db, async (tx) => {
      // Looked at by the commit alone.
      await sql`pragma defer_foreign_keys = on`.execute(tx);
      await tx
        .insertInto('sessions')
        .values({ id: 's', user_id: 'nobody', user_agent: null, created_at: '', last_used_at: '', ended_at: null })
        .execute();
    }),
    held.add('b'),
  ]);
  expect(outcomes).toMatchObject(Array(3).fill({ status: 'rejected', reason: { message: expect.stringContaining('FOREIGN KEY') } }));
  expect(held.others()).toEqual([]);
  await held.add('c');
  expect(held.others()).toEqual(['c']);
});

test('where SQLite ends the transaction by itself, those that wait for the commit hear of it', async () => {
  await using held = await make();
  const outcomes = await Promise.allSettled([
    held.add('a'),
    transact(held.db, async (tx) => {
      await sql`rollback`.execute(tx);
    }),
    held.add('b'),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  expect(held.others()).toEqual(['b']);
});

test('a full disk in the middle: what was said to be kept is kept, and nothing else', async () => {
  await using held = await make();
  await sql`pragma max_page_count = 80`.execute(held.db);
  const names = ids(60).map((id) => id.repeat(300));
  const outcomes = await Promise.allSettled(names.map((name) => held.add(name)));
  const kept = names.filter((_, index) => outcomes[index]?.status === 'fulfilled');
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.every(({ reason }) => reason.code === 'storage_full')).toBe(true);
  expect(held.others()).toEqual(kept);
  await sql`pragma max_page_count = 10000`.execute(held.db);
  await held.add('later');
  expect(held.others()).toContain('later');
});

test('a statement of its own ends the group first, and closing commits what is open', async () => {
  await using held = await make();
  const adding = held.add('a');
  const alone = held.db.insertInto('users').values(userRow('b')).execute();
  await Promise.all([adding, alone]);
  expect(held.others()).toEqual(['a', 'b']);
  let closing: Promise<void> | undefined;
  await transact(held.db, async (tx) => {
    closing = held.db.destroy();
    await insert(tx, 'c');
  });
  await closing;
  expect(held.others()).toEqual(['a', 'b', 'c']);
});

test('a transaction that takes long does not keep the next group from beginning after it', async () => {
  await using held = await make();
  const slow = transact(held.db, async (tx) => {
    await insert(tx, 'slow');
    for (let turn = 0; turn < 5; turn += 1) {
      await new Promise(setImmediate);
    }
  });
  await Promise.all([held.add('a'), slow, held.add('b'), held.add('c')]);
  expect(held.others()).toEqual(['a', 'b', 'c', 'slow']);
});

test('another process gets its turn while groups follow one another here', async () => {
  await using held = await make();
  await held.add('player');
  const child = fork(new URL('../../test/children/add-to-score.ts', import.meta.url), [held.path, 'player', '100']);
  const ended = once(child, 'exit');
  await once(child, 'message');
  child.send('go');
  let isOver = false;
  ended.then(() => {
    isOver = true;
  });
  const one = () =>
    transact(held.db, async (tx) => {
      const { score_sum } = await tx.selectFrom('users').select('score_sum').where('id', '=', 'player').executeTakeFirstOrThrow();
      await tx
        .updateTable('users')
        .set({ score_sum: score_sum + 1 })
        .execute();
    });
  let own = 0;
  for (; own < 400 || !isOver; own += 10) {
    await Promise.all(Array.from({ length: 10 }, one));
  }
  expect(await ended).toEqual([0, null]);
  expect(await held.db.selectFrom('users').select('score_sum').execute()).toEqual([{ score_sum: own + 100 }]);
});
