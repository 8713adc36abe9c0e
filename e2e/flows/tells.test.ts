/** Tells as their author and a guesser have them: nothing without consent, nothing before the guess, measured numbers after it. */
import type { Analysis } from '@2t1l/contract/analysis';
import type { Browser } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { closeAfterAll } from '../harness/after.ts';
import { type Api, makeApi } from '../harness/api.ts';
import { faultsForAll, openApp } from '../harness/app.ts';
import { launchBrowser } from '../harness/browser.ts';
import { makeChallenge } from '../harness/challenges.ts';
import { filesIn, rowsOf } from '../harness/data-folder.ts';
import { guestPlayer, registerPlayer } from '../harness/players.ts';
import { makeScratch } from '../harness/scratch.ts';
import { type Server, startServer } from '../harness/server.ts';
import { makeThreeStatements } from '../harness/speaking-clips.ts';
import { until } from '../harness/until.ts';

const SLOW = { timeout: 60_000 };

const scratch = await makeScratch();
let server: Server;
let browser: Browser;
let clips: string[];

beforeAll(async () => {
  [server, clips] = await Promise.all([startServer(), makeThreeStatements(scratch.path)]);
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

test('without consent a face and a voice leave no trace but the clips themselves', async () => {
  const author = await registerPlayer(makeApi(server.origin));
  const challenge = await makeChallenge(author.api, clips, { lie_index: 1 });
  expect(challenge.status).toBe('published');

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
  expect(server.logs()).not.toMatch(/analys|tells|emotion|pitch|stress/i);

  const analysis = await author.api.call('analysis', { params: { id: challenge.id } });
  expect(analysis).toMatchObject({ status: 'completed', tells: null });
  expect(statuses(analysis)).toEqual(['declined', 'declined', 'declined']);
});

test('with consent: nothing before the guess, measured numbers beside the answer after it', async () => {
  const author = await registerPlayer(makeApi(server.origin), { name: 'Mira' });
  await author.api.call('putConsents', { body: { tells: true } });
  const { id } = await makeChallenge(author.api, clips, { lie_index: 2, title: 'Where I have been' });
  const early = await guestPlayer(makeApi(server.origin));
  expect((await early.api.refused('analysis', { params: { id } })).code).toBe('guess_first');

  await using app = await openApp(browser, server.origin, { path: `/c/${id}?app` });
  const { page } = app;
  await page.getByRole('radio', { name: /^Take statement 1 for the lie/ }).click(SLOW);
  expect(await page.getByText('The tells').count()).toBe(0);
  await page.getByRole('button', { name: /^Lock it in/ }).click();
  await page.getByText('It got past you').waitFor(SLOW);
  await page.getByRole('heading', { name: 'The tells' }).waitFor(SLOW);

  const { status, tells, ...parts } = await analysed(author.api, id);
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
  await page.getByRole('button', { name: 'Record statement 1' }).click(SLOW);
  await page.getByRole('button', { name: 'Stop' }).waitFor(SLOW);
  expect(ofPreview()).toEqual([]);

  // While it records: the preview is for that.
  await preview.click();
  await page.getByText('Preview on this device, nothing is sent.').waitFor();
  await page.getByText(/^Looks: \w+/).waitFor(SLOW);
  await page.getByText(/^[1-9]\d* pictures a second/).waitFor(SLOW);
  expect(ofPreview()).toHaveLength(5);
  const before = requests.length;
  await page.waitForTimeout(1500);
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
