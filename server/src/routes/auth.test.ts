import { Problem } from '@2t1l/contract/problems';
import type { Tokens } from '@2t1l/contract/schemas';
import { expect, test } from 'vitest';
import { buildTestApp } from '../../test/app.ts';
import { fakeClock } from '../../test/ports.ts';
import { memoryLimits } from '../adapters/memory-limits.ts';
import type { LimitRule, Limits } from '../ports.ts';

const AUTH = '/api/v1/auth';
const MINUTE = 60_000;

test('an account is registered, logs in, and knows who it is; the specification’s own words work', async () => {
  await using at = await buildTestApp();
  const body = { email: 'test@example.com', username: 'tester', password: 'testpassword' };
  const registered = await at.call('POST', '/auth/register', { body });
  expect(registered.statusCode).toBe(201);
  const loggedIn = await at.call('POST', '/auth/login', { body: { email: body.email, password: body.password } });
  expect(loggedIn.statusCode).toBe(200);
  const { access_token, token_type, expires_in, player } = loggedIn.json<Tokens>();
  expect({ token_type, expires_in, player }).toEqual({
    token_type: 'bearer',
    expires_in: 1800,
    player: { id: registered.json<Tokens>().player.id, username: 'tester', is_guest: false },
  });
  expect((await at.call('GET', '/api/v1/me', { token: access_token })).json()).toMatchObject({ username: 'tester', email: body.email });
});

test('e-mail addresses and names are compared without case, and the database keeps no password and no token', async () => {
  await using at = await buildTestApp();
  await at.account('anna');
  const taken = await at.call('POST', `${AUTH}/register`, {
    body: { email: 'ANNA@Example.com', username: 'other', password: 'x'.repeat(8) },
  });
  expect(taken.json()).toMatchObject({ status: 409, code: 'email_taken' });
  const name = await at.call('POST', `${AUTH}/register`, { body: { email: 'b@example.com', username: 'ANNA', password: 'x'.repeat(8) } });
  expect(name.json()).toMatchObject({ status: 409, code: 'username_taken' });
  const login = await at.call('POST', `${AUTH}/login`, { body: { email: 'Anna@EXAMPLE.com', password: 'correct horse battery' } });
  expect(login.statusCode).toBe(200);
  const rows = JSON.stringify([
    await at.ports.db.selectFrom('users').selectAll().execute(),
    await at.ports.db.selectFrom('refresh_tokens').selectAll().execute(),
    await at.ports.db.selectFrom('sessions').selectAll().execute(),
  ]);
  expect(rows).not.toContain('correct horse');
  expect(rows).not.toContain(login.json<Tokens>().refresh_token);
});

test('of registrations for one address at once exactly one succeeds', async () => {
  await using at = await buildTestApp();
  const answers = await Promise.all(
    [1, 2, 3, 4].map((n) =>
      at.call('POST', `${AUTH}/register`, { body: { email: 'same@example.com', username: `name${n}`, password: 'long enough' } }),
    ),
  );
  expect(answers.map((answer) => answer.statusCode).sort()).toEqual([201, 409, 409, 409]);
  expect(answers.filter(({ statusCode }) => statusCode === 409).every((answer) => answer.json().code === 'email_taken')).toBe(true);
});

test.each([
  [{ email: 'no address', username: 'anna', password: 'long enough' }, '#/email'],
  [{ email: 'a@example.com', username: 'an', password: 'long enough' }, '#/username'],
  [{ email: 'a@example.com', username: 'ａｎｎａ', password: 'long enough' }, '#/username'],
  [{ email: 'a@example.com', username: 'anna', password: 'short' }, '#/password'],
  [{ email: 'a@example.com', username: 'anna', password: 'long enough', role: 'house' }, '#/role'],
  [{ username: 'anna', password: 'long enough' }, '#/email'],
])('a registration that does not fit is refused with a pointer: %j', async (body, pointer) => {
  await using at = await buildTestApp();
  const answer = await at.call('POST', `${AUTH}/register`, { body });
  expect(answer.statusCode).toBe(400);
  expect(answer.headers['content-type']).toContain('application/problem+json');
  expect(answer.json()).toMatchObject({ code: 'invalid_request', errors: [{ pointer }] });
  expect(answer.body).not.toContain('long enough');
  expect(await at.ports.db.selectFrom('users').select('id').execute()).toEqual([]);
});

test('who is too young is told so and nothing is kept', async () => {
  await using at = await buildTestApp({ clock: fakeClock(Date.UTC(2026, 5, 1)) });
  const body = { email: 'kid@example.com', username: 'kid', password: 'long enough', birth_year: 2014 };
  expect((await at.call('POST', `${AUTH}/register`, { body })).json()).toMatchObject({ status: 403, code: 'too_young' });
  expect(await at.ports.db.selectFrom('users').select('id').execute()).toEqual([]);
  expect((await at.call('POST', `${AUTH}/register`, { body: { ...body, birth_year: 2013 } })).statusCode).toBe(201);
});

test('an unknown address and a wrong password get the same answer, in about the same time', async () => {
  await using at = await buildTestApp();
  await at.account('anna');
  const timed = async (email: string) => {
    const begin = performance.now();
    const answer = await at.call('POST', `${AUTH}/login`, { body: { email, password: 'wrong password' } });
    const { instance: _instance, ...problem } = answer.json();
    return { ms: performance.now() - begin, problem };
  };
  const wrong = [await timed('anna@example.com'), await timed('anna@example.com'), await timed('anna@example.com')];
  const unknown = [await timed('nobody@example.com'), await timed('nobody@example.com'), await timed('nobody@example.com')];
  expect(wrong[0]?.problem).toEqual(unknown[0]?.problem);
  expect(wrong[0]?.problem).toMatchObject({ status: 401, code: 'credentials_wrong' });
  const least = (tries: { ms: number }[]) => Math.min(...tries.map(({ ms }) => ms));
  expect(least(unknown)).toBeGreaterThan(least(wrong) / 3);
});

test.each(['anna@example.com', 'nobody@example.com'])('after ten failures %s has to wait, even with the right password', async (email) => {
  await using at = await buildTestApp();
  await at.account('anna');
  for (let failure = 0; failure < 10; failure++) {
    expect((await at.call('POST', `${AUTH}/login`, { body: { email, password: 'wrong' } })).statusCode).toBe(401);
  }
  const answer = await at.call('POST', `${AUTH}/login`, { body: { email, password: 'correct horse battery' } });
  expect(answer.json()).toMatchObject({ status: 429, code: 'login_throttled' });
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
});

test('failures at once are no more than failures one by one, and cost the right password nothing', async () => {
  await using at = await buildTestApp();
  const { email, password: right } = await at.account('anna');
  const login = async (password: string) => (await at.call('POST', `${AUTH}/login`, { body: { email, password } })).statusCode;
  expect(await Promise.all(Array.from({ length: 5 }, () => login(right)))).toEqual(Array(5).fill(200));
  const codes = await Promise.all(Array.from({ length: 25 }, (_, index) => login(`wrong ${index}`)));
  expect([codes.filter((code) => code === 401).length, codes.filter((code) => code === 429).length]).toEqual([10, 15]);
});

test('strangers lock no owner out, and however many they are they get few guesses a day', async () => {
  const clock = fakeClock();
  const looked: string[] = [];
  const passwords = {
    hash: async (password: string) => password,
    verify: async (hash: string | null, password: string) => {
      looked.push(password);
      return hash === password;
    },
  };
  await using at = await buildTestApp({ clock, limits: windows(clock), passwords }, { TRUST_PROXY: '1' });
  const from = (address: string) => ({ 'x-forwarded-for': address });
  const own = { email: 'anna@example.com', password: 'the right password' };
  await at.call('POST', `${AUTH}/register`, { body: { ...own, username: 'anna' }, headers: from('9.9.9.9') });
  const login = (address: string, password: string) =>
    at.call('POST', `${AUTH}/login`, { body: { email: own.email, password }, headers: from(address) });

  // One stranger at one address: only that one waits.
  for (let tries = 0; tries < 15; tries++) {
    await login('1.1.1.1', 'wrong');
  }
  expect(looked).toHaveLength(10);
  expect((await login('1.1.1.1', own.password)).json().code).toBe('login_throttled');
  expect((await login('2.2.2.2', own.password)).statusCode).toBe(200);

  // Most of a day of guesses, each from an address that nobody has seen.
  looked.length = 0;
  for (let minute = 0; minute < 23 * 60; minute += 2) {
    await login(`10.0.${minute >> 8}.${minute & 255}`, 'wrong');
    clock.pass(2 * MINUTE);
  }
  expect(looked.length).toBeGreaterThan(100);
  expect(looked.length).toBeLessThan(250);
  await login('3.3.3.1', 'wrong');
  const elsewhere = await login('3.3.3.3', own.password);
  expect([elsewhere.statusCode, Number(elsewhere.headers['retry-after']) <= 600]).toEqual([429, true]);
  // The owner is known where the account was made and where they have logged in.
  for (const address of ['9.9.9.9', '2.2.2.2']) {
    expect((await login(address, own.password)).statusCode).toBe(200);
  }
  // Elsewhere they wait no longer than anybody.
  clock.pass(10 * MINUTE);
  expect((await login('4.4.4.4', own.password)).statusCode).toBe(200);
});

/** Limits by a clock that stands still. */
function windows(clock: { now(): number }): Limits {
  const known = new Map<string, { taken: number; until: number }>();
  const windowOf = (key: string, { points, seconds }: LimitRule) => {
    const name = `${points}/${seconds} ${key}`;
    const found = known.get(name);
    const window = found !== undefined && found.until > clock.now() ? found : { taken: 0, until: clock.now() + seconds * 1000 };
    known.set(name, window);
    return window;
  };
  return {
    async take(key, rule) {
      const window = windowOf(key, rule);
      const allowed = window.taken < rule.points;
      window.taken += allowed ? 1 : 0;
      return { allowed, retry_after_seconds: allowed ? 0 : (window.until - clock.now()) / 1000 };
    },
    async giveBack(key, rule) {
      windowOf(key, rule).taken -= 1;
    },
    async reset(key) {
      for (const name of known.keys()) {
        if (name.endsWith(` ${key}`)) {
          known.delete(name);
        }
      }
    },
  };
}

test('an address without points locks no account, and a locked account costs the address nothing', async () => {
  await using at = await buildTestApp({}, { TRUST_PROXY: '1' });
  const { email, password } = await at.account('anna');
  const login = async (from: string, body: object) =>
    (await at.call('POST', `${AUTH}/login`, { body, headers: { 'x-forwarded-for': from } })).statusCode;
  const fail = async (count: number) => {
    for (let failure = 0; failure < count; failure++) {
      await at.ports.limits.take('login-address:1.1.1.1', { points: 100, seconds: 3600 });
    }
  };
  await fail(85);
  for (let tries = 0; tries < 30; tries++) {
    await login('1.1.1.1', { email: 'nobody@example.com', password: 'wrong' });
  }
  expect(await login('1.1.1.1', { email, password })).toBe(200);
  await fail(5);
  expect(await Promise.all(Array.from({ length: 12 }, () => login('1.1.1.1', { email, password: 'wrong' })))).toEqual(Array(12).fill(429));
  expect(await login('2.2.2.2', { email, password })).toBe(200);
});

test('a server too busy to look at a password counts no failure', async () => {
  const busy = { hash: async () => 'x', verify: () => Promise.reject(new Problem('busy')) };
  const limits = memoryLimits();
  await using at = await buildTestApp({ limits, passwords: busy });
  for (let tries = 0; tries < 12; tries++) {
    const answer = await at.call('POST', `${AUTH}/login`, { body: { email: 'anna@example.com', password: 'some password' } });
    expect(answer.json().code).toBe('busy');
  }
});

test('a success forgives the failures before it', async () => {
  await using at = await buildTestApp();
  const { email, password } = await at.account('anna');
  for (let round = 0; round < 2; round++) {
    for (let failure = 0; failure < 9; failure++) {
      await at.call('POST', `${AUTH}/login`, { body: { email, password: 'wrong' } });
    }
    expect((await at.call('POST', `${AUTH}/login`, { body: { email, password } })).statusCode).toBe(200);
  }
});

test('a guest plays without data and becomes an account in place', async () => {
  await using at = await buildTestApp();
  const guest = await at.guest();
  expect(guest.player.username).toMatch(/^[a-z]+-[a-z]+-\d{5}$/);
  expect(guest.player.is_guest).toBe(true);
  const body = { email: 'g@example.com', username: 'Guest.No-More', password: 'long enough', terms: true, birth_year: 1990 };
  const upgraded = await at.call('POST', `${AUTH}/upgrade`, { token: guest.access_token, body });
  expect(upgraded.statusCode).toBe(200);
  expect(upgraded.json<Tokens>().player).toEqual({ id: guest.player.id, username: 'Guest.No-More', is_guest: false });
  // Requests that were under way with the guest's token go on.
  expect((await at.call('GET', '/api/v1/me', { token: guest.access_token })).json()).toMatchObject({
    is_guest: false,
    email: 'g@example.com',
  });
  expect((await at.call('POST', `${AUTH}/refresh`, { body: { refresh_token: guest.refresh_token } })).json().code).toBe('refresh_invalid');
  expect((await at.call('POST', `${AUTH}/login`, { body: { email: body.email, password: body.password } })).statusCode).toBe(200);
  const again = await at.call('POST', `${AUTH}/upgrade`, { token: upgraded.json<Tokens>().access_token, body });
  expect(again.json()).toMatchObject({ status: 409, code: 'not_a_guest' });
});

test('an upgrade to what is taken changes nothing', async () => {
  await using at = await buildTestApp();
  await at.account('anna');
  const guest = await at.guest();
  const body = { email: 'anna@example.com', username: 'other', password: 'long enough' };
  expect((await at.call('POST', `${AUTH}/upgrade`, { token: guest.access_token, body })).json().code).toBe('email_taken');
  const named = { ...body, email: 'o@example.com', username: 'Anna' };
  expect((await at.call('POST', `${AUTH}/upgrade`, { token: guest.access_token, body: named })).json().code).toBe('username_taken');
  expect((await at.call('GET', '/api/v1/me', { token: guest.access_token })).json()).toMatchObject({ is_guest: true, email: null });
});

test('a refresh token is good once; its second use ends the session and every token of it', async () => {
  await using at = await buildTestApp();
  const first = await at.account();
  const refresh = (refresh_token: string) => at.call('POST', `${AUTH}/refresh`, { body: { refresh_token } });
  const second = (await refresh(first.refresh_token)).json<Tokens>();
  expect((await at.call('GET', '/api/v1/me', { token: second.access_token })).statusCode).toBe(200);
  const reused = await refresh(first.refresh_token);
  expect(reused.json()).toMatchObject({ status: 401, code: 'refresh_reused' });
  expect((await refresh(second.refresh_token)).json()).toMatchObject({ status: 401, code: 'refresh_invalid' });
  for (const token of [first.access_token, second.access_token]) {
    expect((await at.call('GET', '/api/v1/me', { token })).json()).toMatchObject({ status: 401, code: 'session_ended' });
  }
});

test('of ten uses of one refresh token at once, one succeeds and the session is ended', async () => {
  await using at = await buildTestApp();
  const { refresh_token } = await at.account();
  const answers = await Promise.all(Array.from({ length: 10 }, () => at.call('POST', `${AUTH}/refresh`, { body: { refresh_token } })));
  const [good, ...bad] = answers.sort((a, b) => a.statusCode - b.statusCode);
  expect(good?.statusCode).toBe(200);
  expect(new Set(bad.map((answer) => answer.json().code))).toEqual(new Set(['refresh_reused']));
  expect((await at.call('GET', '/api/v1/me', { token: good?.json().access_token })).json().code).toBe('session_ended');
});

test('refresh tokens that are unknown, expired, or no refresh tokens are refused', async () => {
  const clock = fakeClock();
  await using at = await buildTestApp({ clock }, { REFRESH_DAYS: '30' });
  const { refresh_token, access_token } = await at.account();
  const refresh = (token: string) => at.call('POST', `${AUTH}/refresh`, { body: { refresh_token: token } });
  expect((await refresh('rt_unknown')).json().code).toBe('refresh_invalid');
  expect((await refresh(access_token)).json().code).toBe('refresh_invalid');
  clock.pass(31 * 24 * 3600 * 1000);
  expect((await refresh(refresh_token)).json().code).toBe('refresh_invalid');
});

test('after logging out neither token is good', async () => {
  await using at = await buildTestApp();
  const { access_token, refresh_token } = await at.account();
  expect((await at.call('GET', '/api/v1/me', { token: access_token })).statusCode).toBe(200);
  const out = await at.call('POST', `${AUTH}/logout`, { token: access_token });
  expect([out.statusCode, out.body]).toEqual([204, '']);
  expect((await at.call('GET', '/api/v1/me', { token: access_token })).json().code).toBe('session_ended');
  expect((await at.call('POST', `${AUTH}/refresh`, { body: { refresh_token } })).json().code).toBe('refresh_invalid');
});

test('a new password ends every other session', async () => {
  await using at = await buildTestApp();
  const here = await at.account('anna');
  const there = (await at.call('POST', `${AUTH}/login`, { body: { email: here.email, password: here.password } })).json<Tokens>();
  const change = (token: string, password: string) =>
    at.call('POST', `${AUTH}/password/change`, { token, body: { password, new_password: 'another long one' } });
  expect((await change(here.access_token, 'wrong')).json().code).toBe('credentials_wrong');
  expect((await at.call('GET', '/api/v1/me', { token: there.access_token })).statusCode).toBe(200);
  expect((await change(here.access_token, here.password)).statusCode).toBe(204);
  expect((await at.call('GET', '/api/v1/me', { token: there.access_token })).json().code).toBe('session_ended');
  expect((await at.call('GET', '/api/v1/me', { token: here.access_token })).statusCode).toBe(200);
  expect((await at.call('POST', `${AUTH}/login`, { body: { email: here.email, password: here.password } })).statusCode).toBe(401);
  expect((await change((await at.guest()).access_token, 'any')).json()).toMatchObject({ status: 409, code: 'guest_has_no_password' });
});
