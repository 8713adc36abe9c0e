import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endpoints } from '@2t1l/contract/endpoints';
import { expect, onTestFinished, test } from 'vitest';
import { buildTestApp } from '../../test/app.ts';
import { fakeClock } from '../../test/ports.ts';

const HTML = { accept: 'text/html,application/xhtml+xml' };
const TOKEN = 'a-token-for-metrics';

async function webDir(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), '2t1l-web-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

test('the web app: hashed files for ever, the page never, every address a page, the API none of it', async () => {
  const hash = '0123456789abcdef0123456789abcdef';
  const page = '<!doctype html><script>inline()</script><script src="/x.js"></script>';
  const web = await webDir({ 'index.html': page, [`_expo/static/css/web-${hash}.css`]: 'a{}', 'favicon.ico': 'i', '.secret': 's' });
  await using at = await buildTestApp({}, { WEB_DIR: web });
  const css = await at.call('GET', `/_expo/static/css/web-${hash}.css`);
  expect([css.statusCode, css.headers['content-type'], css.headers['cache-control']]).toEqual([
    200,
    'text/css; charset=utf-8',
    'public, max-age=31536000, immutable',
  ]);
  expect((await at.call('GET', '/favicon.ico')).headers['cache-control']).toBe('no-cache');
  for (const path of ['/', '/index.html', '/create?x=1']) {
    const answer = await at.call('GET', path, { headers: HTML });
    expect([path, answer.statusCode, answer.body, answer.headers['cache-control']]).toEqual([path, 200, page, 'no-cache']);
    const policy = answer.headers['content-security-policy'];
    expect(policy).toMatch(/script-src 'self' 'wasm-unsafe-eval' 'sha256-[^']+';/);
    expect(policy).not.toContain("'unsafe-eval'");
  }
  expect((await at.call('HEAD', '/create', { headers: HTML })).statusCode).toBe(200);
  // Previews and curl do not name HTML.
  expect((await at.call('GET', '/', { headers: { accept: '*/*' } })).body).toBe(page);
  expect((await at.call('HEAD', '/', { headers: { accept: '*/*' } })).statusCode).toBe(200);
  for (const path of ['/missing.js', '/.secret', '/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/%00', '/%zz']) {
    const answer = await at.call('GET', path);
    expect([path, answer.headers['content-type']]).toEqual([path, 'application/problem+json; charset=utf-8']);
    expect(answer.body).not.toContain('root:');
  }
  expect((await at.call('GET', '/api/v1/nothing', { headers: HTML })).json().code).toBe('not_found');
  expect((await at.call('POST', '/create', { headers: HTML })).json().code).toBe('not_found');
});

test('without a build a page says how to get one', async () => {
  await using at = await buildTestApp();
  const answer = await at.call('GET', '/', { headers: HTML });
  expect(answer.statusCode).toBe(200);
  expect(answer.body).toContain('npm start');
  await using missing = await buildTestApp({}, { WEB_DIR: '/nowhere/at/all' });
  expect((await missing.call('GET', '/', { headers: HTML })).body).toContain('npm start');
});

test('openapi.json is 3.1, names every endpoint, and every reference in it leads somewhere', async () => {
  await using at = await buildTestApp();
  const answer = await at.call('GET', '/openapi.json');
  const document = answer.json();
  expect(document.openapi).toBe('3.1.0');
  for (const [name, { method, path }] of Object.entries(endpoints)) {
    const operation = document.paths[`/api/v1${path.replace(/:(\w+)/g, '{$1}')}`]?.[method.toLowerCase()];
    expect([name, operation?.operationId]).toEqual([name, name]);
  }
  const references = [...new Set([...answer.body.matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1] ?? ''))];
  expect(references.length).toBeGreaterThan(10);
  for (const reference of references) {
    expect(reference).toMatch(/^#\/components\/schemas\//);
    expect([reference, document.components.schemas[reference.split('/')[3] ?? '']]).not.toEqual([reference, undefined]);
  }
  const ids = Object.values<Record<string, { operationId: string }>>(document.paths).flatMap((path) =>
    Object.values(path).map((one) => one.operationId),
  );
  expect(new Set(ids).size).toBe(ids.length);
  expect(document.paths['/api/v1/auth/login'].post.responses['429'].description).toContain('login_throttled');
  expect(document.paths['/api/v1/auth/login'].post.requestBody.content['application/json'].schema).toEqual({
    $ref: '#/components/schemas/LoginBody',
  });
  expect(document.components.schemas.LoginBody.additionalProperties).toBe(false);
});

test('openapi.json knows every address below the prefix', async () => {
  await using at = await buildTestApp();
  const { paths } = (await at.call('GET', '/openapi.json')).json<{ paths: object }>();
  // A tree of four columns a level: `│   ├── /challenges (GET, HEAD, POST)`.
  const parents: string[] = [];
  const addresses = [...at.app.printRoutes({ commonPrefix: false }).matchAll(/^(.*?)[├└]── (\S*)(?: \((.+)\))?$/gm)].flatMap(
    ([, indent = '', part = '', methods]) => {
      const depth = indent.length / 4;
      parents[depth] = part;
      const path = parents.slice(0, depth + 1).join('');
      return methods !== undefined && path.startsWith('/api/v1/') ? [path] : [];
    },
  );
  expect(addresses.length).toBeGreaterThan(20);
  expect(addresses.map((path) => path.replace(/:(\w+)/g, '{$1}')).filter((path) => !(path in paths))).toEqual([]);
});

test('the documentation needs nothing from elsewhere', async () => {
  await using at = await buildTestApp();
  const page = await at.call('GET', '/docs/', { headers: HTML });
  expect(page.statusCode).toBe(200);
  expect(page.body).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  const script = await at.call('GET', '/docs/scalar.js');
  expect([script.statusCode, script.headers['content-type']]).toEqual([200, 'text/javascript; charset=utf-8']);
  expect(script.body.length).toBeGreaterThan(1_000_000);
  const gzipped = await at.call('GET', '/docs/scalar.js', { headers: { 'accept-encoding': 'br, gzip' } });
  expect(gzipped.headers['content-encoding']).toBe('gzip');
  expect(gzipped.rawPayload.length).toBeLessThan(script.body.length / 2);
});

test('ready says which part is at fault', async () => {
  await using at = await buildTestApp({}, { FFMPEG_PATH: '/nowhere/ffmpeg' });
  expect((await at.call('GET', '/health/live')).json()).toEqual({ status: 'ok' });
  const answer = await at.call('GET', '/health/ready');
  expect([answer.statusCode, answer.json()]).toEqual([
    503,
    { status: 'unready', checks: { database: 'ok', disk: 'ok', ffmpeg: 'missing', ffprobe: 'missing' } },
  ]);
  await using api = await buildTestApp({}, { FFMPEG_PATH: '/nowhere/ffmpeg', ROLES: 'api' });
  expect((await api.call('GET', '/health/ready')).json()).toEqual({ status: 'ok', checks: { database: 'ok', disk: 'ok' } });
  await rm(api.ports.data_dir, { recursive: true });
  await using gone = await buildTestApp({}, { ROLES: 'api' });
  await rm(gone.ports.data_dir, { recursive: true });
  expect((await gone.call('GET', '/health/ready')).json().checks.disk).toBe('failed');
});

test('ready notices within half a minute that a tool is gone, and soon that it is back', async () => {
  const folder = await mkdtemp(join(tmpdir(), '2t1l-tools-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const install = (name: string) => writeFile(join(folder, name), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  await install('ffmpeg');
  await install('ffprobe');
  const clock = fakeClock();
  await using at = await buildTestApp({ clock }, { FFMPEG_PATH: join(folder, 'ffmpeg') });
  const tools = async (passMs: number) => {
    clock.pass(passMs);
    const { ffmpeg, ffprobe } = (await at.call('GET', '/health/ready')).json().checks;
    return [ffmpeg, ffprobe];
  };
  expect(await tools(0)).toEqual(['ok', 'ok']);
  await rm(join(folder, 'ffprobe'));
  expect(await tools(25_000)).toEqual(['ok', 'ok']);
  expect(await tools(5_000)).toEqual(['ok', 'missing']);
  await install('ffprobe');
  expect(await tools(3_000)).toEqual(['ok', 'ok']);
});

test('metrics are closed without a token and count by the route’s pattern with one', async () => {
  await using closed = await buildTestApp();
  expect((await closed.call('GET', '/metrics')).statusCode).toBe(404);
  await using at = await buildTestApp({}, { METRICS_TOKEN: TOKEN });
  const { access_token: token } = await at.guest();
  await at.call('GET', '/api/v1/me', { token });
  await at.call('GET', '/api/v1/me');
  await at.call('GET', '/challenges/0190f5fe-7c00-7a00-8000-000000000000');
  expect((await at.call('GET', '/metrics')).json().code).toBe('unauthenticated');
  expect((await at.call('GET', '/metrics', { token: 'another-token-of-length' })).statusCode).toBe(401);
  const text = (await at.call('GET', '/metrics', { token: TOKEN })).body;
  expect(text).toContain('api_request_duration_seconds_count{endpoint="/api/v1/me",status="200"} 1');
  expect(text).toContain('api_request_duration_seconds_count{endpoint="/api/v1/me",status="401"} 1');
  expect(text).toContain('api_request_duration_seconds_count{endpoint="/api/v1/challenges/:id",status="404"} 1');
  expect(text).not.toContain('0190f5fe');
});
