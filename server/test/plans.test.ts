/** The cost of a request must not grow with the tables: every query that a whole life of the game sends is asked for its plan. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openSqlite } from '../src/adapters/sqlite.ts';
import { givenUp, handlers } from '../src/flow/handlers.ts';
import { beginSweeping } from '../src/flow/sweep.ts';
import { tellDigests } from '../src/flow/tell-player.ts';
import type { Ports, Push } from '../src/ports.ts';
import { buildApp } from '../src/routes/app.ts';
import { clipPath } from './clips.ts';
import { countingModels } from './counting-models.ts';
import { buildPorts } from './ports.ts';

/** Walks through whole tables that are meant, by a part of their text, each with the reason. */
const ALLOWED: Readonly<Record<string, string>> = {
  'from "kysely_migration': 'a handful of rows, at the start',
  'from "sqlite_master"': 'the schema, at the start',
  'coalesce(max(id), 0)': 'the end of the primary key',
  'update challenge_responses set correct = coalesce(': 'a migration, once',
  'insert into calibration_bins (user_id, bin, guesses, correct, confidence)\n': 'a migration, once',
  'as "own" inner join "answers"': 'the newest 200 challenges of one author',
  'insert into keyed_responses': 'a migration, once, into a table that has another name afterwards',
  'tells.counted = 0 and tells.strongest_index is not null': 'an index of the few that are not counted yet, from its oldest on',
};

/** Sorts are found as well: of all that an index gives. These are of what is at work just now. */
const SORTED = ['from "challenges" where "status" in (?, ?, ?) order by "updated_at"', 'and "lease_until" <= ? order by "lease_until"'];

test('no query of a whole life walks through a table', async () => {
  const folder = await mkdtemp(join(tmpdir(), '2t1l-plans-'));
  const seen = new Map<string, readonly unknown[]>();
  const db = openSqlite(join(folder, 'app.db'), { log: ({ query }) => void seen.set(query.sql, query.parameters) });
  try {
    await using ports = await buildPorts({ db, push: silentPush, analysis: countingModels().port });
    await live(ports, ports.config);
    expect(seen.size).toBeGreaterThan(60);
    const walks: string[] = [];
    for (const [text, parameters] of seen) {
      if (!/^(with|select|insert|update|delete)/.test(text) || Object.keys(ALLOWED).some((part) => text.includes(part))) {
        continue;
      }
      const plan = await explain(db, text, parameters);
      const isSorted = plan.some((line) => line.includes('TEMP B-TREE')) && !SORTED.some((part) => text.includes(part));
      if (isSorted || plan.some((line) => /^SCAN (?!CONSTANT)/.test(line))) {
        walks.push(`${plan.join('; ')}\n    ${text}`);
      }
    }
    expect(walks).toEqual([]);
  } finally {
    await db.destroy();
    await rm(folder, { recursive: true });
  }
});

async function explain(db: Ports['db'], text: string, parameters: readonly unknown[]): Promise<string[]> {
  const parts = text.split('?');
  const query = sql.join(
    parts.map((part, index) => (index < parameters.length ? sql`${sql.raw(part)}${parameters[index]}` : sql.raw(part))),
    sql.raw(''),
  );
  const { rows } = await sql<{ detail: string }>`explain query plan ${query}`.execute(db);
  return rows.map(({ detail }) => detail);
}

/** Takes every device and says that it was told. */
const silentPush: Push = {
  kinds: ['expo', 'web'],
  web_key: null,
  takes: () => true,
  send: async () => ({ outcome: 'sent', receipt: 'r' }),
  receipt: async () => ({ outcome: 'gone' }),
};

/** Register, make, publish, find, guess, reveal, delete, log out, and the sweeps. */
async function live(ports: Ports, config: Parameters<typeof buildApp>[1]): Promise<void> {
  await using app = await openApp(ports, config);
  const [author, guesser] = [await app.register('author'), await app.register('guesser')];
  const challenge = (await author('POST', '/challenges', { title: 'Test Challenge', lie_index: 1, statements: ['a', 'b', 'c'] })) as {
    id: string;
  };
  const path = `/challenges/${challenge.id}`;
  const wants = { published: true, failed: true, guessed: true, digest: true };
  for (const token of ['ExponentPushToken[a]', 'ExponentPushToken[b]']) {
    await author('PUT', '/me/push-tokens', { kind: 'expo', token, language: 'en', wants });
  }
  await author('PUT', '/me/consents', { tells: true });
  for (const name of ['good-0.mp4', 'good-1.mp4', 'good-2.mp4'] as const) {
    await author('POST', `${path}/upload`, await readFile(await clipPath(name)));
  }
  await author('PATCH', path, { title: 'Another' });
  const worker = await ports.jobs.work(handlers(ports), givenUp(ports), { concurrency: 2 });
  await beginSweeping(ports);
  await author('POST', `${path}/process`);
  await expect.poll(async () => ((await author('GET', path)) as { status: string }).status, { timeout: 60_000 }).toBe('published');
  // In capitals: the test's own statements are not among those that it looks at.
  const receipts = () => sql`SELECT id FROM jobs WHERE kind = 'push-receipt'`.execute(ports.db);
  await expect.poll(async () => (await receipts()).rows.length).toBe(1);
  const analysis = async () => ((await author('GET', `${path}/analysis`)) as { status: string }).status;
  await expect.poll(analysis, { timeout: 60_000 }).toBe('completed');
  await author('PUT', `${path}/tells`, { segments: [true, false, true] });
  expect(await analysis()).toBe('running');
  await worker.stop();
  await sql`UPDATE push_tokens SET digest_at = '2020-01-01T00:00:00.000Z'`.execute(ports.db);
  await tellDigests(ports);
  for (const address of ['/challenges', '/challenges?limit=1', '/me/challenges', '/me', '/me/sessions', path]) {
    await guesser('GET', address);
    await author('GET', address);
  }
  await guesser('POST', `${path}/guesses`, { guess: 1, confidence: 0.8 });
  await guesser('GET', `${path}/reveal`);
  const lists = ['/me/stats', '/me/guesses', '/players/author', '/challenges?filter=new', '/challenges?filter=unguessed'];
  for (const address of lists) {
    await guesser('GET', address);
    await author('GET', address);
  }
  await guesser('PATCH', '/me', { username: 'renamed' });
  await guesser('PUT', '/me/consents', { tells: false });
  await ports.events.read(challenge.id, 0, 10);
  await ports.events.lastId(challenge.id);
  await author('POST', '/me/push-tokens/test');
  await author('GET', '/me/push-tokens');
  await author('DELETE', path);
  await author('DELETE', '/me/sessions');
  await author('POST', '/auth/logout');
}

async function openApp(ports: Ports, config: Parameters<typeof buildApp>[1]) {
  const app = await buildApp(ports, config);
  const call = (token?: string) => async (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object) => {
    const form = new FormData();
    if (Buffer.isBuffer(body)) {
      form.set('video', new Blob([new Uint8Array(body)], { type: 'video/mp4' }), 'clip.mp4');
    }
    const multipart = Buffer.isBuffer(body) ? new Response(form) : null;
    const response = await app.inject({
      method,
      url: `/api/v1${path}`,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(multipart === null ? {} : { 'content-type': multipart.headers.get('content-type') ?? '' }),
      },
      ...(multipart === null ? (body === undefined ? {} : { payload: body }) : { payload: Buffer.from(await multipart.arrayBuffer()) }),
    });
    expect([method, path, response.statusCode < 300 ? 'fine' : response.body]).toEqual([method, path, 'fine']);
    return response.body === '' ? null : (JSON.parse(response.body) as unknown);
  };
  return {
    async register(username: string) {
      const body = { email: `${username}@example.com`, username, password: 'testpassword', terms: true, birth_year: 1990 };
      const tokens = (await call()('POST', '/auth/register', body)) as { access_token: string; refresh_token: string };
      await call()('POST', '/auth/login', { email: body.email, password: body.password });
      const fresh = (await call()('POST', '/auth/refresh', { refresh_token: tokens.refresh_token })) as { access_token: string };
      return call(fresh.access_token);
    },
    [Symbol.asyncDispose]: () => app.close(),
  };
}
