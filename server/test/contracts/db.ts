/** What every database must do. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Problem } from '@2t1l/contract/problems';
import { describe, expect, test } from 'vitest';
import type { Db } from '../../src/ports.ts';
import { afterCommit, transact } from '../../src/store/transact.ts';
import { isUniqueViolation } from '../../src/store/unique-violation.ts';
import { userRow } from '../rows.ts';

/** A migrated, empty database; `patienceMs` is how long it waits for a lock, `url` is what another process opens it with. */
export interface DbUnderTest extends AsyncDisposable {
  db: Db;
  url: string;
}

export function dbContract(name: string, make: (options: { patienceMs: number }) => Promise<DbUnderTest>): void {
  const open = () => make({ patienceMs: 10_000 });
  const scoreOf = async (db: Db, id: string) =>
    (await db.selectFrom('users').select('score_sum').where('id', '=', id).executeTakeFirstOrThrow()).score_sum;
  const addToScore = (db: Db, id: string) =>
    transact(db, async (tx) => {
      const { score_sum } = await tx.selectFrom('users').select('score_sum').where('id', '=', id).executeTakeFirstOrThrow();
      await new Promise(setImmediate);
      await tx
        .updateTable('users')
        .set({ score_sum: score_sum + 1 })
        .where('id', '=', id)
        .execute();
    });

  describe(`db: ${name}`, () => {
    test('a transaction is kept whole and its result returned', async () => {
      await using held = await open();
      const result = await transact(held.db, async (tx) => {
        await tx.insertInto('users').values(userRow('a')).execute();
        await tx.insertInto('users').values(userRow('b')).execute();
        return 'done';
      });
      expect(result).toBe('done');
      expect(await held.db.selectFrom('users').select('id').orderBy('id').execute()).toMatchObject([{ id: 'a' }, { id: 'b' }]);
    });

    test('a throw rolls back, and the next transaction is not disturbed', async () => {
      await using held = await open();
      const failing = transact(held.db, async (tx) => {
        await tx.insertInto('users').values(userRow('a')).execute();
        throw new Error('changed my mind');
      });
      await expect(failing).rejects.toThrow('changed my mind');
      await transact(held.db, (tx) => tx.insertInto('users').values(userRow('b')).execute());
      expect(await held.db.selectFrom('users').select('id').execute()).toMatchObject([{ id: 'b' }]);
    });

    test('followers come after the commit, never after a rollback, and cannot spoil it', async () => {
      await using held = await open();
      const told: string[] = [];
      await transact(held.db, async (tx) => {
        await tx.insertInto('users').values(userRow('a')).execute();
        afterCommit(tx, () => {
          throw new Error('a broken follower');
        });
        afterCommit(tx, () => told.push('committed'));
        expect(told).toEqual([]);
      });
      await transact(held.db, async (tx) => {
        afterCommit(tx, () => told.push('rolled back'));
        throw new Error('no');
      }).catch(() => {});
      expect(told).toEqual(['committed']);
    });

    test('50 transactions at once that read and then write lose nothing', async () => {
      await using held = await open();
      await transact(held.db, (tx) => tx.insertInto('users').values(userRow('a')).execute());
      await Promise.all(Array.from({ length: 50 }, () => addToScore(held.db, 'a')));
      expect(await scoreOf(held.db, 'a')).toBe(50);
    });

    test('a read outside sees neither the unfinished transaction nor waits for it', async () => {
      await using held = await open();
      await transact(held.db, async (tx) => {
        await tx.insertInto('users').values(userRow('a')).execute();
        expect(await tx.selectFrom('users').select('id').execute()).toHaveLength(1);
        expect(await held.db.selectFrom('users').select('id').execute()).toHaveLength(0);
      });
      expect(await held.db.selectFrom('users').select('id').execute()).toHaveLength(1);
    });

    test('a write outside its own transaction waits, and in the end says so', async () => {
      await using held = await make({ patienceMs: 100 });
      const write = (id: string) => held.db.insertInto('users').values(userRow(id)).execute();
      const waitingForItself = transact(held.db, () => write('a'));
      await expect(waitingForItself).rejects.toBeInstanceOf(Problem);
      await expect(waitingForItself).rejects.toMatchObject({ code: 'busy' });
      await write('b');
      expect(await held.db.selectFrom('users').select('id').execute()).toMatchObject([{ id: 'b' }]);
    });

    test('a broken unique key is told with its column, other errors are not taken for it', async () => {
      await using held = await open();
      const insert = (id: string, key: string) => held.db.insertInto('users').values(userRow(id, key)).execute();
      await insert('a', 'anna');
      const sameId = await insert('a', 'otto').catch((error: unknown) => error);
      const sameName = await held.db
        .insertInto('users')
        .values({ ...userRow('b', 'anna'), email_key: null })
        .execute()
        .catch((error: unknown) => error);
      expect([isUniqueViolation(sameId), isUniqueViolation(sameId, 'id'), isUniqueViolation(sameId, 'username_key')]).toEqual([
        true,
        true,
        false,
      ]);
      expect([isUniqueViolation(sameName, 'username_key'), isUniqueViolation(sameName, 'users.username_key')]).toEqual([true, true]);
      expect([isUniqueViolation(sameName, 'email_key'), isUniqueViolation(sameName, 'key')]).toEqual([false, false]);
      const foreign = await held.db
        .insertInto('sessions')
        .values({ id: 's', user_id: 'nobody', user_agent: null, created_at: '', last_used_at: '', ended_at: null })
        .execute()
        .catch((error: unknown) => error);
      expect(foreign).toBeInstanceOf(Error);
      expect(isUniqueViolation(foreign)).toBe(false);
    });

    test('a fraction in an integer column is refused', async () => {
      await using held = await open();
      const insert = held.db
        .insertInto('users')
        .values({ ...userRow('a'), score_sum: 0.5 })
        .execute();
      await expect(insert).rejects.toThrow();
    });

    test('two processes that read and then write lose nothing, and neither stands still for the other', async () => {
      await using held = await open();
      await transact(held.db, (tx) => tx.insertInto('users').values(userRow('a')).execute());
      const child = fork(new URL('../children/add-to-score.ts', import.meta.url), [held.url, 'a', '200']);
      const ended = once(child, 'exit');
      await once(child, 'message');
      child.send('go');
      let longestMs = 0;
      for (let count = 0; count < 200; count += 1) {
        const start = performance.now();
        await addToScore(held.db, 'a');
        longestMs = Math.max(longestMs, performance.now() - start);
      }
      expect(await ended).toEqual([0, null]);
      expect(await scoreOf(held.db, 'a')).toBe(400);
      expect(longestMs).toBeLessThan(5_000);
    });
  });
}
