import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { buildTestApp, type TestApp } from '../../test/app.ts';
import { buildBlob, buildChallenge } from '../../test/factories.ts';
import { fakeClock } from '../../test/ports.ts';
import { byteRange, isKnown } from './byte-range.ts';
import { webVtt } from './captions.ts';

const get = (at: TestApp, path: string, headers: Record<string, string> = {}, token?: string) =>
  at.call('GET', path, { headers, ...(token === undefined ? {} : { token }) });

test.each([
  [undefined, null],
  ['bytes=0-', { start: 0, end: 99 }],
  ['bytes=10-19', { start: 10, end: 19 }],
  ['bytes=90-500', { start: 90, end: 99 }],
  ['bytes=-10', { start: 90, end: 99 }],
  ['bytes=-500', { start: 0, end: 99 }],
  ['bytes=99-99', { start: 99, end: 99 }],
  ['bytes=100-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=5-4', null],
  ['bytes=0-1,5-6', null],
  ['bytes=-', null],
  ['items=0-1', null],
] as const)('range %s of 100 bytes', (header, expected) => {
  expect(byteRange(header, 100)).toEqual(expected);
});

test('If-None-Match knows lists, weak ones and any', () => {
  expect([isKnown('"a", W/"b"', '"b"'), isKnown('*', '"b"'), isKnown('"a"', '"b"'), isKnown(undefined, '"b"')]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test('captions: one cue a typed statement, over its segment, never markup', () => {
  const segments = [0, 3599.9995, 3661.5].map((start_seconds) => ({ start_seconds, end_seconds: start_seconds + 1 }));
  expect(webVtt(['a --> <b>&', null, 'c'], segments)).toBe(
    'WEBVTT\n\n1\n00:00:00.000 --> 00:00:01.000\na --&gt; &lt;b&gt;&amp;\n\n3\n01:01:01.500 --> 01:01:02.500\nc\n',
  );
});

test('a blob: whole, in parts, its head, known before; changed and expired addresses are refused', async () => {
  const clock = fakeClock(Date.now());
  await using at = await buildTestApp({ clock });
  const bytes = randomBytes(100_000);
  const hash = await buildBlob(at.ports, 'challenge:x:video', bytes);
  const url = at.ports.blobs.url(hash, 'video/mp4');
  const whole = await get(at, url);
  expect([whole.statusCode, whole.rawPayload.equals(bytes), whole.headers['content-type']]).toEqual([200, true, 'video/mp4']);
  expect(whole.headers).toMatchObject({
    'content-length': '100000',
    'accept-ranges': 'bytes',
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, max-age=21600, immutable',
    etag: `"${hash}"`,
  });
  const part = await get(at, url, { range: 'bytes=99990-' });
  expect([part.statusCode, part.headers['content-range'], part.rawPayload.equals(bytes.subarray(99_990))]).toEqual([
    206,
    'bytes 99990-99999/100000',
    true,
  ]);
  expect((await get(at, url, { range: 'bytes=0-9', 'if-range': `"${hash}"` })).statusCode).toBe(206);
  expect((await get(at, url, { range: 'bytes=0-9', 'if-range': '"other"' })).statusCode).toBe(200);
  const beyond = await get(at, url, { range: 'bytes=100000-' });
  expect([beyond.statusCode, beyond.headers['content-range'], beyond.json().code]).toEqual([416, 'bytes */100000', 'range_unsatisfiable']);
  const head = await at.call('HEAD', url, { headers: { range: 'bytes=0-9' } });
  expect([head.statusCode, head.headers['content-length'], head.payload]).toEqual([206, '10', '']);
  expect((await get(at, url, { 'if-none-match': `"${hash}"` })).statusCode).toBe(304);

  const other = await buildBlob(at.ports, 'challenge:y:video');
  for (const wrong of [
    url.replace('video', 'text'),
    url.replace(hash, other),
    `${url}0`,
    url.replace(/exp=\d/, 'exp=9'),
    `/api/v1/blobs/${hash}`,
  ]) {
    expect((await get(at, wrong)).json()).toMatchObject({ status: 403, code: 'address_invalid' });
  }
  expect((await get(at, at.ports.blobs.url(hash, 'text/html'))).json().code).toBe('address_invalid');
  expect((await get(at, at.ports.blobs.url('0'.repeat(64), 'video/mp4'))).json().code).toBe('not_found');
  clock.pass(13 * 3600 * 1000);
  expect((await get(at, url)).json().code).toBe('address_invalid');
});

test('video, poster and captions of what one may see, and of nothing else', async () => {
  await using at = await buildTestApp();
  const { access_token: token, player } = await at.guest();
  const { access_token: stranger } = await at.guest();
  const open = await buildChallenge(at.ports, { author_id: player.id, status: 'published' });
  const own = await buildChallenge(at.ports, { author_id: player.id, status: 'ready' });
  const draft = await buildChallenge(at.ports, { author_id: player.id });
  for (const path of ['video', 'poster']) {
    const away = await get(at, `/challenges/${open.id}/${path}`);
    expect([away.statusCode, away.headers['cache-control']]).toEqual([302, 'no-store']);
    expect((await get(at, String(away.headers.location))).statusCode).toBe(200);
    expect((await get(at, `/challenges/${own.id}/${path}`, {}, token)).statusCode).toBe(302);
    expect((await get(at, `/challenges/${own.id}/${path}`, {}, stranger)).json().code).toBe('challenge_not_found');
    expect((await get(at, `/challenges/${draft.id}/${path}`, {}, token)).json().code).toBe('not_found');
    expect((await get(at, `/challenges/nothing/${path}`)).json().code).toBe('invalid_request');
  }
  const captions = await get(at, `/challenges/${open.id}/captions`);
  expect([captions.headers['content-type'], captions.payload.startsWith('WEBVTT\n')]).toEqual(['text/vtt; charset=utf-8', true]);
  expect((await get(at, `/challenges/${own.id}/captions`)).json().code).toBe('challenge_not_found');
});
