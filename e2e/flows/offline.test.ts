/** The app without a network, with a newer version of itself, and with a part of it gone. */
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem, problemBody } from '@2t1l/contract/problems';
import type { OwnChallenge } from '@2t1l/contract/schemas';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { closeAfterAll, showFailures } from '../harness/after.ts';
import { makeApi } from '../harness/api.ts';
import { type App, faultsForAll, openApp } from '../harness/app.ts';
import { launchBrowser } from '../harness/browser.ts';
import { makeChallenge } from '../harness/challenges.ts';
import { clipMaker } from '../harness/clips.ts';
import { registerPlayer } from '../harness/players.ts';
import { makeScratch } from '../harness/scratch.ts';
import { ROOT, type Server, startServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';

const SLOW = { timeout: 30_000 };
const OFFLINE = 'You are offline. What you see was kept from before.';

const scratch = await makeScratch();
/** The built app, ours to change. */
const web = join(scratch.path, 'web');
let server: Server;
let browser: Browser;
let app: App;
let guessed: OwnChallenge;

beforeAll(async () => {
  await cp(join(ROOT, 'client/dist'), web, { recursive: true });
  [server, browser] = await Promise.all([startServer({ env: { WEB_DIR: web } }), launchBrowser()]);
  const author = await registerPlayer(makeApi(server.origin));
  const clips = await clipMaker(scratch.path).three();
  guessed = await makeChallenge(author.api, clips, { title: 'The lighthouse', lie_index: 1 });
  await makeChallenge(author.api, clips, { title: 'The fire engine', lie_index: 0 });
  app = await openApp(browser, server.origin, { keepsShell: true });
});
closeAfterAll(() => [browser, server, scratch]);
showFailures(() => ({ screens: [app], server }));

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).filter({ visible: true });
const open = (path: string) => app.page.goto(`${server.origin}${path}`);
/** Answers are written within a second. */
const isKept = (page: Page, words: string) =>
  until(() => page.evaluate<boolean>(`(localStorage.getItem('2t1l.queries') ?? '').includes(${JSON.stringify(words)})`), {
    what: `${words} to be kept`,
    everyMs: 100,
  });
/** Parts of the frame and the feed that were asked for only when one of the page's own programs did so. */
const lateParts = (page: Page) =>
  page.evaluate<string[]>(`(() => {
    const [{ domContentLoadedEventStart }] = performance.getEntriesByType('navigation');
    return performance.getEntriesByType('resource')
      .filter(({ name, startTime }) => /\\/(_layout|index)-\\w+\\.js$/.test(name) && startTime > domContentLoadedEventStart)
      .map(({ name }) => name);
  })()`);
const keptFiles = (page: Page) =>
  page.evaluate<string[]>(`(async () => {
    const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
    return (await Promise.all(caches_.map((cache) => cache.keys()))).flat().map(({ url }) => new URL(url).pathname + new URL(url).search);
  })()`);

test('whoever has been there opens it without a network, and reads what they have read', async () => {
  const { page } = app;
  await button(page, 'Play right away').click(SLOW);
  await page.getByText('The fire engine').first().waitFor(SLOW);
  await open(`/c/${guessed.id}`);
  await page.getByRole('radio', { name: /^Take statement 2 for the lie/ }).click(SLOW);
  await button(page, /^Lock it in/).click();
  await page.getByText('You caught it').waitFor(SLOW);
  await isKept(page, '"reveal"');
  await open('/me');
  await page.getByText('You play as a guest').waitFor(SLOW);
  await open('/');
  await page.getByText('The fire engine').first().waitFor(SLOW);
  expect(await lateParts(page)).toEqual([]);
  await until(() => page.evaluate<boolean>('navigator.serviceWorker.controller !== null'), { what: 'the shell to be kept', everyMs: 100 });
  await isKept(page, 'The fire engine');
  const isCreateThere = `performance.getEntriesByType('resource').some(({ name }) => name.includes('/create-'))`;
  await until(() => page.evaluate<boolean>(isCreateThere), { what: 'the other screens’ parts', everyMs: 100 });

  await page.context().setOffline(true);
  await page.getByText(OFFLINE).waitFor();
  await page.reload();
  await page.getByText('The fire engine').first().waitFor(SLOW);
  await page.getByText(OFFLINE).waitFor();
  expect(await page.evaluate('document.querySelector("img")?.naturalWidth ?? 0')).toBeGreaterThan(0);
  expect(await faultsForAll(page, 'offline')).toEqual([]);
  await open(`/c/${guessed.id}`);
  await page.getByText('You caught it').waitFor(SLOW);
  await open('/me');
  await page.getByText('You play as a guest').waitFor(SLOW);
  await page.getByText(OFFLINE).waitFor();
});

test('what was never read says so, and comes by itself with the network', async () => {
  const { page } = app;
  await open('/c/01890000-0000-7000-8000-000000000000');
  await page.getByText('No connection').waitFor(SLOW);
  await page.context().setOffline(false);
  await page.getByText('This stage is empty').waitFor(SLOW);
  expect(await page.getByText(OFFLINE).count()).toBe(0);
  expect(app.faults).toEqual([]);
});

test('the shell alone is kept: no answer, no video, nothing with a key', async () => {
  const files = await keptFiles(app.page);
  expect(files).toContain('/index.html');
  expect(files.filter((path) => !/^\/(_expo|assets|icons)\/|^\/(index\.html|favicon\.svg|manifest\.webmanifest)$/.test(path))).toEqual([]);
  expect(files.filter((path) => /preview-worker|\?/.test(path))).toEqual([]);
});

test('a newer version is told of, waits for its player, and takes the place of the old one', async () => {
  const { page } = app;
  const path = join(web, 'sw.js');
  const worker = await readFile(path, 'utf8');
  const [, version = ''] = /"version":"(\w+)"/.exec(worker) ?? [];
  await writeFile(path, worker.replace(version, 'ffffffffffffffff'));
  await Promise.all(['br', 'gz'].map((end) => rm(`${path}.${end}`)));
  await open('/');
  await page.getByText('A new version is ready').waitFor(SLOW);
  expect(await page.evaluate('caches.keys()')).toEqual([`2t1l-shell-${version}`, '2t1l-shell-ffffffffffffffff']);
  const [loaded] = await Promise.all([page.waitForEvent('load', SLOW), button(page, 'Load it').click()]);
  expect(loaded).toBeDefined();
  await page.getByText('The fire engine').first().waitFor(SLOW);
  await page.waitForTimeout(500);
  expect(await page.getByText('A new version is ready').count()).toBe(0);
});

test('nothing of a player stays when they leave', async () => {
  const { page } = app;
  await open('/me');
  await button(page, 'Log out').click(SLOW);
  await button(page, 'Leave anyway').click();
  await button(page, 'Play right away').waitFor(SLOW);
  await page.waitForTimeout(1500);
  const kept = await page.evaluate<string>(`localStorage.getItem('2t1l.queries') ?? ''`);
  expect(kept).not.toContain('lighthouse');
  expect(await page.evaluate(`localStorage.getItem('2t1l.session')`)).toBeNull();
  expect(app.faults).toEqual([]);
});

test('a part of the program that is gone is a page with words, not a blank one', async () => {
  await using lame = await openApp(browser, server.origin, { path: '/welcome' });
  const { page } = lame;
  await page.route('**/create-*.js', (route) => route.abort());
  await button(page, 'Play right away').click(SLOW);
  await page.getByText('The fire engine').first().waitFor(SLOW);
  await page.getByRole('link', { name: 'Create' }).click();
  await page.getByText(/^A part of the app could not be loaded/).waitFor(SLOW);
  await page.unroute('**/create-*.js');
  await button(page, 'Load again').click();
  await page.getByRole('link', { name: 'Create' }).click(SLOW);
  await button(page, 'To the camera').waitFor(SLOW);
  await page.route('**/index-*.js', (route) => route.abort());
  await page.reload();
  await page.getByText(/^The app could not be loaded/).waitFor(SLOW);
  await page.unroute('**/index-*.js');
  await button(page, 'Load again').click();
  await button(page, 'To the camera').waitFor(SLOW);
});

test('a server that takes no app as old as this one is met by the way to a newer', async () => {
  await using old = await openApp(browser, server.origin);
  const problem = problemBody(new Problem('update_required'));
  await old.page.route('**/api/v1/**', (route) =>
    route.fulfill({ status: problem.status, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
  );
  await button(old.page, 'Play right away').click(SLOW);
  await old.page.getByText('Time for an update').waitFor(SLOW);
  await old.page.unroute('**/api/v1/**');
  await button(old.page, 'Load the new version').click();
  await button(old.page, 'Play right away').waitFor(SLOW);
});
