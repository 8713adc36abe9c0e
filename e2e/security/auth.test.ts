/** Attacks on tokens and sessions, over HTTP. */
import { createHmac, createSign, generateKeyPairSync, hkdfSync } from 'node:crypto';
import type { ProblemCode } from '@2t1l/contract/problems';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Api, expectProblem, makeApi } from '../harness/api.ts';
import { type Player, registerPlayer } from '../harness/players.ts';
import { type Server, startServer } from '../harness/server.ts';

/** What the server is told, so that the test can sign as it does; tokens are signed by HKDF-SHA256 of this, as server/src/adapters/file-keys.ts derives it. */
const SECRET = 'a secret of this test alone and of no worth elsewhere';
const KEY_ID = 'test';
const MINUTE_MS = 60_000;

let server: Server;
let nobody: Api;

beforeAll(async () => {
  server = await startServer({ env: { SECRET_KEY: `${KEY_ID}:${SECRET}` } });
  nobody = makeApi(server.origin);
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

interface Parts {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
}

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const keyOf = (secret: string, purpose: string) => Buffer.from(hkdfSync('sha256', secret, '2truths-1lie', purpose, 32));

function partsOf(token: string): Parts {
  const [header = '', claims = ''] = token.split('.');
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
  return { header: read(header), claims: read(claims) };
}

function sign({ header, claims }: Parts, key: Buffer = keyOf(SECRET, 'access-token'), digest = 'sha256'): string {
  const body = `${base64(header)}.${base64(claims)}`;
  return `${body}.${createHmac(digest, key).update(body).digest('base64url')}`;
}

const me = (token: string) => nobody.as(token).fetch('/api/v1/me');

describe('access tokens', () => {
  let player: Player;
  let good: Parts;
  beforeAll(async () => {
    player = await registerPlayer(nobody);
    good = partsOf(player.tokens.access_token);
  });

  test('say who, until when and what for, and nothing else', () => {
    expect(good.header).toEqual({ alg: 'HS256', typ: expect.any(String), kid: KEY_ID });
    expect(good.claims).toMatchObject({ sub: player.id, scope: ['read', 'write'] });
    expect(Number(good.claims.exp) - Number(good.claims.iat)).toBe(1800);
    expect(JSON.stringify(good.claims)).not.toContain(player.email);
  });

  test('control: the same token signed by this test is taken', async () => {
    expect((await me(sign(good))).status).toBe(200);
  });

  const changed = (claims: Record<string, unknown>, header: Record<string, unknown> = {}) => ({
    header: { ...good.header, ...header },
    claims: { ...good.claims, ...claims },
  });
  const now = () => Math.floor(Date.now() / 1000);
  const attacks: [string, ProblemCode, () => string][] = [
    ['alg none', 'token_invalid', () => `${base64({ ...good.header, alg: 'none' })}.${base64(good.claims)}.`],
    ['alg None', 'token_invalid', () => `${base64({ ...good.header, alg: 'None' })}.${base64(good.claims)}.`],
    ['no signature', 'token_invalid', () => player.tokens.access_token.replace(/[^.]+$/, '')],
    ['two parts', 'token_invalid', () => player.tokens.access_token.split('.').slice(0, 2).join('.')],
    ['another key', 'token_invalid', () => sign(good, Buffer.alloc(32, 1))],
    ['the secret itself as key', 'token_invalid', () => sign(good, Buffer.from(SECRET))],
    ['the key of video addresses', 'token_invalid', () => sign(good, keyOf(SECRET, 'blob-url'))],
    ['an unknown key id', 'token_invalid', () => sign(changed({}, { kid: 'other' }))],
    ['a key id that is a path', 'token_invalid', () => sign(changed({}, { kid: '../../dev/null' }), Buffer.alloc(32))],
    ['no key id', 'token_invalid', () => sign({ ...good, header: { alg: 'HS256', typ: good.header.typ } })],
    ['HS512', 'token_invalid', () => sign(changed({}, { alg: 'HS512' }), undefined, 'sha512')],
    ['RS256', 'token_invalid', () => rsa(changed({}, { alg: 'RS256' }))],
    ['another type', 'token_invalid', () => sign(changed({}, { typ: 'JWT' }))],
    ['no type', 'token_invalid', () => sign({ ...good, header: { alg: 'HS256', kid: KEY_ID } })],
    ['changed claims, old signature', 'token_invalid', () => swapClaims(player.tokens.access_token, changed({ role: 'house' }).claims)],
    ['a role that is none', 'token_invalid', () => sign(changed({ role: 'admin' }))],
    ['no expiry', 'token_invalid', () => sign({ ...good, claims: without(good.claims, 'exp') })],
    ['no scope', 'token_invalid', () => sign({ ...good, claims: without(good.claims, 'scope') })],
    ['a session that never was', 'session_ended', () => sign(changed({ sid: '01890000-0000-7000-8000-000000000000' }))],
    ['expired a minute ago', 'token_expired', () => sign(changed({ exp: now() - 60 }))],
    ['expired this second', 'token_expired', () => sign(changed({ exp: now() }))],
    ['a refresh token', 'token_invalid', () => player.tokens.refresh_token],
    ['garbage', 'token_invalid', () => 'garbage'],
    ['8 kB of garbage', 'token_invalid', () => 'x'.repeat(8000)],
    ['dots', 'token_invalid', () => '..'],
  ];
  test.each(attacks)('%s: %s', async (_name, code, token) => {
    await expectProblem(me(token()), code);
  });

  test('two tokens, or another scheme: token_invalid; nothing: unauthenticated', async () => {
    const { access_token } = player.tokens;
    for (const authorization of [`Bearer ${access_token} ${access_token}`, `Basic ${access_token}`, access_token, 'Bearer']) {
      await expectProblem(nobody.fetch('/api/v1/me', { headers: { authorization } }), 'token_invalid');
    }
    await expectProblem(nobody.fetch('/api/v1/me'), 'unauthenticated');
    await expectProblem(nobody.fetch(`/api/v1/me?access_token=${access_token}`), 'unauthenticated');
  });

  test('a token that has expired by the clock', async () => {
    await using early = await startServer({ clockOffsetMs: -31 * MINUTE_MS });
    const fresh = await registerPlayer(makeApi(early.origin));
    expect((await fresh.api.fetch('/api/v1/me')).status).toBe(200);
    await early.restart({});
    await expectProblem(fresh.api.fetch('/api/v1/me'), 'token_expired');
    // The server has been started anew, but the key is kept: the session goes on.
    const refreshed = await fresh.api.as(null).call('refresh', { body: { refresh_token: fresh.tokens.refresh_token } });
    expect((await makeApi(early.origin, refreshed.access_token).fetch('/api/v1/me')).status).toBe(200);
    await expectProblem(me(refreshed.access_token), 'token_invalid');
  });
});

describe('scope', () => {
  test('a token that may only read is refused by every route that changes something, and changes nothing', async () => {
    const player = await registerPlayer(nobody);
    const { id } = await player.api.call('createChallenge', { body: { title: 'mine' } });
    const { header, claims } = partsOf(player.tokens.access_token);
    const reader = nobody.as(sign({ header, claims: { ...claims, scope: ['read'] } }));
    const before = await reader.call('challenge', { params: { id } });
    const document = (await (await nobody.fetch('/openapi.json')).json()) as {
      paths: Record<string, Record<string, { security?: unknown[] }>>;
    };
    const changing = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { security }]) =>
        ['post', 'put', 'patch', 'delete'].includes(method) && security !== undefined && security.length > 0
          ? [{ method: method.toUpperCase(), path }]
          : [],
      ),
    );
    expect(changing.map(({ method, path }) => `${method} ${path}`)).toEqual(
      expect.arrayContaining(['POST /api/v1/challenges', 'DELETE /api/v1/challenges/{id}', 'POST /api/v1/challenges/{id}/guesses']),
    );
    for (const { method, path } of changing) {
      const response = await reader.fetch(path.replace(/\{\w+\}/g, id), {
        method,
        ...(method === 'DELETE' ? {} : { body: '{}', headers: { 'content-type': 'application/json' } }),
      });
      const problem = (await response.json()) as { code: string };
      expect(`${method} ${path} ${problem.code}`).toBe(`${method} ${path} scope_missing`);
    }
    expect(await reader.call('challenge', { params: { id } })).toEqual(before);
    const blind = nobody.as(sign({ header, claims: { ...claims, scope: [] } }));
    await expectProblem(blind.fetch('/api/v1/me'), 'scope_missing');
  });
});

describe('sessions', () => {
  test('a refresh token spent twice ends its whole family at once', async () => {
    const player = await registerPlayer(nobody);
    const first = player.tokens.refresh_token;
    const second = await nobody.call('refresh', { body: { refresh_token: first } });
    const third = await nobody.call('refresh', { body: { refresh_token: second.refresh_token } });
    expect((await me(third.access_token)).status).toBe(200);

    await expectProblem(refresh(first), 'refresh_reused');
    for (const { access_token } of [player.tokens, second, third]) {
      await expectProblem(me(access_token), 'session_ended');
    }
    await expectProblem(refresh(third.refresh_token), 'refresh_invalid');
    // Another session of the same player is none of the family.
    expect((await nobody.call('login', { body: { email: player.email ?? '', password: player.password ?? '' } })).player.id).toBe(
      player.id,
    );
  });

  test('of many that spend one token at the same time, one wins at most, and the family ends', async () => {
    const player = await registerPlayer(nobody);
    const { refresh_token } = player.tokens;
    const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(refresh_token)));
    const won = answers.filter(({ status }) => status === 200);
    expect(won.length).toBeLessThanOrEqual(1);
    await expectProblem(me(player.tokens.access_token), 'session_ended');
  });

  test('logging out ends the session at once, and no other', async () => {
    const player = await registerPlayer(nobody);
    const elsewhere = await nobody.call('login', { body: { email: player.email ?? '', password: player.password ?? '' } });
    expect((await player.api.call('sessions')).items).toHaveLength(2);
    await player.api.call('logout');
    await expectProblem(me(player.tokens.access_token), 'session_ended');
    await expectProblem(refresh(player.tokens.refresh_token), 'refresh_invalid');
    expect((await me(elsewhere.access_token)).status).toBe(200);
  });

  test('a new password ends every other session', async () => {
    const player = await registerPlayer(nobody);
    const elsewhere = await nobody.call('login', { body: { email: player.email ?? '', password: player.password ?? '' } });
    await player.api.call('changePassword', { body: { password: player.password ?? '', new_password: 'another password' } });
    await expectProblem(me(elsewhere.access_token), 'session_ended');
    expect((await me(player.tokens.access_token)).status).toBe(200);
    const old = { email: player.email ?? '', password: player.password ?? '' };
    expect((await nobody.refused('login', { body: old })).code).toBe('credentials_wrong');
  });

  test('one cannot end the session of another', async () => {
    const [mine, theirs] = [await registerPlayer(nobody), await registerPlayer(nobody)];
    const [session] = (await theirs.api.call('sessions')).items;
    expect((await mine.api.refused('endSession', { params: { id: session?.id ?? '' } })).code).toBe('session_not_found');
    expect((await me(theirs.tokens.access_token)).status).toBe(200);
  });

  test('an unknown address and a wrong password are told apart by nothing', async () => {
    const player = await registerPlayer(nobody);
    const wrong = await nobody.refused('login', { body: { email: player.email ?? '', password: 'wrong password' } });
    const unknown = await nobody.refused('login', { body: { email: 'no.such.player@example.com', password: 'wrong password' } });
    expect({ ...unknown, instance: '' }).toEqual({ ...wrong, instance: '' });
  });
});

describe('limits', () => {
  test('too many wrong passwords for one account are slowed down, for that account alone', async () => {
    await using strict = await startServer({ env: { LIMITS: 'on' } });
    const api = makeApi(strict.origin);
    const [target, other] = [await registerPlayer(api), await registerPlayer(api)];
    const codes: string[] = [];
    for (let tries = 0; tries < 12; tries += 1) {
      codes.push((await api.refused('login', { body: { email: target.email ?? '', password: 'wrong password' } })).code);
    }
    expect(codes).toEqual([...Array(10).fill('credentials_wrong'), 'login_throttled', 'login_throttled']);
    const throttled = await api.fetch('/api/v1/auth/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: target.email, password: target.password }),
    });
    expect(Number(throttled.headers.get('retry-after'))).toBeGreaterThan(0);
    await expectProblem(throttled, 'login_throttled');
    await api.call('login', { body: { email: other.email ?? '', password: other.password ?? '' } });
  });
});

function refresh(refresh_token: string): Promise<Response> {
  return nobody.fetch('/api/v1/auth/refresh', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ refresh_token }),
  });
}

function rsa({ header, claims }: Parts): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const body = `${base64(header)}.${base64(claims)}`;
  return `${body}.${createSign('RSA-SHA256').update(body).sign(privateKey, 'base64url')}`;
}

function swapClaims(token: string, claims: Record<string, unknown>): string {
  const [header, , signature] = token.split('.');
  return `${header}.${base64(claims)}.${signature}`;
}

function without(claims: Record<string, unknown>, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));
}
