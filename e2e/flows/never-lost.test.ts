/** What was recorded is never lost: killed, cut off, two tabs, two devices, a full disk. Each story meets several faults. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OwnChallenge } from '@2t1l/contract/schemas';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { showFailures } from '../harness/after.ts';
import { type Api, makeApi } from '../harness/api.ts';
import { QUICK_COUNTDOWN, signedIn } from '../harness/app.ts';
import { fakeCamera, openProfile, type Profile } from '../harness/browser.ts';
import { type Player, registerPlayer } from '../harness/players.ts';
import { FFMPEG } from '../harness/run.ts';
import { makeScratch } from '../harness/scratch.ts';
import { type Server, startServer } from '../harness/server.ts';
import { begin, button, keep, publish, record, twoSeconds } from '../harness/studio.ts';
import { until } from '../harness/until.ts';
import { decodeWhole } from '../harness/video.ts';
import { startWire, type Wire } from '../harness/wire.ts';

const SLOW = { timeout: 60_000 };
const YEARS_MS = 5 * 365 * 86_400_000;

/** Pieces on disk of a recording that still runs. */
const UNFINISHED_PIECES = `new Promise((resolve) => {
  indexedDB.open('2t1l').onsuccess = ({ target: { result: database } }) => {
    database.transaction('pieces').objectStore('pieces').getAll().onsuccess = ({ target: { result: pieces } }) => {
      database.close();
      const finished = new Set(pieces.filter(({ count }) => count).map(({ stored }) => stored.take.take_id));
      resolve(pieces.filter(({ stored }) => !finished.has(stored.take.take_id)).length);
    };
  };
})`;

const scratch = await makeScratch();
let server: Server;
let wire: Wire;
let camera: string[];
let api: Api;
const opened: Profile[] = [];

beforeAll(async () => {
  [server, camera] = await Promise.all([startServer(), fakeCamera(scratch.path)]);
  wire = await startWire(server.origin);
  api = makeApi(server.origin);
});
afterAll(async () => {
  await Promise.all(opened.map(({ context }) => context.close().catch(() => undefined)));
  await wire?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
  await scratch[Symbol.asyncDispose]();
});
showFailures(() => ({ screens: opened.flatMap(({ context }) => context.pages()).map((page) => ({ page })), server }));

/** Opens a device of `player`'s; `clockOffsetMs` puts its clock wrong. */
async function device(name: string, player: Player, clockOffsetMs = 0): Promise<Profile> {
  const folder = join(scratch.path, name);
  await mkdir(folder, { recursive: true });
  const profile = await openProfile(folder, camera);
  opened.push(profile);
  await profile.context.addInitScript(`
    ${signedIn(player)}
    ${QUICK_COUNTDOWN}
    const now = Date.now; Date.now = () => now() + ${clockOffsetMs};
  `);
  return profile;
}

async function go(context: BrowserContext, path: string): Promise<Page> {
  const page = context.pages().find((one) => one.url() === 'about:blank') ?? (await context.newPage());
  await page.goto(`${wire.origin}${path}`);
  return page;
}

const challengesOf = async (player: Player): Promise<OwnChallenge[]> => (await player.api.call('myChallenges', { query: {} })).items;

test('killed while one statement is sent and another recorded, the server too: published without recording again', async () => {
  const player = await registerPlayer(api);
  wire.fault = { how: 'silence', afterBytes: 60_000 };
  const first = await device('killed', player);
  const page = await go(first.context, '/create');
  await button(page, 'To the camera').click(SLOW);
  for (const number of [1, 2]) {
    await record(page, number);
    await keep(page);
  }
  await begin(page, 3);
  await until(() => wire.uploads.bytes >= 59_000, { what: 'the first clip to be on its way' });
  await until(async () => (await page.evaluate<number>(UNFINISHED_PIECES)) >= 3, {
    what: 'three pieces of the third to be on disk',
    everyMs: 100,
  });
  await first.kill9();
  await server.kill9();
  await server.restart();

  wire.fault = null;
  const again = await device('killed', player);
  const back = await go(again.context, '/create');
  await back.getByText('The app was closed while you recorded. This is what was kept.').waitFor(SLOW);
  await keep(back);
  await publish(back);

  const challenges = await challengesOf(player);
  expect(challenges.map(({ status }) => status)).toEqual(['published']);
  const [{ clips } = { clips: [] }] = challenges;
  expect(clips.map(({ status }) => status)).toEqual(['ready', 'ready', 'ready']);
  // What the recorder had given out before the kill.
  expect(clips[2]?.duration_seconds).toBeGreaterThan(1);
  // The first went on where it was: three uploads in all, no byte twice but for the heads of their requests.
  const sizes = clips.reduce((sum, { size_bytes }) => sum + size_bytes, 0);
  expect(wire.uploads.begun).toBe(3);
  expect(wire.uploads.bytes).toBeLessThan(sizes + 10_000);
  await again.context.close();
});

test('two tabs and another device, a wire that breaks, a token that is none, a clock that is wrong: nothing overwritten', async () => {
  const player = await registerPlayer(api);
  wire.uploads = { begun: 0, bytes: 0 };
  const [one, two] = [await device('one', player), await device('two', player, -YEARS_MS)];
  const tab = await go(one.context, '/create');
  await button(tab, 'To the camera').click(SLOW);
  wire.fault = { how: 'cut', afterBytes: 60_000 };
  await record(tab, 1);
  await keep(tab);
  await until(() => wire.uploads.bytes >= 60_000, { what: 'the wire to be cut' });
  // For this device the token is good for years; the server knows none like it.
  await tab.evaluate(
    `localStorage.setItem('2t1l.session', localStorage.getItem('2t1l.session').replace(/"access_token":"[^"]*"/, '"access_token":"a.b.c"'))`,
  );
  wire.fault = null;

  // The other device finds what this one has sent, and records on without a network.
  const arrived = async () => (await challengesOf(player))[0]?.clips.length === 1;
  await until(arrived, { what: 'the first clip to arrive', everyMs: 200, timeoutMs: 60_000 });
  expect(wire.uploads.begun).toBe(1);
  const far = await go(two.context, '/create');
  await far.getByText('Begun on another device').waitFor(SLOW);
  await button(far, 'Go on with it').click();
  await button(far, /^Statement 1, Ready/).waitFor(SLOW);
  await two.context.setOffline(true);
  await record(far, 2);
  await keep(far);

  // A second tab of the first device records the same statement, while the first tab holds the lane and writes.
  const other = await go(one.context, '/create');
  await record(other, 2);
  await keep(other);
  await until(async () => (await challengesOf(player))[0]?.clips.length === 2, { what: 'the second clip to arrive', everyMs: 200 });
  await button(tab, /^Statement 2, Ready/).waitFor(SLOW);

  // Back on the network the far device asks.
  await two.context.setOffline(false);
  const rival = far.getByText('Which one counts?').filter({ visible: true });
  await record(far, 3);
  await keep(far);
  await rival.waitFor(SLOW);
  await far.getByLabel('Title').filter({ visible: true }).fill('From far away');
  await button(far, 'Choose one of the two').click();
  const [before] = await challengesOf(player);
  await button(far, 'Use the one from this device').click();
  const replaced = async () => {
    const [challenge] = await challengesOf(player);
    const [old, now] = [before, challenge].map((one) => one?.clips.find(({ segment_index }) => segment_index === 1));
    return now?.status === 'ready' && now.id !== old?.id;
  };
  await until(replaced, { what: 'the chosen clip to arrive', everyMs: 200 });
  const isNamed = async () => (await challengesOf(player))[0]?.title === 'From far away';
  await until(isNamed, { what: 'the title to arrive', everyMs: 200 });

  // And the first, whose recording was there before, is asked too; it takes the other's.
  await tab.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
  await tab.goto(`${wire.origin}/create`);
  await button(tab, 'Choose one of the two').click(SLOW);
  await button(tab, 'Keep the one from the other device').click(SLOW);
  await button(tab, 'Back to the draft').click(SLOW);
  await expect.poll(() => tab.getByLabel('Title').filter({ visible: true }).inputValue(), { timeout: 30_000 }).toBe('From far away');
  await publish(tab);
  const challenges = await challengesOf(player);
  expect(challenges).toMatchObject([{ status: 'published', title: 'From far away' }]);
  expect(wire.uploads.begun).toBe(4);
});

test('a full disk, a clip too short, a camera pulled out, a tab closed while recording', async () => {
  const player = await registerPlayer(api);
  const { context } = await device('full', player);
  await context.addInitScript(`
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (what) => (window.camera = await ask(what));
  `);
  const page = await context.newPage();
  const disk = await context.newCDPSession(page);
  const setRoom = (quotaSize?: number) =>
    disk.send('Storage.overrideQuotaForOrigin', { origin: wire.origin, ...(quotaSize && { quotaSize }) });
  await setRoom(1000);
  await page.goto(`${wire.origin}/create`);
  await button(page, 'To the camera').click(SLOW);
  await begin(page, 1);
  await button(page, 'Stop').click();
  await page.getByText('That was shorter than a second. Try again.').waitFor(SLOW);

  const dialog = page.waitForEvent('dialog');
  await begin(page, 1);
  await page.close({ runBeforeUnload: true });
  const asked = await dialog;
  expect(asked.type()).toBe('beforeunload');
  await asked.dismiss();
  await twoSeconds(page);
  await button(page, 'Stop').click();
  await page.getByText('No room for it').waitFor(SLOW);
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Save it as a file').click()]);
  const path = join(scratch.path, 'saved.mp4');
  await download.saveAs(path);
  expect((await readFile(path)).length).toBeGreaterThan(50_000);
  await decodeWhole(FFMPEG, path);
  await setRoom();
  await button(page, 'Try to keep it again').click();
  await keep(page);

  await begin(page, 2);
  await twoSeconds(page);
  await page.evaluate('for (const track of window.camera.getTracks()) track.stop()');
  await page.getByText('The camera or microphone went away. What was recorded until then is here.').waitFor(SLOW);
  await keep(page);
  const sent = async () => (await challengesOf(player))[0]?.clips.filter(({ status }) => status === 'ready').length === 2;
  await until(sent, { what: 'both clips to be checked', everyMs: 200, timeoutMs: 60_000 });
});
