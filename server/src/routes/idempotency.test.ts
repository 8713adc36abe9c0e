import { expect, test } from 'vitest';
import { buildTestApp, type TestApp } from '../../test/app.ts';
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

test('of requests with one key at once one does the work', async () => {
  await using at = await buildTestApp();
  const { access_token } = await at.guest();
  const answers = await Promise.all(Array.from({ length: 8 }, () => create(at, access_token, 'k1')));
  expect(await count(at)).toBe(1);
  for (const answer of answers) {
    expect(answer.statusCode === 201 || answer.json().code === 'idempotency_running').toBe(true);
  }
});

test('a first request that died with its process blocks for a minute, not for ever', async () => {
  const clock = fakeClock();
  await using at = await buildTestApp({ clock });
  const { access_token } = await at.guest();
  await create(at, access_token, 'k1');
  // As a kill between the work and the answer leaves it.
  await at.ports.db.updateTable('idempotency_keys').set({ status: null, body: null }).execute();
  clock.pass(59 * SECOND);
  const running = await create(at, access_token, 'k1');
  expect([running.json().code, running.headers['retry-after']]).toEqual(['idempotency_running', '1']);
  clock.pass(SECOND);
  expect((await create(at, access_token, 'k1')).statusCode).toBe(201);
});

test('a failure is not kept: the same key may be tried again', async () => {
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
