import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { buildTestApp } from '../../test/app.ts';
import type { Ports } from '../ports.ts';

const PROBLEM = 'application/problem+json; charset=utf-8';

test('the specification’s addresses answer with and without prefix and trailing slash', async () => {
  await using at = await buildTestApp();
  const { access_token: token } = await at.guest();
  for (const path of ['/challenges', '/challenges/', '/api/v1/challenges', '/api/v1/challenges/']) {
    expect([path, (await at.call('POST', path, { token, body: { title: 'Test Challenge' } })).statusCode]).toEqual([path, 201]);
  }
  expect((await at.call('GET', '/challenges?limit=1', { token })).statusCode).toBe(200);
  expect((await at.call('GET', '/challengesx', { token })).json().code).toBe('not_found');
});

test('what is no JSON, no JSON object, or no JSON at all is told apart', async () => {
  await using at = await buildTestApp();
  const send = (payload: string, type: string) =>
    at.app.inject({ method: 'POST', url: '/auth/login', headers: { 'content-type': type }, payload });
  const malformed = await send('{"email":', 'application/json');
  expect(malformed.json()).toMatchObject({ status: 400, code: 'malformed_json' });
  expect(malformed.headers['content-type']).toBe(PROBLEM);
  expect((await send('[]', 'application/json')).json().code).toBe('invalid_request');
  expect((await send('null', 'application/json')).json().code).toBe('invalid_request');
  expect((await send('{"__proto__":{"email":"x"}}', 'application/json')).json().code).toBe('malformed_json');
  expect((await send('email=a', 'application/x-www-form-urlencoded')).json()).toMatchObject({
    status: 415,
    code: 'media_type_unsupported',
  });
  expect((await send('', 'application/json')).json()).toMatchObject({
    code: 'invalid_request',
    errors: [{ pointer: '#/email' }, { pointer: '#/password' }],
  });
});

test('calls without a body may say that theirs is JSON, or of any kind, as long as it is empty', async () => {
  await using at = await buildTestApp();
  for (const type of ['application/json', 'application/x-www-form-urlencoded']) {
    const headers = { 'content-type': type, 'content-length': '0' };
    expect((await at.app.inject({ method: 'POST', url: '/auth/guest', headers })).statusCode).toBe(201);
  }
});

test('unknown fields are refused by name, in bodies and in queries', async () => {
  await using at = await buildTestApp();
  const { access_token: token } = await at.guest();
  const body = await at.call('POST', '/challenges', { token, body: { title: 'x', 'status/~': 'published' } });
  expect(body.json().errors).toEqual([{ pointer: '#/status~1~0', detail: 'unknown field' }]);
  const query = await at.call('GET', '/challenges?limit=5&all=1', { token });
  expect(query.json().errors).toEqual([{ pointer: '#/query/all', detail: 'unknown field' }]);
  expect((await at.call('GET', '/challenges?limit=0', { token })).json().errors[0].pointer).toBe('#/query/limit');
});

test('an address that is not there is 404, a method that is not there 405 with Allow; HEAD works for GET', async () => {
  await using at = await buildTestApp();
  const { access_token: token } = await at.guest();
  const missing = await at.call('GET', '/api/v1/nothing', { headers: { accept: 'text/html' } });
  expect([missing.statusCode, missing.headers['content-type'], missing.json().code]).toEqual([404, PROBLEM, 'not_found']);
  const wrong = await at.call('PUT', '/api/v1/me', { token });
  expect([wrong.statusCode, wrong.json().code, wrong.headers.allow]).toEqual([405, 'method_not_allowed', 'GET, HEAD, PATCH']);
  const head = await at.call('HEAD', '/api/v1/me', { token });
  expect([head.statusCode, head.body]).toEqual([200, '']);
  expect((await at.call('GET', '/api/v1/%zz')).json()).toMatchObject({ status: 400, code: 'invalid_request' });
});

test.each([
  ['a full disk', Object.assign(new Error('no space'), { code: 'ENOSPC' }), 507, 'storage_full'],
  [
    'a full database, wrapped',
    new Error('query failed', { cause: Object.assign(new Error('full'), { errcode: 13 }) }),
    507,
    'storage_full',
  ],
  ['a locked database', Object.assign(new Error('locked'), { errcode: 5 }), 503, 'busy'],
  ['anything else', new Error('secret detail'), 500, 'internal'],
])('%s is one clear problem', async (_name, error, status, code) => {
  const logged: object[] = [];
  const log: Ports['log'] = { info() {}, warn() {}, error: (fields) => logged.push(fields) };
  const passwords: Ports['passwords'] = { hash: () => Promise.reject(error), verify: () => Promise.reject(error) };
  await using at = await buildTestApp({ log, passwords });
  const answer = await at.call('POST', '/auth/login', { body: { email: 'a@example.com', password: 'hunter2hunter2' } });
  expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
  expect(answer.body).not.toContain('secret detail');
  expect(logged).toHaveLength(code === 'busy' ? 0 : 1);
  expect(JSON.stringify(logged)).not.toContain('hunter2');
  expect(answer.json().instance).toBe(`urn:2t1l:request:${answer.headers['x-request-id']}`);
});

test('answers are an allow-list', async () => {
  await using at = await buildTestApp();
  const { access_token: token } = await at.account();
  const { db } = at.ports;
  expect(Object.keys((await at.call('GET', '/api/v1/me', { token })).json()).sort()).toEqual(
    ['consents', 'created_at', 'email', 'id', 'is_guest', 'stats', 'username'].sort(),
  );
  expect((await db.selectFrom('users').select('password_hash').executeTakeFirstOrThrow()).password_hash).toMatch(/^\$argon2id\$/);
});

test('pages of the allowed origins may call, others get no leave', async () => {
  await using at = await buildTestApp({}, { CORS_ORIGINS: 'https://play.example.com' });
  const preflight = (origin: string) =>
    at.call('OPTIONS', '/api/v1/me', {
      headers: { origin, 'access-control-request-method': 'PATCH', 'access-control-request-headers': 'authorization' },
    });
  const allowed = await preflight('https://play.example.com');
  expect(allowed.statusCode).toBe(204);
  expect(allowed.headers).toMatchObject({
    'access-control-allow-origin': 'https://play.example.com',
    'access-control-allow-headers': 'authorization',
    vary: 'Origin',
  });
  expect(allowed.headers['access-control-allow-methods']).toContain('PATCH');
  expect(allowed.headers['access-control-allow-credentials']).toBeUndefined();
  expect((await preflight('https://evil.example')).headers['access-control-allow-origin']).toBeUndefined();
  const problem = await at.call('GET', '/api/v1/me', { headers: { origin: 'https://play.example.com' } });
  expect([problem.statusCode, problem.headers['access-control-allow-origin']]).toEqual([401, 'https://play.example.com']);
});

test.each(['with a length', 'chunked'])('100 MB of JSON, %s, are refused with 413 and are not kept in memory', async (kind) => {
  await using at = await buildTestApp();
  await at.app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = at.app.server.address() as { port: number };
  const chunk = Buffer.alloc(1024 * 1024, 0x20);
  const total = 100 * chunk.length;
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let received = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      received += text;
    });
    socket.on('close', () => resolve(received)).on('error', (error) => (received === '' ? reject(error) : resolve(received)));
    const isChunked = kind === 'chunked';
    socket.write(
      `POST /api/v1/auth/login HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n${isChunked ? 'transfer-encoding: chunked' : `content-length: ${total}`}\r\nconnection: close\r\n\r\n`,
    );
    let sent = 0;
    const send = () => {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      while (sent < total && !socket.destroyed) {
        sent += chunk.length;
        if (isChunked) {
          socket.write(`${chunk.length.toString(16)}\r\n`);
          socket.write(chunk);
        }
        if (!(isChunked ? socket.write('\r\n') : socket.write(chunk))) {
          socket.once('drain', send);
          return;
        }
      }
      if (isChunked) {
        socket.write('0\r\n\r\n');
      }
      socket.end();
    };
    send();
  });
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  expect(answer).toContain('"code":"body_too_large"');
  expect(most).toBeLessThan(40 * 1024 * 1024);
});

test.each([
  ['no method', 'nonsense\r\n\r\n', 400, 'invalid_request'],
  ['two lengths', 'POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n', 400, 'invalid_request'],
  ['endless headers', `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 431, 'headers_too_large'],
])('what is not HTTP gets a problem: %s', async (_name, sent, status, code) => {
  await using at = await buildTestApp();
  await at.app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = at.app.server.address() as { port: number };
  const socket = connect(port, '127.0.0.1');
  socket.write(sent);
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} [A-Z].*\r\ncontent-type: application/problem\\+json`, 's'));
  expect(JSON.parse(body)).toMatchObject({ status, code });
});

test('a body that is not UTF-8 is refused, and one that is comes as it was', async () => {
  await using at = await buildTestApp();
  const { access_token: token } = await at.guest();
  const send = (title: Buffer) =>
    at.app.inject({
      method: 'POST',
      url: '/challenges',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      payload: Buffer.concat([Buffer.from('{"title":"'), title, Buffer.from('"}')]),
    });
  const refused = await send(Buffer.from([0x61, 0xff, 0x62]));
  expect([refused.statusCode, refused.json().code]).toEqual([400, 'malformed_json']);
  expect((await send(Buffer.from('Käse 🧀'))).json().title).toBe('Käse 🧀');
});

test('an id in capitals is the same id', async () => {
  await using at = await buildTestApp();
  const { access_token: token } = await at.guest();
  const { id } = (await at.call('POST', '/challenges', { token, body: {} })).json();
  expect(id).toBe(id.toLowerCase());
  const answer = await at.call('GET', `/challenges/${id.toUpperCase()}`, { token });
  expect([answer.statusCode, answer.json().id]).toEqual([200, id]);
});
