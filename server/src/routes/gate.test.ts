import { createHmac } from 'node:crypto';
import { CLIENT_VERSION_HEADER } from '@2t1l/contract/client-version';
import { createSigner } from 'fast-jwt';
import { expect, test } from 'vitest';
import { buildTestApp, type TestApp } from '../../test/app.ts';
import { fakeClock } from '../../test/ports.ts';
import { derivedKeys } from '../adapters/file-keys.ts';
import { accessTokens } from '../players/access-tokens.ts';
import type { Limits } from '../ports.ts';
import { parseSecrets } from '../secrets.ts';
import { addressKey } from './gate.ts';
import { RATES } from './limits.ts';

const ME = '/api/v1/me';
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const codeOf = async (at: TestApp, token: string) => (await at.call('GET', ME, { token })).json().code;

test('no token, no bearer, no JWT: each has its problem and the header that asks for one', async () => {
  await using at = await buildTestApp();
  const none = await at.call('GET', ME);
  expect(none.json()).toMatchObject({ status: 401, code: 'unauthenticated' });
  expect(none.headers['www-authenticate']).toBe('Bearer');
  expect((await at.call('GET', ME, { headers: { authorization: 'Basic YTpi' } })).json().code).toBe('token_invalid');
  for (const token of ['x', 'a.b.c', '..', `${'a'.repeat(3000)}`]) {
    expect(await codeOf(at, token)).toBe('token_invalid');
  }
});

test('forged tokens are refused: none, another algorithm, a changed claim, another purpose’s key, an unknown key', async () => {
  await using at = await buildTestApp();
  const { access_token, refresh_token } = await at.account();
  const [header = '', payload = '', signature = ''] = access_token.split('.');
  const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString());
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const key = Buffer.from(at.ports.keys.key('access-token', kid) ?? []);
  const signed = (head: object, body: unknown, secret: Buffer) => {
    const input = `${base64url(head)}.${base64url(body)}`;
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
  };
  const good = { alg: 'HS256', typ: 'at+jwt', kid };
  expect(await codeOf(at, signed(good, claims, key))).toBeUndefined();

  const forged = {
    none: `${base64url({ ...good, alg: 'none' })}.${payload}.`,
    noneWithSignature: `${base64url({ ...good, alg: 'none' })}.${payload}.${signature}`,
    hs512: createSigner({ key, algorithm: 'HS512', header: { alg: 'HS512', typ: 'at+jwt', kid } })(claims),
    changedClaim: `${header}.${base64url({ ...claims, sub: '00000000-0000-7000-8000-000000000000' })}.${signature}`,
    otherType: signed({ ...good, typ: 'JWT' }, claims, key),
    otherPurpose: signed(good, claims, Buffer.from(at.ports.keys.key('blob-url', kid) ?? [])),
    unknownKey: signed({ ...good, kid: 'nobody' }, claims, key),
    noKeyId: signed({ alg: 'HS256', typ: 'at+jwt' }, claims, key),
    emptyKey: signed(good, claims, Buffer.alloc(0)),
    noExpiry: signed(good, { ...claims, exp: undefined }, key),
    noSession: signed(good, { ...claims, sid: undefined }, key),
    refreshToken: refresh_token,
  };
  for (const [name, token] of Object.entries(forged)) {
    expect([name, await codeOf(at, token)]).toEqual([name, 'token_invalid']);
  }
  expect(await codeOf(at, signed(good, { ...claims, sid: claims.sub }, key))).toBe('session_ended');
});

test('a token expires to the minute, by our clock', async () => {
  const clock = fakeClock();
  await using at = await buildTestApp({ clock }, { TOKEN_MINUTES: '30' });
  const { access_token } = await at.account();
  clock.pass(30 * 60_000 - 1);
  expect(await codeOf(at, access_token)).toBeUndefined();
  clock.pass(1);
  expect(await codeOf(at, access_token)).toBe('token_expired');
});

test('keys rotate: the old one still reads, the new one signs, a dropped one is unknown', () => {
  const clock = fakeClock();
  const ring = (list: string) => accessTokens({ keys: derivedKeys(parseSecrets(list)), clock }, 30);
  const who = { id: 'player', session_id: 'session', role: 'player' } as const;
  const old = ring('a:first').sign(who).access_token;
  const rotated = ring('b:second,a:first');
  expect(rotated.read(old)).toMatchObject({ id: 'player' });
  expect(ring('a:first').read(rotated.sign(who).access_token)).toMatchObject({ code: 'token_invalid' });
  expect(ring('b:second').read(old)).toMatchObject({ code: 'token_invalid' });
});

test('a token without the scope write reads and changes nothing, on any changing route', async () => {
  await using at = await buildTestApp();
  const { access_token } = await at.account();
  const full = at.app.edge.tokens.read(access_token);
  if ('code' in full) {
    throw full;
  }
  const token = at.app.edge.tokens.sign({ ...full, scope: ['read'] }).access_token;
  expect(await codeOf(at, token)).toBeUndefined();
  const id = '0190f5fe-7c00-7a00-8000-000000000000';
  for (const [method, path] of [
    ['POST', '/auth/logout'],
    ['PATCH', '/me'],
    ['PUT', '/me/consents'],
    ['DELETE', '/me/sessions'],
    ['POST', '/challenges'],
    ['PATCH', `/challenges/${id}`],
    ['DELETE', `/challenges/${id}`],
    ['POST', `/challenges/${id}/process`],
    ['POST', `/challenges/${id}/publish`],
    ['POST', `/challenges/${id}/guesses`],
    ['POST', `/challenges/${id}/upload`],
    ['POST', '/uploads'],
  ] as const) {
    // The body is nonsense on purpose: it is looked at only after the scope.
    const answer = await at.call(method, `/api/v1${path}`, { token, body: { nonsense: 1 } });
    expect([method, path, answer.statusCode, answer.json().code]).toEqual([method, path, 403, 'scope_missing']);
  }
});

test('the layers come in order: limits, host, token, body', async () => {
  const limits: Limits = {
    take: async () => ({ allowed: false, retry_after_seconds: 7.2 }),
    giveBack: async () => {},
    reset: async () => {},
  };
  await using full = await buildTestApp({ limits }, { ALLOWED_HOSTS: 'play.example.com' });
  const refused = await full.call('PATCH', ME, { headers: { host: 'evil.example' } });
  expect(refused.json()).toMatchObject({ status: 429, code: 'too_many_requests' });
  expect(refused.headers['retry-after']).toBe('8');
  await using at = await buildTestApp({}, { ALLOWED_HOSTS: 'play.example.com' });
  const patch = (host: string) => at.call('PATCH', ME, { headers: { host, 'content-type': 'application/json' } });
  expect((await patch('evil.example')).json().code).toBe('host_not_allowed');
  const unknown = await at.app.inject({
    method: 'PATCH',
    url: ME,
    headers: { host: 'PLAY.example.com:8000', 'content-type': 'application/json' },
    payload: '{',
  });
  expect(unknown.json().code).toBe('unauthenticated');
});

test.each([
  // what the app says, what the server asks for, what comes of it
  ['1.3.9', '1.4.0', 426],
  ['0.99.99', '1.4.0', 426],
  ['1.4.0-beta.1', '1.4.1', 426],
  ['1.4.0', '1.4.0', 200],
  ['1.10.0', '1.4.0', 200],
  ['2.0.0+7', '1.4.0', 200],
  ['latest', '1.4.0', 400],
  ['1.4', '1.4.0', 400],
  [undefined, '1.4.0', 200],
  ['latest', undefined, 200],
])('an app of version %s where %s is the least: %d', async (version, least, status) => {
  await using at = await buildTestApp({}, least === undefined ? {} : { MIN_CLIENT_VERSION: least });
  const headers = { ...(version === undefined ? {} : { [CLIENT_VERSION_HEADER]: version }) };
  const answer = await at.call('GET', '/api/v1/challenges', { headers });
  expect(answer.statusCode).toBe(status);
  if (status === 426) {
    expect(answer.json()).toMatchObject({ code: 'update_required', detail: expect.stringContaining('1.4.') });
    // The page is the way to the new version.
    expect((await at.call('GET', '/', { headers: { ...headers, accept: 'text/html' } })).statusCode).toBe(200);
    expect((await at.call('GET', '/health/live', { headers })).statusCode).toBe(200);
  }
});

test('foreign hosts are refused on pages, unknown addresses and documents too, but not where a balancer asks for health', async () => {
  await using at = await buildTestApp({}, { ALLOWED_HOSTS: 'play.example.com,[::1],::1' });
  const get = (path: string, host: string, accept = '*/*') => at.call('GET', path, { headers: { host, accept } });
  for (const path of ['/', '/docs', '/openapi.json', '/api/v1/nothing', '/c/x']) {
    expect([path, (await get(path, 'evil.example', 'text/html')).json().code]).toEqual([path, 'host_not_allowed']);
  }
  expect((await get('/', '[::1]:8000', 'text/html')).statusCode).toBe(200);
  expect((await get('/health/live', '10.0.0.7')).statusCode).toBe(200);
});

test('calls are counted by player with a token and by address without, those about accounts always by address', async () => {
  const taken: string[] = [];
  const limits = counting(taken);
  await using at = await buildTestApp({ limits });
  const { access_token, player } = await at.account();
  await at.call('GET', ME, { token: access_token });
  await at.call('GET', ME, { token: 'forged' });
  // Guests are free: somebody with many of them would have a budget for each.
  await at.call('POST', '/auth/upgrade', { token: access_token, body: {} });
  expect(taken).toEqual(['auth:127.0.0.1', `read:${player.id}`, 'read:127.0.0.1', 'auth:127.0.0.1']);
});

test.each([
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2:ffff::'],
  ['2600:3c00::f03c:91ff:fe00:1', '2600:3c00::1:2:3:4'],
  ['2600:3c00::1', '2600:3c00:0:0:5:6:7:8'],
  ['2001:db8:1::1', '2001:db8:1:0:5:6:7:8'],
  ['fe80::1%eth0', 'fe80::2'],
  ['::1', '::2'],
])('%s and %s are one address', (one, other) => {
  expect(addressKey(one)).toBe(addressKey(other));
});

test.each([
  ['2001:db8:1:2::1', '2001:db8:1:3::1'],
  ['2600:3c00::1', '2600:3c00:0:1::1'],
  ['2001:db8::1', '2001:db9::1'],
  ['::ffff:10.0.0.1', '::ffff:10.0.0.2'],
  ['10.0.0.1', '10.0.0.2'],
])('%s and %s are two', (one, other) => {
  expect(addressKey(one)).not.toBe(addressKey(other));
});

test('after the last point comes 429 with a time to wait, and LIMITS=off lifts it', async () => {
  await using at = await buildTestApp();
  for (let call = 0; call < RATES.auth.points; call++) {
    await at.call('POST', '/auth/refresh', { body: {} });
  }
  const refused = await at.call('POST', '/auth/refresh', { body: {} });
  expect(refused.json()).toMatchObject({ status: 429, code: 'too_many_requests' });
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect((await at.call('GET', '/api/v1/challenges')).statusCode).toBe(200);
  await using off = await buildTestApp({}, { LIMITS: 'off' });
  for (let call = 0; call <= RATES.auth.points; call++) {
    expect((await off.call('POST', '/auth/refresh', { body: {} })).statusCode).toBe(400);
  }
});

test('X-Forwarded-For counts only where a proxy is trusted', async () => {
  const taken: string[] = [];
  const limits = counting(taken);
  const headers = { 'x-forwarded-for': '1.1.1.1, 203.0.113.9' };
  await using direct = await buildTestApp({ limits });
  await direct.call('GET', ME, { headers });
  await using behind = await buildTestApp({ limits }, { TRUST_PROXY: '1' });
  await behind.call('GET', ME, { headers });
  expect(taken).toEqual(['read:127.0.0.1', 'read:203.0.113.9']);
});

async function limitless() {
  return { allowed: true, retry_after_seconds: 0 };
}

function counting(taken: string[]): Limits {
  const take = (key: string) => {
    taken.push(key);
    return limitless();
  };
  return { take, giveBack: async () => {}, reset: async () => {} };
}
