/** Tells as their author and a guesser have them: nothing without consent, nothing before the guess, measured numbers after it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Analysis } from '@2t1l/contract/analysis';
import type { Browser } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { closeAfterAll } from '../harness/after.ts';
import { type Api, makeApi } from '../harness/api.ts';
import { faultsForAll, openApp } from '../harness/app.ts';
import { launchBrowser } from '../harness/browser.ts';
import { makeChallenge } from '../harness/challenges.ts';
import { bytesIn, filesIn, rowsOf } from '../harness/data-folder.ts';
import { guestPlayer, type Player, registerPlayer } from '../harness/players.ts';
import { makeScratch } from '../harness/scratch.ts';
import { type Server, startServer } from '../harness/server.ts';
import { makeThreeStatements } from '../harness/speaking-clips.ts';
import { begin, button, keep, publish, record } from '../harness/studio.ts';
import { until } from '../harness/until.ts';

const SLOW = { timeout: 60_000 };

/** Words that every measured clip has in its result, and nothing else in the product's data. */
const MEASURED = /happiness|jitter_ratio|stress_level/g;

const scratch = await makeScratch();
const cacheLog = join(scratch.path, 'cache.log');
/** The server's caches, which are in its memory alone, write down what they are given. */
const WATCH_CACHES = `
  import { appendFileSync } from 'node:fs';
  import { LRUCache } from '${import.meta.resolve('lru-cache')}';
  const { set } = LRUCache.prototype;
  LRUCache.prototype.set = function (key, value, ...more) {
    appendFileSync('${cacheLog}', JSON.stringify([key, value]) + '\\n');
    return set.call(this, key, value, ...more);
  };`;
const cached = () => readFile(cacheLog, 'utf8');
let server: Server;
let browser: Browser;
let clips: string[];
let mira: Player;

beforeAll(async () => {
  [server, clips] = await Promise.all([startServer({ preload: WATCH_CACHES }), makeThreeStatements(scratch.path)]);
  browser = await launchBrowser({ cameraFolder: scratch.path, ...(clips[0] === undefined ? {} : { clip: clips[0] }) });
});
closeAfterAll(() => [browser, server, scratch]);

const statuses = ({ emotion_analysis }: Analysis) => emotion_analysis.segments.map(({ status }) => status);

async function analysed(api: Api, id: string): Promise<Analysis> {
  const look = async () => {
    const analysis = await api.call('analysis', { params: { id } });
    return (analysis.status === 'completed' || analysis.status === 'failed') && analysis;
  };
  return await until(look, { what: `the analysis of ${id}`, timeoutMs: 90_000, everyMs: 300 });
}

test('what is recorded without consent leaves no trace but the clips themselves: in no table, cache, file or log', async () => {
  const author = await registerPlayer(makeApi(server.origin));
  await using app = await openApp(browser, server.origin, { path: '/create', player: author, hasTouch: false, isQuick: true });
  const { page } = app;
  await button(page, 'To the camera').click(SLOW);
  for (const number of [1, 2, 3]) {
    await record(page, number);
    await keep(page);
  }
  await page.getByRole('switch', { name: 'Measure my tells', checked: false }).waitFor(SLOW);
  await publish(page);
  const [challenge] = (await author.api.call('myChallenges', { query: {} })).items;
  expect(challenge).toMatchObject({ status: 'published', clips: Array(3).fill({ status: 'ready' }) });
  const analysis = await author.api.call('analysis', { params: { id: challenge?.id ?? '' } });
  expect(analysis).toMatchObject({ status: 'completed', tells: null });
  expect(statuses(analysis)).toEqual(['declined', 'declined', 'declined']);

  expect(await rowsOf(server.dataDir, 'select 1 from clip_analyses')).toEqual([]);
  expect(await rowsOf(server.dataDir, 'select 1 from challenge_tells')).toEqual([]);
  expect(await rowsOf(server.dataDir, 'select 1 from tell_records')).toEqual([]);
  expect(await rowsOf(server.dataDir, 'select 1 from challenges where ai_analysis is not null')).toEqual([]);
  expect(await rowsOf(server.dataDir, "select kind from jobs where kind like '%analys%' or kind like '%tell%'")).toEqual([]);
  // Every file belongs to a clip or to what was merged of the three.
  const refs = await rowsOf<{ owner: string; hash: string }>(server.dataDir, 'select owner, hash from blob_refs');
  const KNOWN = /^(clip:[^:]+:(source|canonical)|challenge:[^:]+:(video|heavy|poster))$/;
  expect(refs.filter(({ owner }) => !KNOWN.test(owner))).toEqual([]);
  const hashes = new Set(refs.map(({ hash }) => hash));
  const blobs = (await filesIn(server.dataDir)).filter((file) => /[0-9a-f]{64}/.test(file));
  expect(blobs.length).toBeGreaterThanOrEqual(clips.length + 2);
  expect(blobs.filter((file) => !hashes.has(/[0-9a-f]{64}/.exec(file)?.[0] ?? ''))).toEqual([]);
  expect((await bytesIn(server.dataDir)).match(MEASURED)).toBeNull();
  expect((await cached()).match(/^\["session:/m)).not.toBeNull();
  expect((await cached()).match(MEASURED)).toBeNull();
  expect(server.logs()).not.toMatch(/analys|tells|emotion|pitch|stress/i);
  expect(app.faults).toEqual([]);
});

test('with consent: nothing before the guess, measured numbers beside the answer after it', async () => {
  mira = await registerPlayer(makeApi(server.origin), { name: 'Mira' });
  await mira.api.call('putConsents', { body: { tells: true } });
  const { id } = await makeChallenge(mira.api, clips, { lie_index: 2, title: 'Where I have been' });
  const early = await guestPlayer(makeApi(server.origin));
  expect((await early.api.refused('analysis', { params: { id } })).code).toBe('guess_first');

  await using app = await openApp(browser, server.origin, { path: `/c/${id}?app` });
  const { page } = app;
  await page.getByRole('radio', { name: /^Take statement 1 for the lie/ }).click(SLOW);
  expect(await page.getByText('The tells').count()).toBe(0);
  await page.getByRole('button', { name: /^Lock it in/ }).click();
  await page.getByText('It got past you').waitFor(SLOW);
  await page.getByRole('heading', { name: 'The tells' }).waitFor(SLOW);

  const { status, tells, ...parts } = await analysed(mira.api, id);
  expect(status).toBe('completed');
  for (const { segments } of Object.values(parts)) {
    expect(segments.map((segment) => segment.status)).toEqual(['completed', 'completed', 'completed']);
  }
  await page.getByRole('button', { name: 'Show all signals' }).click(SLOW);
  const number = new Intl.NumberFormat('en', { maximumSignificantDigits: 3, minimumSignificantDigits: 3 });
  for (const [index, { signals }] of (tells?.segments ?? []).entries()) {
    const pitch = signals.find(({ name }) => name === 'pitch_median_hz')?.value ?? 0;
    expect(pitch).toBeGreaterThan(60);
    await page.getByRole('img', { name: `number ${index + 1}: ${number.format(pitch)}\u00a0Hz` }).waitFor();
  }
  expect(await page.getByText(/No clear signal|^Number [123]: /).count()).toBe(1);
  expect(await faultsForAll(page, 'reveal with tells')).toEqual([]);
  await page.getByRole('heading', { name: 'The tells' }).scrollIntoViewIfNeeded();
  expect(app.faults).toEqual([]);
  // What was measured lies in the database, and in no cache although it was read.
  expect((await bytesIn(server.dataDir)).match(MEASURED)).not.toBeNull();
  expect((await cached()).match(MEASURED)).toBeNull();
});

test('after publishing the author turns one statement off: it is deleted, the other two are compared anew', async () => {
  const [{ id } = { id: '' }] = (await mira.api.call('myChallenges', { query: {} })).items;
  await using app = await openApp(browser, server.origin, { path: `/c/${id}?app`, player: mira });
  const { page } = app;
  const ofClip = page.getByRole('switch', { name: 'Measure tells of statement 2' });
  await ofClip.click(SLOW);
  await page.getByText(/^What was measured in statement 2 is deleted/).waitFor();
  // The question opens below the switch, where the page may end: it is brought into view and has the focus.
  const focused = () => page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent");
  expect(await focused()).toBe('Turn off and delete?');
  const cancel = await page.getByRole('button', { name: 'Cancel' }).boundingBox();
  const [x, y] = [(cancel?.x ?? 0) + (cancel?.width ?? 0) / 2, (cancel?.y ?? 0) + (cancel?.height ?? 0) / 2];
  expect(await page.evaluate(`document.elementFromPoint(${x}, ${y})?.textContent`)).toBe('Cancel');
  await page.keyboard.press('Escape');
  expect(await focused()).toBe('Measure tells of statement 2');
  await ofClip.click();
  expect(await faultsForAll(page, 'turning a statement off')).toEqual([]);
  await page.getByRole('button', { name: 'Turn off and delete' }).click();
  await page.getByText('Number 2: not measured, as you wished').waitFor(SLOW);
  expect(await ofClip.getAttribute('aria-checked')).toBe('false');
  expect(statuses(await analysed(mira.api, id))).toEqual(['completed', 'declined', 'completed']);
  expect(await rowsOf(server.dataDir, 'select 1 from clip_analyses where challenge_id = ?', id)).toHaveLength(2);
  expect(app.faults).toEqual([]);
});

test('the live preview loads when it is turned on, reads the face on this device and sends nothing', async () => {
  await using app = await openApp(browser, server.origin, { hasTouch: false });
  const { page } = app;
  const requests: string[] = [];
  page.context().on('request', (request) => requests.push(`${request.method()} ${new URL(request.url()).pathname}`));
  const ofPreview = () => requests.filter((path) => /preview-worker|\.wasm|\.bin$/.test(path));

  await page.getByRole('button', { name: 'Play right away' }).click(SLOW);
  await page.getByRole('link', { name: 'Create' }).click(SLOW);
  await page.getByRole('button', { name: 'To the camera' }).click(SLOW);
  const preview = page.getByRole('switch', { name: 'Live tells' });
  await preview.waitFor(SLOW);
  expect(await preview.getAttribute('aria-checked')).toBe('false');
  await begin(page, 1);
  expect(ofPreview()).toEqual([]);

  // While it records: the preview is for that.
  await preview.click();
  await page.getByText('Preview on this device, nothing is sent.').waitFor();
  await page.getByText(/^Looks: \w+/).waitFor(SLOW);
  await page.getByText(/^[1-9]\d* pictures a second/).waitFor(SLOW);
  expect(ofPreview()).toHaveLength(5);
  const before = requests.length;
  await page.getByText('Blinks: counting …').waitFor(SLOW);
  // On a machine that is busy otherwise the preview may give up within these ten seconds.
  await page.getByText(/^Blinks: (about \d+ a minute|too few pictures)$|^This device is too slow/).waitFor(SLOW);
  expect(requests.slice(before)).toEqual([]);
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('button', { name: 'Keep it' }).waitFor(SLOW);
  expect(requests.filter((path) => /\/(analysis|tells)$/.test(path))).toEqual([]);
  expect(app.faults).toEqual([]);
});

test('without vector instructions the preview says so and is off; recording does not need it', async () => {
  await using app = await openApp(browser, server.origin, { hasTouch: false });
  const { page } = app;
  await page.addInitScript('WebAssembly.validate = () => false;');
  await page.goto(`${server.origin}/create`);
  await page.getByRole('button', { name: 'To the camera' }).click(SLOW);
  const preview = page.getByRole('switch', { name: 'Live tells' });
  await preview.click(SLOW);
  await page.getByText('This browser cannot show the live preview.').waitFor(SLOW);
  expect(await preview.getAttribute('aria-checked')).toBe('false');
  expect(await page.getByRole('button', { name: 'Record statement 1' }).isEnabled()).toBe(true);
});
