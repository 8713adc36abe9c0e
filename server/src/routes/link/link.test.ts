import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { buildTestApp, type TestApp } from '../../../test/app.ts';
import { buildAnalysis } from '../../../test/build-analysis.ts';
import { buildBlob, buildChallenge, buildPlayer } from '../../../test/factories.ts';
import { deleteAnalysesOf, writeAnalysis } from '../../store/analyses.ts';
import { blobUrl, updateChallenge } from '../../store/challenges.ts';
import { transact } from '../../store/transact.ts';

const NO_ID = '0190f5fe-7c00-7a00-8000-000000000000';
/** One grey pixel. */
const JPEG = Buffer.from(
  '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD/yQALCAABAAEBAREA/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k=',
  'base64',
);

const form = (at: TestApp, id: string, fields: Record<string, string>, headers: InjectOptions['headers'] = {}) =>
  at.app.inject({
    method: 'POST',
    url: `/c/${id}/guess`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: new URLSearchParams(fields).toString(),
  });
const cookieOf = (answer: LightMyRequestResponse) => String(answer.headers['set-cookie']).split(';')[0] ?? '';
const counts = async (at: TestApp) => ({
  guests: (await at.ports.db.selectFrom('users').select('id').where('role', '=', 'guest').execute()).length,
  guesses: (await at.ports.db.selectFrom('challenge_responses').select('id').execute()).length,
});

async function publish(at: TestApp, wish: Parameters<typeof buildChallenge>[1] = {}): Promise<string> {
  const { id } = await buildChallenge(at.ports, { status: 'published', title: 'Three <b>things</b> & "more"', ...wish });
  const poster = await buildBlob(at.ports, `test:${id}`, JPEG);
  await transact(at.ports.db, (tx) => updateChallenge(tx, id, { poster_url: blobUrl(poster) }));
  return id;
}

test('the page of a challenge has preview, poster, video and form in it, escaped, in the visitor’s language', async () => {
  await using at = await buildTestApp({}, { PUBLIC_URL: 'https://play.example.com' });
  const author = await buildPlayer(at.ports);
  const id = await publish(at, { author_id: author.id });
  const page = await at.call('GET', `/c/${id}`, { headers: { host: 'play.example.com', 'accept-language': 'fr, de-AT;q=0.9, en;q=0.8' } });
  expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(page.headers['content-security-policy']).toMatch(/script-src 'self' 'wasm-unsafe-eval';/);
  expect(page.body).not.toMatch(/<b>things|<script(?![^>]*src=)[^>]*>/);
  for (const part of [
    '<html lang="de">',
    `<link rel="canonical" href="https://play.example.com/c/${id}">`,
    `<meta property="og:image" content="https://play.example.com/c/${id}/card.png?lang=de">`,
    '<meta property="og:title" content="Three &lt;b&gt;things&lt;/b&gt; &amp; &quot;more&quot; · Was davon ist gelogen?">',
    '<meta name="twitter:card" content="summary_large_image">',
    '<link rel="preload" as="image" href="/api/v1/blobs/',
    `<track kind="captions"`,
    `<form id="guess" method="post" action="/c/${id}/guess"`,
  ]) {
    expect(page.body).toContain(part);
  }
  expect(page.body).toMatch(/<video [^>]*preload="metadata"[^>]* poster="\/api\/v1\/blobs\/[^"]+" src="\/api\/v1\/blobs\//);
  const plain = await at.call('GET', `/c/${id}`, { headers: { host: 'localhost:1', accept: '*/*' } });
  expect(plain.body).toContain('<html lang="en">');
  expect((await at.call('HEAD', `/c/${id}`)).statusCode).toBe(200);
});

test('what is not on stage is not found, each like one that never was; the card too', async () => {
  await using at = await buildTestApp();
  const level = (text: string, id: string) => text.replaceAll(id, NO_ID);
  const unknown = await at.call('GET', `/c/${NO_ID}`, { headers: { accept: 'text/html' } });
  expect(unknown.statusCode).toBe(404);
  expect(unknown.body).toContain('This stage is empty');
  const card = await at.call('GET', `/c/${NO_ID}/card.png`);
  expect([card.statusCode, card.headers['content-type']]).toEqual([200, 'image/png']);
  expect([card.rawPayload.readUInt32BE(16), card.rawPayload.readUInt32BE(20)]).toEqual([1200, 630]);
  for (const status of ['draft', 'ready', 'held', 'hidden', 'removed'] as const) {
    const { id } = await buildChallenge(at.ports, { status, title: 'Nobody may know' });
    const answer = await at.call('GET', `/c/${id}`);
    expect([status, answer.statusCode, level(answer.body, id)]).toEqual([status, 404, unknown.body]);
    expect((await at.call('GET', `/c/${id}/card.png`)).rawPayload.equals(card.rawPayload)).toBe(true);
    expect([status, (await form(at, id, { guess: '1' })).statusCode]).toEqual([status, 404]);
  }
  const id = await publish(at);
  expect((await at.call('GET', `/c/${id}/card.png`)).rawPayload.equals(card.rawPayload)).toBe(false);
  expect((await at.call('GET', '/c/nothing')).statusCode).toBe(404);
});

test('the form works without a script: a guest in a cookie, the guess once, the answer on the same page', async () => {
  await using at = await buildTestApp();
  const id = await publish(at, { lie_index: 2, story: 'A story & its end' });
  const next = await publish(at);
  const sent = await form(at, id, { guess: '2', percent: '100' });
  expect([sent.statusCode, sent.headers.location]).toEqual([303, `/c/${id}`]);
  expect(sent.headers['set-cookie']).toMatch(/^2t1l_guest=rt_[\w-]+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/);
  const cookie = cookieOf(sent);
  const answer = await at.call('GET', `/c/${id}`, { headers: { cookie } });
  for (const part of ['You caught it', '+100', 'was the lie', 'A story &amp; its end', `href="/c/${next}"`]) {
    expect(answer.body).toContain(part);
  }
  expect((await form(at, id, { guess: '0' }, { cookie })).statusCode).toBe(303);
  expect(await counts(at)).toEqual({ guests: 1, guesses: 1 });
  const fresh = await at.call('GET', `/c/${id}`);
  expect(fresh.body).not.toContain('A story');
  expect((await at.call('GET', `/c/${next}`, { headers: { cookie } })).body).toContain('<form id="guess"');
});

test('nothing of the tells is there before one’s own guess, everything after it, without a script', async () => {
  await using at = await buildTestApp();
  const { id, author_id } = await buildChallenge(at.ports, { status: 'published', lie_index: 0 });
  await transact(at.ports.db, (tx) =>
    writeAnalysis(tx, JSON.stringify(buildAnalysis()), {
      challenge_id: id,
      user_id: author_id,
      strongest_index: 1,
      signals: '[]',
      counted: 0,
      created_at: '2026-01-01T00:00:00.000Z',
    }),
  );
  const HINTS = /The tells|paused|pause_share|class="panel tells"/;
  const { access_token: token } = await at.guest();
  for (const path of [`/c/${id}`, `/c/${id}?app`, `/c/${id}/answer`]) {
    expect((await at.call('GET', path, { token })).body).not.toMatch(HINTS);
  }
  const cookie = cookieOf(await form(at, id, { guess: '0' }));
  const [, body = ''] = (await at.call('GET', `/c/${id}`, { headers: { cookie } })).body.split('<body');
  expect(body).toContain('Number 2: paused for 20.0% more of the time than in the other two.');
  expect(body).not.toContain('<script');
  // Somebody else is told nothing still.
  expect((await at.call('GET', `/c/${id}`)).body).not.toMatch(HINTS);

  await transact(at.ports.db, (tx) => deleteAnalysesOf(tx, author_id));
  const withdrawn = await at.call('GET', `/c/${id}`, { headers: { cookie } });
  expect([withdrawn.statusCode, /<li|paused|0[.,]80/.test(withdrawn.body.split('class="panel tells"')[1] ?? '')]).toEqual([200, false]);
  expect(withdrawn.headers['cache-control']).toBe('private, no-cache');
  await transact(at.ports.db, (tx) => updateChallenge(tx, id, { status: 'hidden' }));
  const hidden = await at.call('GET', `/c/${id}`, { headers: { cookie } });
  expect([hidden.statusCode, HINTS.test(hidden.body)]).toEqual([404, false]);
});

test('a malformed form, another site and too many are refused, and nothing is made of them', async () => {
  await using at = await buildTestApp();
  const id = await publish(at);
  for (const fields of [{}, { guess: '3' }, { guess: '1', percent: '20' }, { guess: '1', percent: 'x' }] as Record<string, string>[]) {
    const answer = await form(at, id, fields);
    expect([answer.statusCode, answer.body.includes('Pick a number first')]).toEqual([400, true]);
  }
  for (const headers of [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
  ]) {
    expect([headers, (await form(at, id, { guess: '1' }, headers)).statusCode]).toEqual([headers, 400]);
  }
  expect((await form(at, id, { guess: '1', more: 'x'.repeat(2000) })).statusCode).toBe(413);
  expect(await counts(at)).toEqual({ guests: 0, guesses: 0 });
  await using limited = await buildTestApp({}, { LIMITS: 'on' });
  const other = await publish(limited);
  const statuses = [];
  for (let n = 0; n < 62; n++) {
    statuses.push((await form(limited, other, { guess: '1' }, { 'sec-fetch-site': 'same-origin' })).statusCode);
  }
  expect([statuses[59], statuses[60]]).toEqual([303, 429]);
  expect(await counts(limited)).toEqual({ guests: 60, guesses: 60 });
});

test('the app takes the guest over, as often as it takes, and an account ends the cookie', async () => {
  await using at = await buildTestApp();
  const id = await publish(at, { lie_index: 0 });
  const cookie = cookieOf(await form(at, id, { guess: '1' }));
  expect((await at.call('POST', '/link/session')).statusCode).toBe(401);
  expect((await at.call('POST', '/link/session', { headers: { cookie, 'sec-fetch-site': 'cross-site' } })).statusCode).toBe(400);
  await at.call('POST', '/link/session', { headers: { cookie } });
  // That answer was lost.
  const taken = await at.call('POST', '/link/session', { headers: { cookie } });
  expect([taken.statusCode, taken.headers['set-cookie']]).toEqual([200, expect.stringContaining('Max-Age=0')]);
  const { access_token: token, player } = taken.json();
  expect(player.is_guest).toBe(true);
  expect((await at.call('GET', `/challenges/${id}/reveal`, { token })).json().own).toMatchObject({ guess: 1, correct: false });
  const body = { email: 'kept@example.com', username: 'Kept', password: 'correct horse battery' };
  expect((await at.call('POST', '/auth/upgrade', { token, body })).statusCode).toBe(200);
  expect((await at.call('POST', '/link/session', { headers: { cookie } })).statusCode).toBe(401);
});

test('the answer for a script needs a token and a guess; the app’s page keeps the preview', async () => {
  const folder = await mkdtemp(join(tmpdir(), '2t1l-link-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'index.html'), '<!doctype html><head><title>t</title></head><script src="/app-1.js" defer></script>');
  await using at = await buildTestApp({}, { WEB_DIR: folder });
  const id = await publish(at, { lie_index: 1 });
  const { access_token: token } = await at.guest();
  expect((await at.call('GET', `/c/${id}/answer`)).json().code).toBe('unauthenticated');
  expect((await at.call('GET', `/c/${id}/answer`, { token })).json().code).toBe('guess_first');
  await at.call('POST', `/challenges/${id}/guesses`, { token, body: { guess: 0 } });
  expect((await at.call('GET', `/c/${id}/answer`, { token })).body).toContain('It got past you');
  expect((await at.call('GET', `/c/${id}`)).body).toContain('data-app="/app-1.js"');
  const app = await at.call('GET', `/c/${id}?app`);
  expect(app.body).toMatch(/<head><script src="\/link\/boot-\w+\.js" data-page="app"><\/script>.*og:title.*app-1\.js/s);
  expect(app.body).toContain('<title>Three &lt;b&gt;things&lt;/b&gt; &amp; &quot;more&quot; · 2Truths-1Lie</title>');
  const unknown = await at.call('GET', `/c/${NO_ID}?app`);
  expect([unknown.statusCode, unknown.body.includes('og:title')]).toEqual([200, false]);
  const guest = await at.call('GET', '/', { headers: { accept: 'text/html', cookie: '2t1l_guest=rt_01234567890123456789' } });
  expect(guest.body).toContain('data-guest');
});

test('scripts and faces are small, compressed and kept for ever', async () => {
  await using at = await buildTestApp();
  const page = (await at.call('GET', `/c/${await publish(at)}`)).body;
  const paths = [...new Set([...page.matchAll(/\/link\/[\w.-]+/g)].map(([path]) => path))];
  expect(paths.length).toBe(4);
  for (const path of paths) {
    const file = await at.call('GET', path, { headers: { 'accept-encoding': 'gzip, br' } });
    expect([path, file.statusCode, file.headers['content-encoding']]).toEqual([path, 200, 'br']);
    expect(file.headers['cache-control']).toContain('immutable');
    expect(file.rawPayload.length).toBeLessThan(17_000);
  }
  expect((await at.call('GET', '/link/nothing.js')).statusCode).toBe(404);
});
