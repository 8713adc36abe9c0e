/** Everybody can play: every screen read by axe, at 200 %, by keyboard alone, with less motion, in English and German. */
import { MyStats } from '@2t1l/contract/players';
import { Problem, problemBody } from '@2t1l/contract/problems';
import type { Browser, Locator, Page } from 'playwright-core';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { closeAfterAll } from '../harness/after.ts';
import { makeApi } from '../harness/api.ts';
import { type App, openApp } from '../harness/app.ts';
import { barriersOn, motionsOn, tabTo, WATCH_MOTION } from '../harness/barriers.ts';
import { launchBrowser } from '../harness/browser.ts';
import { PASSWORD, registerPlayer } from '../harness/players.ts';
import { makeScratch } from '../harness/scratch.ts';
import { type Server, startServer } from '../harness/server.ts';

const SLOW = { timeout: 60_000 };
const TITLE = 'Where I have been';

const scratch = await makeScratch();
let server: Server;
let browser: Browser;
let author: App;
let guest: App;
/** Where the challenge is, once it is published. */
let path: string;
let found: string[] = [];

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser({ cameraFolder: scratch.path })]);
  [author, guest] = await Promise.all([open(), open()]);
});
closeAfterAll(() => [browser, server, scratch]);
beforeEach(() => {
  found = [];
});

/** With less motion: nothing may move, and nothing is half-way when it is looked at. */
async function open(): Promise<App> {
  const app = await openApp(browser, server.origin, { hasTouch: false, isStill: true, isQuick: true, path: '/favicon.svg' });
  await app.page.addInitScript(WATCH_MOTION);
  return app;
}
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).filter({ visible: true });
const look = async (page: Page, screen: string, there: Locator) => {
  await there.first().waitFor(SLOW);
  found.push(...(await barriersOn(page, screen)), ...(await motionsOn(page)).map((line) => `${screen}: moves: ${line}`));
};
const press = async (page: Page, target: Locator, key = 'Enter') => {
  await target.first().waitFor(SLOW);
  await tabTo(page, target.first());
  await page.keyboard.press(key);
};
const type = async (page: Page, label: string, text: string) => {
  await tabTo(page, page.getByLabel(label).filter({ visible: true }));
  await page.keyboard.type(text);
};
/** What tab and history call the page; it follows once its challenge is known. */
const titled = (page: Page, title: string) => page.waitForFunction(`document.title === ${JSON.stringify(`${title} · 2Truths-1Lie`)}`, SLOW);
/** What a screen reader would read next. */
const focused = (page: Page) => page.evaluate<string>('document.activeElement.textContent.slice(0, 80)');

test('the screens of somebody new', async () => {
  const { page } = guest;
  await page.goto(server.origin);
  await look(page, 'welcome', button(page, 'Play right away'));
  await titled(page, 'Welcome');
  await page.goto(`${server.origin}/welcome?mode=signup`);
  await look(page, 'sign up', button(page, 'Make an account'));
  await page.goto(`${server.origin}/welcome?mode=login`);
  await look(page, 'log in', button(page, 'Log in'));
  await titled(page, 'Log in');
  await page.goto(`${server.origin}/welcome`);
  await press(page, button(page, 'Play right away'));
  await look(page, 'empty feed', page.getByText('That was all of them'));
  await titled(page, 'Feed');
  await page.goto(`${server.origin}/no/where`);
  await look(page, 'not found', button(page, 'To the feed'));
  await titled(page, 'This page is the lie');
  const problem = problemBody(new Problem('update_required'));
  await page.route('**/api/v1/**', (route) =>
    route.fulfill({ status: problem.status, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
  );
  await page.goto(server.origin);
  await look(page, 'update', page.getByText('Time for an update'));
  await page.unroute('**/api/v1/**');
  expect(found).toEqual([]);
});

test('the keyboard alone records and publishes', async () => {
  const { page } = author;
  await registerPlayer(makeApi(server.origin), { name: 'mira' });
  await page.goto(`${server.origin}/welcome?mode=login`);
  await button(page, 'Log in').waitFor(SLOW);
  await type(page, 'E-mail address', 'mira@example.com');
  await type(page, 'Password', PASSWORD);
  await page.keyboard.press('Enter');
  await press(page, page.getByRole('link', { name: 'Create' }));
  const start = button(page, 'To the camera');
  await start.waitFor(SLOW);
  expect(await focused(page)).toContain('Three statements');
  await look(page, 'idea', start);
  await press(page, page.getByRole('radio', { name: 'Without an idea' }), 'ArrowUp');
  await press(page, start);
  for (const number of [1, 2, 3]) {
    const record = button(page, `Record statement ${number}`);
    if (number === 1) {
      await look(page, 'studio', record);
    }
    await press(page, record, number === 1 ? 'Enter' : ' ');
    await button(page, 'Stop').waitFor(SLOW);
    await page.waitForTimeout(1200);
    await press(page, button(page, 'Stop'), ' ');
    if (number === 1) {
      await look(page, 'review', button(page, 'Keep it'));
    }
    await press(page, button(page, 'Keep it'));
  }
  await page.getByText('Which one is the lie?').waitFor(SLOW);
  expect(await focused(page)).toContain('Almost on air');
  await type(page, 'Title', TITLE);
  for (const number of [1, 2, 3]) {
    await type(page, `Statement ${number} in one line`, `This is what I said as number ${number}`);
  }
  await press(page, page.getByRole('radio', { name: 'Statement 1 is the lie' }), 'ArrowRight');
  await page.getByRole('radio', { name: 'Statement 2 is the lie', checked: true }).waitFor();
  await press(page, page.getByRole('switch', { name: 'Measure my tells' }), ' ');
  await look(page, 'finish', page.getByRole('switch', { name: 'Measure my tells', checked: true }));
  const { promise: network, resolve: goOn } = Promise.withResolvers<void>();
  await page.route('**/challenges/*/process', async (route) => {
    await network;
    await route.continue();
  });
  await press(page, button(page, 'Publish'));
  await look(page, 'sending', page.getByText('You can leave.', { exact: false }));
  await titled(page, 'On its way');
  goOn();
  await look(page, 'on air', page.getByText('On air', { exact: true }));
  path = new URL(await page.getByText(/\/c\/[0-9a-f-]{36}$/).innerText()).pathname;
  await press(page, button(page, 'Watch it'));
  await look(page, 'own film', button(page, 'To the answer'));
  expect(found).toEqual([]);
  expect(author.faults).toEqual([]);
});

test('the keyboard alone guesses', async () => {
  const { page } = guest;
  await page.goto(server.origin);
  await look(page, 'feed', button(page, /^Watch and guess/));
  await page.goto(`${server.origin}/@mira`);
  await look(page, 'player', page.getByText(TITLE));
  await titled(page, 'mira');
  await page.goto(server.origin);
  await press(page, button(page, /^Watch and guess/));
  const pick = page.getByRole('radio', { name: /^Take statement 1 for the lie/ });
  await pick.waitFor(SLOW);
  expect(await focused(page)).toContain('mira');
  await press(page, pick, 'ArrowRight');
  await page.getByRole('radio', { name: /^Take statement 2 for the lie/, checked: true }).waitFor();
  await look(page, 'watch and guess', button(page, /^Lock it in/));
  await titled(page, TITLE);
  await press(page, page.getByRole('slider', { name: 'How sure are you?' }), 'ArrowRight');
  await press(page, button(page, /^Lock it in/));
  await page.getByText('You caught it').waitFor(SLOW);
  expect(await focused(page)).toContain('You caught it');
  await look(page, 'reveal', page.getByRole('button', { name: 'Show all signals' }).or(page.getByText(/No clear signal|^Number [123]: /)));
  await page.goto(`${server.origin}/me`);
  await look(page, 'me, guest', page.getByText('You play as a guest'));
  expect(found).toEqual([]);
  expect(guest.faults).toEqual([]);
});

/** Enough guesses for the calibration, which would take a long game to earn. */
const rate = { hits: 20, of: 30, share: 2 / 3, interval: [0.52, 0.79] };
const bin = { guesses: 10, correct: 6, mean_confidence: 0.6, share: 0.6, interval: [0.35, 0.8] };
const STATS = MyStats.parse({
  caught: rate,
  fooled: rate,
  calibration: {
    guesses: 30,
    mean_confidence: 0.7,
    share: 2 / 3,
    interval: [0.52, 0.79],
    verdict: 'fits',
    bins: [0.33, 0.5, 0.75].map((from) => ({ ...bin, from, to: from + 0.25 })),
  },
  needed: 20,
});

test('the player’s own page, and the same in German', async () => {
  const { page } = author;
  await page.route('**/me/stats', (route) => route.fulfill({ json: STATS }));
  await page.goto(`${server.origin}/me`);
  await page.getByRole('table').waitFor(SLOW);
  await look(page, 'me', page.getByRole('link', { name: new RegExp(TITLE) }));
  await press(page, page.getByRole('radiogroup', { name: 'Language' }).getByRole('radio', { checked: true }), 'ArrowLeft');
  await look(page, 'me, German', page.getByRole('heading', { name: 'Einstellungen' }));
  expect(await page.getAttribute('html', 'lang')).toBe('de');
  await titled(page, 'Ich');
  for (const where of ['/', '/create', `${path}?app`]) {
    await page.goto(`${server.origin}${where}`);
    await look(page, `${where}, German`, page.getByRole('main').getByRole('button'));
  }
  expect(found).toEqual([]);
  expect(author.faults).toEqual([]);
});
