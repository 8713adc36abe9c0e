import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { buildPorts } from '../../test/ports.ts';
import { userRow } from '../../test/rows.ts';
import { prepared } from './prepared.ts';
import { transact } from './transact.ts';

test('a query is built once for each length of its lists, and every call has its own values', async () => {
  await using ports = await buildPorts();
  const { db } = ports;
  let built = 0;
  const namesOf = prepared((on, { ids, role }: { ids: readonly string[]; role: 'guest' | 'player' }) => {
    built += 1;
    return on.selectFrom('users').select('id').where('role', '=', role).where('id', 'in', ids).where('tells', '=', 0).orderBy('id');
  });
  await db
    .insertInto('users')
    .values(['a', 'b', 'c'].map((id) => ({ ...userRow(id), role: 'player' as const, tells: 0 })))
    .execute();
  const call = async (ids: string[], role: 'guest' | 'player' = 'player') => (await namesOf(db, { ids, role })).map((row) => row.id);
  expect(await call(['a', 'b'])).toEqual(['a', 'b']);
  expect(await call(['c', 'b'])).toEqual(['b', 'c']);
  expect(await call(['a', 'b'], 'guest')).toEqual([]);
  expect(built).toBe(1);
  expect(await call(['c'])).toEqual(['c']);
  expect(built).toBe(2);
  expect(await transact(db, (tx) => namesOf(tx, { ids: ['a'], role: 'player' }))).toEqual([{ id: 'a' }]);
  expect(built).toBe(2);
});

test('values that went into a query are data, whatever they say', async () => {
  await using ports = await buildPorts();
  const echo = prepared((on, { text }: { text: string | null }) => on.selectNoFrom(sql<string | null>`${text}`.as('text')));
  for (const text of ["'; drop table users; --", '', null, 'Zoë']) {
    expect(await echo(ports.db, { text })).toEqual([{ text }]);
  }
});
