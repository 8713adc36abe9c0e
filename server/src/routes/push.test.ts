import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { buildTestApp, type TestApp } from '../../test/app.ts';
import { routedPush } from '../adapters/push.ts';
import { vapidOf } from '../adapters/push-web.ts';

const PATH = '/api/v1/me/push-tokens';
const WANTS = { published: true, failed: true, guessed: true, digest: false };
const vapid = vapidOf(randomBytes(32).toString('base64url'), 'https://game.example');
// Nothing is sent in these tests: no worker runs.
const push = routedPush(vapid);

const phone = (token = `ExponentPushToken[${randomBytes(8).toString('hex')}]`) => ({ kind: 'expo', token, language: 'en', wants: WANTS });
const browser = (endpoint = `https://fcm.googleapis.com/fcm/send/${randomBytes(8).toString('hex')}`) => ({
  kind: 'web',
  subscription: { endpoint, keys: { p256dh: `B${'x'.repeat(86)}`, auth: 'y'.repeat(22) } },
  language: 'de',
  wants: WANTS,
});
const deviceOf = async (at: TestApp, token: string) => (await at.call('GET', PATH, { token })).json().device;
const rowsOf = (at: TestApp) => at.ports.db.selectFrom('push_tokens').select(['session_id', 'user_id']).execute();

test('a device asks, changes its mind, and is forgotten', async () => {
  await using at = await buildTestApp({ push });
  const { access_token: token } = await at.account();
  expect((await at.call('GET', PATH, { token })).json()).toEqual({ kinds: ['expo', 'web'], web_key: vapid.public_key, device: null });
  expect((await at.call('POST', `${PATH}/test`, { token })).json()).toMatchObject({ status: 404, code: 'push_token_missing' });
  expect((await at.call('PUT', PATH, { token, body: browser() })).statusCode).toBe(204);
  expect(await deviceOf(at, token)).toEqual({ kind: 'web', language: 'de', wants: WANTS });
  expect((await at.call('PUT', PATH, { token, body: { ...phone(), wants: { ...WANTS, digest: true } } })).statusCode).toBe(204);
  expect(await deviceOf(at, token)).toEqual({ kind: 'expo', language: 'en', wants: { ...WANTS, digest: true } });
  expect(await rowsOf(at)).toHaveLength(1);
  expect((await at.call('POST', `${PATH}/test`, { token })).statusCode).toBe(204);
  expect((await at.call('POST', `${PATH}/test`, { token })).statusCode).toBe(204);
  expect(await at.ports.db.selectFrom('jobs').select('kind').where('kind', '=', 'push').execute()).toHaveLength(1);
  expect((await at.call('DELETE', PATH, { token })).statusCode).toBe(204);
  expect((await at.call('DELETE', PATH, { token })).statusCode).toBe(204);
  expect(await rowsOf(at)).toEqual([]);
});

test.each([
  ['another kind', { ...phone(), kind: 'sms' }, '#/kind'],
  ['a phone without its token', { ...phone(), token: undefined }, '#/kind'],
  ['a phone with a subscription', { ...phone(), subscription: browser().subscription }, '#/kind'],
  ['a token that is none', phone('ExponentPushToken[a b]'), '#/token'],
  ['no https', browser('http://fcm.googleapis.com/x'), '#/subscription/endpoint'],
  ['a host inside', browser('https://127.0.0.1/x'), '#/subscription/endpoint'],
  ['a host that is no push service', browser('https://example.com/x'), '#/subscription/endpoint'],
  ['a language we do not speak', { ...phone(), language: 'fr' }, '#/language'],
  ['wishes left out', { ...phone(), wants: { published: true } }, '#/wants/failed'],
  ['an unknown field', { ...phone(), surprise: 1 }, '#/surprise'],
])('%s is refused and changes nothing', async (_what, body, pointer) => {
  await using at = await buildTestApp({ push });
  const { access_token: token } = await at.account();
  await at.call('PUT', PATH, { token, body: phone() });
  const before = await at.ports.db.selectFrom('push_tokens').selectAll().execute();
  const answer = (await at.call('PUT', PATH, { token, body })).json();
  expect(answer).toMatchObject({ status: 400, code: 'invalid_request' });
  expect(answer.errors[0].pointer).toBe(pointer);
  expect(await at.ports.db.selectFrom('push_tokens').selectAll().execute()).toEqual(before);
});

test('nobody without a token, and nothing where notifications are off', async () => {
  await using at = await buildTestApp({ push });
  for (const [method, path] of [
    ['GET', PATH],
    ['PUT', PATH],
    ['DELETE', PATH],
    ['POST', `${PATH}/test`],
  ] as const) {
    expect((await at.call(method, path, method === 'PUT' ? { body: phone() } : {})).json()).toMatchObject({ code: 'unauthenticated' });
  }
  await using off = await buildTestApp();
  const { access_token: token } = await off.account();
  expect((await off.call('GET', PATH, { token })).json()).toEqual({ kinds: [], web_key: null, device: null });
  expect((await off.call('PUT', PATH, { token, body: phone() })).json()).toMatchObject({ status: 409, code: 'push_off' });
  expect((await off.call('POST', `${PATH}/test`, { token })).json()).toMatchObject({ status: 409, code: 'push_off' });
  expect((await off.call('DELETE', PATH, { token })).statusCode).toBe(204);
});

test('a device belongs to the session that asked last, and goes with it', async () => {
  await using at = await buildTestApp({ push });
  const [anna, bert] = [await at.account('anna'), await at.account('bert')];
  const body = phone();
  await at.call('PUT', PATH, { token: anna.access_token, body });
  await at.call('PUT', PATH, { token: bert.access_token, body });
  expect(await deviceOf(at, anna.access_token)).toBeNull();
  expect(await rowsOf(at)).toEqual([{ session_id: expect.any(String), user_id: bert.player.id }]);
  await at.call('POST', '/api/v1/auth/logout', { token: bert.access_token });
  expect(await rowsOf(at)).toEqual([]);

  await at.call('PUT', PATH, { token: anna.access_token, body });
  const again = (await at.call('POST', '/auth/login', { body: { email: anna.email, password: anna.password } })).json();
  await at.call('DELETE', '/api/v1/me/sessions', { token: again.access_token });
  expect(await rowsOf(at)).toEqual([]);

  await at.call('PUT', PATH, { token: again.access_token, body });
  await at.ports.db.deleteFrom('users').where('id', '=', anna.player.id).execute();
  expect(await rowsOf(at)).toEqual([]);
});

test('ten devices of a player are told; the one that was heard of longest ago makes room', async () => {
  await using at = await buildTestApp({ push });
  const { email, password, player } = await at.account();
  const sessions: string[] = [];
  for (let device = 0; device < 11; device++) {
    const { access_token: token } = (await at.call('POST', '/auth/login', { body: { email, password } })).json();
    await at.call('PUT', PATH, { token, body: phone() });
    sessions.push(token);
  }
  expect((await rowsOf(at)).map(({ user_id }) => user_id)).toEqual(Array(10).fill(player.id));
  expect(await deviceOf(at, sessions[0] ?? '')).toBeNull();
  expect(await deviceOf(at, sessions[1] ?? '')).not.toBeNull();
});
