import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { expect, test } from 'vitest';
import { buildChallenge, buildPlayer } from '../../test/factories.ts';
import { buildPorts } from '../../test/ports.ts';
import { openSqlite } from '../adapters/sqlite.ts';
import { takeGuess } from '../flow/take-guess.ts';
import { migrate } from './migrate.ts';
import { up as countPlays } from './migrations/0010-play-stats.ts';

async function emptyFile() {
  const folder = await mkdtemp(join(tmpdir(), '2t1l-migrate-'));
  const path = join(folder, 'app.db');
  const db = openSqlite(path);
  return {
    path,
    db,
    async [Symbol.asyncDispose]() {
      await db.destroy();
      await rm(folder, { recursive: true });
    },
  };
}

test('makes every table, and nothing the second time', async () => {
  await using held = await emptyFile();
  await migrate(held.db);
  const shape = () => sql<{ name: string; sql: string }>`select name, sql from sqlite_schema order by name`.execute(held.db);
  const first = await shape();
  await migrate(held.db);
  expect(await shape()).toEqual(first);
  const names = first.rows.map((row) => row.name);
  for (const name of [
    'users',
    'challenges',
    'challenge_responses',
    'idx_challenges_user_id',
    'idx_challenges_status',
    'idx_challenge_responses_challenge_id',
  ]) {
    expect(names).toContain(name);
  }
});

test('every table of ours is strict', async () => {
  await using held = await emptyFile();
  await migrate(held.db);
  const { rows } = await sql<{ name: string; strict: number }>`
    select name, strict from pragma_table_list where schema = 'main' and type = 'table' and name not like 'sqlite_%' and name not like 'kysely_%'
  `.execute(held.db);
  expect(rows.length).toBe(17);
  expect(rows.filter(({ strict }) => strict !== 1)).toEqual([]);
});

test('four processes that start at once migrate once', async () => {
  await using held = await emptyFile();
  const children = Array.from({ length: 4 }, () => fork(new URL('../../test/children/migrate.ts', import.meta.url), [held.path]));
  const ended = children.map((child) => once(child, 'exit'));
  await Promise.all(children.map((child) => once(child, 'message')));
  for (const child of children) {
    child.send('go');
  }
  expect(await Promise.all(ended)).toEqual(children.map(() => [0, null]));
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(held.db);
  expect(rows).toHaveLength((await readdir(new URL('migrations', import.meta.url))).length);
});

test('a database of a later version is left as it is, and said to be one', async () => {
  await using held = await emptyFile();
  await migrate(held.db);
  await sql`insert into kysely_migration values ('9999-later', '2030-01-01')`.execute(held.db);
  await expect(migrate(held.db)).rejects.toThrow('another version of this program');
});

test('a migration that fails leaves nothing behind', async () => {
  await using held = await emptyFile();
  await sql`create table uploads (in_the_way text)`.execute(held.db);
  await expect(migrate(held.db)).rejects.toThrow('uploads');
  const { rows } = await sql<{ name: string }>`select name from sqlite_schema where name = 'users'`.execute(held.db);
  expect(rows).toEqual([]);
});

test('guesses from before are counted into the players’ statistics', async () => {
  await using ports = await buildPorts();
  const { db } = ports;
  const author = await buildPlayer(ports);
  const detector = await buildPlayer(ports);
  for (const [guess, confidence] of [
    [1, 0.8],
    [0, 0.85],
    [1, undefined],
    [2, 1 / 3],
    [1, 1],
  ] as const) {
    const { id } = await buildChallenge(ports, { status: 'published', lie_index: 1, author_id: author.id });
    await takeGuess({ challenge_id: id, player_id: detector.id, guess, confidence }, ports);
  }
  const counted = async () => ({
    bins: await db.selectFrom('calibration_bins').selectAll().orderBy('bin').execute(),
    correct: await db.selectFrom('challenge_responses').select('correct').orderBy('id').execute(),
  });
  const before = await counted();
  expect(before.bins.map(({ bin, guesses, correct }) => [bin, guesses, correct])).toEqual([
    [0, 1, 0],
    [3, 1, 1],
    [5, 2, 1],
    [6, 1, 1],
  ]);
  for (const undo of [
    'drop index idx_challenge_responses_user_id',
    'alter table challenge_responses drop column correct',
    'drop table calibration_bins',
    'drop index idx_challenges_unguessed',
    'drop index idx_challenges_author',
  ]) {
    await sql.raw(undo).execute(db);
  }
  await countPlays(db as unknown as Kysely<unknown>);
  expect(await counted()).toEqual(before);
});
