import { fork } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { buildTestApp, type TestApp } from '../../test/app.ts';
import { buildChallenge } from '../../test/factories.ts';
import { fakeClock } from '../../test/ports.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const create = (at: TestApp, token: string, key: string, body: unknown = { title: 'One' }) =>
  at.call('POST', '/api/v1/challenges', { token, body, headers: { 'idempotency-key': key } });
const count = async (at: TestApp) => (await at.ports.db.selectFrom('challenges').select('id').execute()).length;

test('a repetition gets the first answer and does nothing, for 24 h', async () => {
  const clock = fakeClock();
  await using at = await buildTestApp({ clock }, { TOKEN_MINUTES: '1440' });
  const { access_token: token } = await at.guest();
  const first = await create(at, token, 'k1');
  expect(first.headers['idempotency-replayed']).toBeUndefined();
  clock.pass(23 * HOUR);
  const second = await create(at, token, 'k1');
  expect([second.statusCode, second.body]).toEqual([first.statusCode, first.body]);
  expect(second.headers['idempotency-replayed']).toBe('true');
  expect(await count(at)).toBe(1);
  clock.pass(HOUR - 60 * SECOND);
  await create(at, token, 'k1');
  expect(await count(at)).toBe(1);
});

test('nothing is kept of what was deleted: a repetition finds it gone, and makes no other', async () => {
  await using at = await buildTestApp();
  const { access_token: token } = await at.guest();
  const body = { title: 'Gone', story: 'gone too' };
  const { id } = (await create(at, token, 'k1', body)).json<{ id: string }>();
  await create(at, token, 'k2', { title: 'Stays' });
  expect((await at.call('DELETE', `/challenges/${id}`, { token })).statusCode).toBe(204);
  const kept = await at.ports.db.selectFrom('idempotency_keys').select('body').orderBy('key').execute();
  expect(kept).toEqual([{ body: null }, { body: expect.stringContaining('Stays') }]);
  expect((await create(at, token, 'k1', body)).json()).toMatchObject({ status: 404, code: 'challenge_not_found' });
  expect(await count(at)).toBe(2);
});

test('after 24 h the key is free', async () => {
  const clock = fakeClock();
  await using at = await buildTestApp({ clock }, { TOKEN_MINUTES: '1440' });
  const guest = await at.guest();
  await create(at, guest.access_token, 'k1');
  clock.pass(24 * HOUR);
  const { access_token } = (await at.call('POST', '/auth/refresh', { body: { refresh_token: guest.refresh_token } })).json();
  expect((await create(at, access_token, 'k1', { title: 'Two' })).statusCode).toBe(201);
  expect(await count(at)).toBe(2);
});

test('the same key with another body, or on another call, is a conflict; another player’s key is their own', async () => {
  await using at = await buildTestApp();
  const [anna, bert] = [await at.guest(), await at.guest()];
  const first = await create(at, anna.access_token, 'k1');
  expect((await create(at, anna.access_token, 'k1', { title: 'Two' })).json()).toMatchObject({ status: 409, code: 'idempotency_conflict' });
  const guess = await at.call('POST', `/api/v1/challenges/${first.json().id}/guesses`, {
    token: anna.access_token,
    body: { guess: 1 },
    headers: { 'idempotency-key': 'k1' },
  });
  expect(guess.json().code).toBe('idempotency_conflict');
  const other = await create(at, bert.access_token, 'k1');
  expect(other.json().id).not.toBe(first.json().id);
});

test('requests with one key at once make one challenge and get the same answer', async () => {
  await using at = await buildTestApp();
  const { access_token } = await at.guest();
  const answers = await Promise.all(Array.from({ length: 8 }, () => create(at, access_token, 'k1')));
  expect(await count(at)).toBe(1);
  expect(new Set(answers.map((answer) => `${answer.statusCode} ${answer.body}`)).size).toBe(1);
  expect(answers[0]?.statusCode).toBe(201);
});

test('guesses with one key at once are one guess', async () => {
  await using at = await buildTestApp();
  const { id } = await buildChallenge(at.ports, { status: 'published' });
  const { access_token: token } = await at.guest();
  const guess = (key?: string) =>
    at.call('POST', `/api/v1/challenges/${id}/guesses`, {
      token,
      body: { guess: 1 },
      headers: key === undefined ? {} : { 'idempotency-key': key },
    });
  const answers = await Promise.all(Array.from({ length: 8 }, () => guess('k1')));
  expect(answers.map((answer) => [answer.statusCode, answer.json().reveal?.crowd.guesses])).toEqual(Array(8).fill([201, 1]));
  expect(answers[0]?.json()).toMatchObject({ correct: true, reveal: { crowd: { guesses: 1 } } });
  for (const other of [await guess('k2'), await guess()]) {
    expect(other.json().code).toBe('already_guessed');
  }
});

/** Where each kind of request is killed: after the commit of its work, before or while its answer is stored. */
const DEATHS = [
  ['a challenge', 'created but not looked at', 'from "challenges" inner join "users"'],
  ['a challenge', 'created but not answered', 'insert into "idempotency_keys" .*do update'],
  ['a guess', 'taken but not answered', 'insert into "idempotency_keys" .*do update'],
  ['a publishing', 'done but not answered', 'from "challenges" inner join "users"'],
] as const;

test.each(DEATHS)('kill -9 after %s was %s: the repetition finds it', async (what, _when, pattern) => {
  await using at = await buildTestApp();
  const { access_token: token, player } = await at.account();
  await at.ports.db.updateTable('users').set({ terms_accepted_at: '2026-01-01T00:00:00.000Z', birth_year: 1990 }).execute();
  const { id } = await buildChallenge(at.ports, {
    status: what === 'a publishing' ? 'ready' : 'published',
    ...(what === 'a publishing' ? { author_id: player.id } : {}),
  });
  const before = await count(at);
  const requests = {
    'a challenge': ['/api/v1/challenges', { title: 'One' }],
    'a guess': [`/api/v1/challenges/${id}/guesses`, { guess: 1 }],
    'a publishing': [`/api/v1/challenges/${id}/publish`, {}],
  } as const;
  const [url, body] = requests[what];
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': 'k1' };
  const request = JSON.stringify({ method: 'POST', url, headers, payload: JSON.stringify(body) });
  const child = fork(new URL('../../test/children/die-at-query.ts', import.meta.url), [at.ports.data_dir, pattern, request]);
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);

  const done = async () => ({
    challenges: await at.ports.db.selectFrom('challenges').select(['id', 'status', 'commitment']).orderBy('id').execute(),
    guesses: await at.ports.db.selectFrom('challenge_responses').select('id').execute(),
    counts: await at.ports.db.selectFrom('users').select(['guess_count', 'published_count']).where('id', '=', player.id).execute(),
  });
  const left = await done();
  expect(left.challenges).toHaveLength(before + (what === 'a challenge' ? 1 : 0));
  expect(left.guesses).toHaveLength(what === 'a guess' ? 1 : 0);
  const again = await at.call('POST', url, { token, body, headers: { 'idempotency-key': 'k1' } });
  expect(again.statusCode).toBe(what === 'a publishing' ? 200 : 201);
  expect(await done()).toEqual(left);
  if (what === 'a challenge') {
    expect(left.challenges.map((challenge) => challenge.id)).toContain(again.json().id);
  }
  const third = await at.call('POST', url, { token, body, headers: { 'idempotency-key': 'k1' } });
  expect([third.statusCode, third.body]).toEqual([again.statusCode, again.body]);
});

test('a refusal is not kept: the same key may be tried again', async () => {
  await using at = await buildTestApp();
  const { access_token: token } = await at.guest();
  const guess = () =>
    at.call('POST', '/api/v1/challenges/0190f5fe-7c00-7a00-8000-000000000000/guesses', {
      token,
      body: { guess: 1 },
      headers: { 'idempotency-key': 'k1' },
    });
  expect((await guess()).json().code).toBe('challenge_not_found');
  expect(await at.ports.db.selectFrom('idempotency_keys').selectAll().execute()).toEqual([]);
  expect((await guess()).headers['idempotency-replayed']).toBeUndefined();
});

test.each(['', 'x'.repeat(256), 'ümlaut', 'two words'])('a key %j is refused', async (key) => {
  await using at = await buildTestApp();
  const { access_token } = await at.guest();
  const answer = await create(at, access_token, key);
  expect(answer.json()).toMatchObject({ code: 'invalid_request', errors: [{ pointer: '#/headers/idempotency-key' }] });
  expect(await count(at)).toBe(0);
});
