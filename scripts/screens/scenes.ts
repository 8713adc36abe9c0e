/** Every screen of the app, group by group: how one gets there, and the picture. */
import type { Page } from 'playwright-core';
import { until } from '../../e2e/harness/until.ts';
import { AUTHOR, type Cast, DETECTOR, NEWCOMER, STATEMENTS, STORY } from './cast.ts';
import type { Stage } from './stage.ts';

type Scene = (stage: Stage, cast: Cast) => Promise<void>;

const NOWHERE = '01890000-0000-7000-8000-000000000000';
const TAKE_MS = 2500;
const REFUSE_CAMERA = `navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('Permission denied', 'NotAllowedError'); };`;
/** Chromium here has no push service: what it would give is put in its place. */
const PUSH_SERVICE = `
  const keys = { p256dh: 'B' + 'x'.repeat(86), auth: 'y'.repeat(22) };
  const subscription = { options: {}, unsubscribe: async () => true, toJSON: () => ({ endpoint: 'https://fcm.googleapis.com/fcm/send/screens', keys }) };
  PushManager.prototype.subscribe = async () => subscription;
`;

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).filter({ visible: true });
const pick = (page: Page, number: number) => page.getByRole('radio', { name: new RegExp(`^Take statement ${number} for the lie`) });
const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true });
/** Scrolls what says so to the top, as a player would have it. */
const toTop = async (page: Page, words: string) => {
  const text = page.getByText(words, { exact: true }).first();
  await text.waitFor();
  const top = (await text.boundingBox())?.y ?? 0;
  await page.mouse.move(195, 400);
  await page.mouse.wheel(0, top - 24);
};
const playing = async (page: Page) => {
  const play = page.getByRole('button', { name: 'Play', exact: true });
  const isPlaying = async () => {
    if (await play.isVisible()) {
      await play.click().catch(() => null);
    }
    return page.evaluate<boolean>('document.querySelector("video")?.currentTime > 0.8');
  };
  await until(isPlaying, { what: 'the film', timeoutMs: 60_000, everyMs: 300 });
};
const asGuest = async (stage: Stage, path: string, init?: string) => {
  const page = await stage.open('/welcome', init === undefined ? {} : { init });
  await button(page, 'Play right away').click();
  await button(page, /^Watch and guess/)
    .first()
    .waitFor();
  const { origin } = new URL(page.url());
  if (path !== '/') {
    await page.goto(`${origin}${path}`);
  }
  return page;
};

export const SCENES: Record<string, Scene> = {
  async welcome(stage) {
    const page = await stage.open('/welcome');
    await button(page, 'Play right away').waitFor();
    await stage.shoot(page, 'welcome', { dark: true, wide: true });
    await button(page, 'Make an account').click();
    await page.getByLabel('Name on stage').fill('Jonas');
    await page.getByLabel('E-mail address').fill('jonas@example');
    await button(page, 'Make an account').click();
    await stage.shoot(page, 'sign-up');
    await button(page, 'I have an account').click();
    await stage.shoot(page, 'log-in');
  },

  async feed(stage) {
    const page = await asGuest(stage, '/');
    await stage.shoot(page, 'feed', { dark: true, wide: true });
    await page.context().setOffline(true);
    await page.getByText('You are offline.', { exact: false }).waitFor();
    await stage.shoot(page, 'offline', { dark: true });
  },

  async 'feed-empty'(stage) {
    const page = await stage.open('/', { player: DETECTOR });
    await page.getByText('That was all of them').waitFor();
    await stage.shoot(page, 'feed-empty', { dark: true });
  },

  async link(stage, { main }) {
    const page = await stage.open(`/c/${main}`);
    await playing(page);
    await stage.shoot(page, 'link', { wide: true });
    await pick(page, 2).check({ force: true });
    await stage.shoot(page, 'link-guess');
    await button(page, /^Lock it in/).click();
    await page.getByText('You caught it').waitFor();
    await page.waitForTimeout(1500);
    await stage.shoot(page, 'link-answer');
  },

  async watch(stage, { main, house }) {
    const page = await asGuest(stage, `/c/${main}?app`);
    await playing(page);
    await stage.shoot(page, 'watch');
    await pick(page, 2).click();
    await button(page, 'More sure').click();
    await stage.shoot(page, 'watch-guess', { wide: true });
    await button(page, /^Lock it in/).click();
    await page.getByText('You caught it').waitFor();
    await page.waitForTimeout(1500);
    await stage.shoot(page, 'reveal-right', { wide: true });
    await page.goto(page.url().replace(main, house));
    await pick(page, 3).click();
    await button(page, /^Lock it in/).click();
    await page.getByTestId('result').waitFor();
    await page.waitForTimeout(1500);
    await stage.shoot(page, 'reveal-wrong');
    await page.goto(`${new URL(page.url()).origin}/me`);
    await page.getByText('You play as a guest').waitFor();
    await stage.shoot(page, 'me-guest');
  },

  async tells(stage, { tells }) {
    const page = await asGuest(stage, `/c/${tells}?app`);
    await pick(page, 3).click();
    await button(page, /^Lock it in/).click();
    await heading(page, 'The tells').waitFor();
    await page.waitForTimeout(1500);
    await toTop(page, 'The tells');
    await stage.shoot(page, 'reveal-tells');
  },

  async player(stage) {
    const page = await asGuest(stage, `/@${AUTHOR}`);
    await page.getByText(AUTHOR).first().waitFor();
    await page.waitForTimeout(2000);
    await stage.shoot(page, 'player', { wide: true });
  },

  async create(stage) {
    const page = await stage.open('/create', { player: NEWCOMER });
    await button(page, 'To the camera').waitFor();
    await stage.shoot(page, 'create-idea', { dark: true });
    await button(page, 'To the camera').click();
    for (const number of [1, 2, 3]) {
      await button(page, `Record statement ${number}`).waitFor();
      if (number === 1) {
        await page.waitForTimeout(1500);
        await stage.shoot(page, 'create-studio', { dark: true, wide: true });
      }
      await button(page, `Record statement ${number}`).click();
      await button(page, 'Stop').waitFor();
      await page.waitForTimeout(TAKE_MS);
      if (number === 2) {
        await stage.shoot(page, 'create-recording', { dark: true });
      }
      await button(page, 'Stop').click();
      await button(page, 'Keep it').waitFor();
      if (number === 1) {
        await stage.shoot(page, 'create-review', { dark: true });
      }
      await button(page, 'Keep it').click();
    }
    await page.getByText('Which one is the lie?').waitFor();
    for (const [index, line] of STATEMENTS.entries()) {
      await page.getByLabel(`Statement ${index + 1} in one line`).fill(line);
    }
    await page.getByLabel('Title').fill('A deep breath');
    await page.getByLabel('The story behind it').fill(STORY);
    await page.getByRole('radio', { name: 'Statement 2 is the lie' }).click();
    await page.mouse.wheel(0, -5000);
    await stage.shoot(page, 'create-finish', { wide: true });
    await toTop(page, 'Between the statements');
    await stage.shoot(page, 'create-transition');
    // The network is slow from here on.
    const { promise: network, resolve: goOn } = Promise.withResolvers<void>();
    await page.route('**/challenges/*/process', async (route) => {
      await network;
      await route.continue();
    });
    await button(page, 'Publish').click();
    await page.getByText('You can leave. Everything is kept on this device until it is safe.').waitFor();
    await stage.shoot(page, 'sending');
    goOn();
    await page.getByText('On air', { exact: true }).waitFor();
    await stage.shoot(page, 'on-air', { dark: true });
  },

  async 'camera-refused'(stage) {
    const page = await asGuest(stage, '/create', REFUSE_CAMERA);
    await button(page, 'To the camera').click();
    await page.getByText('May we see and hear you?').waitFor();
    await stage.shoot(page, 'camera-refused', { dark: true });
  },

  async 'sending-refused'(stage, { refused }) {
    const page = await stage.open('/me', { player: AUTHOR });
    await heading(page, 'My challenges').waitFor();
    await page.waitForTimeout(2000);
    await page.goto(`${new URL(page.url()).origin}/sending/${refused}`);
    await page.waitForTimeout(3000);
    await stage.shoot(page, 'sending-refused');
  },

  async me(stage) {
    const page = await stage.open('/me', { player: DETECTOR, init: PUSH_SERVICE, hasWorker: true });
    await page.getByText(`${DETECTOR}@example.com`).waitFor();
    await page.getByText('How well you play').waitFor();
    await stage.shoot(page, 'me', { wide: true });
    await toTop(page, 'How well you play');
    await stage.shoot(page, 'me-calibration');
    await toTop(page, 'My guesses');
    await stage.shoot(page, 'me-guesses');
    await toTop(page, 'Your tells');
    await stage.shoot(page, 'me-tells');
    await toTop(page, 'Settings');
    await stage.shoot(page, 'me-settings');
    await button(page, 'Turn on').click();
    await button(page, 'Turn all off').waitFor();
    await toTop(page, 'Notifications');
    await stage.shoot(page, 'me-notifications');
  },

  async lost(stage) {
    const page = await asGuest(stage, `/c/${NOWHERE}?app`);
    await page.getByText('This stage is empty').waitFor();
    await stage.shoot(page, 'gone');
    await page.goto(`${new URL(page.url()).origin}/nowhere/at/all`);
    await page.waitForTimeout(3000);
    await stage.shoot(page, 'not-found');
    const problem = { type: 'urn:2t1l:problem:update_required', title: 'Update required', status: 426, code: 'update_required' };
    await page.route('**/api/v1/**', (route) =>
      route.fulfill({ status: 426, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
    );
    await page.goto(`${new URL(page.url()).origin}/`);
    await page.getByText('Time for an update').waitFor();
    await stage.shoot(page, 'update-required', { dark: true });
  },
};
