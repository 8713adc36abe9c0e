/** The whole game as two people play it: one records in their browser, the other gets the link. */
import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { closeAfterAll, showFailures } from '../harness/after.ts';
import { makeApi } from '../harness/api.ts';
import { type App, filmFacts, openApp } from '../harness/app.ts';
import { launchBrowser } from '../harness/browser.ts';
import { makeScratch } from '../harness/scratch.ts';
import { type Server, startServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';

const TAKE_MS = 1800;
const SLOW = { timeout: 60_000 };
const STORY = 'The lighthouse is real. The keeper still writes to me.';
const STATEMENTS = ['I have been to fifteen countries', 'My first car was a fire engine', 'I slept in a lighthouse'];

const scratch = await makeScratch();
let server: Server;
let browser: Browser;
let author: App;
let detector: App;
let link: string;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser({ cameraFolder: scratch.path })]);
});
closeAfterAll(() => [browser, server, scratch]);
showFailures(() => ({ screens: [author, detector], server }));

/** Of the newest challenge of the author's, segment by segment. */
const tellStatuses = async () => {
  const nobody = makeApi(server.origin);
  const { access_token } = await nobody.call('login', { body: { email: 'mira@example.com', password: 'a long password' } });
  const api = nobody.as(access_token);
  const [{ id } = { id: '' }] = (await api.call('myChallenges', { query: {} })).items;
  return (await api.call('analysis', { params: { id } })).emotion_analysis.segments.map(({ status }) => status);
};
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).filter({ visible: true });

describe('the author', () => {
  test('comes in and makes an account', async () => {
    author = await openApp(browser, server.origin, { hasTouch: false, isQuick: true });
    const { page } = author;
    await button(page, 'Make an account').waitFor(SLOW);
    await button(page, 'Make an account').click();
    await page.getByLabel('Name on stage').fill('Mira');
    await page.getByLabel('E-mail address').fill('mira@example.com');
    await page.getByLabel('Password').fill('a long password');
    await page.getByLabel('Year of birth').fill('1990');
    await page.getByRole('checkbox', { name: 'I accept the house rules' }).click();
    await button(page, 'Make an account').click();
    await page.getByText('That was all of them').waitFor();
  });

  test('records three clips with the camera', async () => {
    const { page } = author;
    await page.getByRole('link', { name: 'Create' }).click();
    await button(page, 'To the camera').waitFor();
    await button(page, 'To the camera').click();
    for (const number of [1, 2, 3]) {
      await button(page, `Record statement ${number}`).click(SLOW);
      await button(page, 'Stop').waitFor(SLOW);
      await page.waitForTimeout(TAKE_MS);
      await button(page, 'Stop').click();
      await button(page, 'Keep it').waitFor(SLOW);
      await button(page, 'Keep it').click();
    }
    await page.getByText('Which one is the lie?').waitFor();
  });

  test('marks the lie and publishes; the link is there', async () => {
    const { page } = author;
    // From here on the network is slow, so that one sees what the author sees then.
    const { promise: network, resolve: goOn } = Promise.withResolvers<void>();
    await page.route('**/challenges/*/process', async (route) => {
      await network;
      await route.continue();
    });
    for (const [index, line] of STATEMENTS.entries()) {
      await page.getByLabel(`Statement ${index + 1} in one line`).fill(line);
    }
    await page.getByLabel('Title').fill('Where I have been');
    await page.getByLabel('The story behind it').fill(STORY);
    await button(page, 'Publish').click();
    await page.getByText('Mark the lie first: tap its number.').waitFor();
    await page.getByRole('radio', { name: 'Statement 2 is the lie' }).click();
    // Nothing is ticked for the author; a clip's own choice outlives the page.
    const ofClip = page.getByRole('switch', { name: 'Measure tells of statement 3' });
    expect(await ofClip.count()).toBe(0);
    await page.getByRole('switch', { name: 'Measure my tells', checked: false }).click();
    await ofClip.click(SLOW);
    const isKept = async () => {
      const [first, , third] = await tellStatuses();
      return first !== 'declined' && third === 'declined';
    };
    await until(isKept, { what: 'the choice to be on the server', everyMs: 300 });
    await page.reload();
    await page.getByRole('switch', { name: 'Measure tells of statement 3', checked: false }).waitFor(SLOW);
    await button(page, 'Publish').click();
    await page.getByText('You can leave. Everything is kept on this device until it is safe.').waitFor();
    goOn();
    const [onAir, refused] = [page.getByText('On air', { exact: true }), page.getByText('Record this one again')];
    await onAir.or(refused).first().waitFor(SLOW);
    expect(await refused.count(), server.logs().slice(-3000)).toBe(0);
    link = await page.getByText(/\/c\/[0-9a-f-]{36}$/).innerText();
    expect(new URL(link).origin).toBe(server.origin);
    expect(author.faults).toEqual([]);
  });

  test('finds it among their own', async () => {
    const { page } = author;
    await page.goto(`${server.origin}/me`);
    await page.getByRole('link', { name: /Where I have been.*On stage/s }).waitFor();
  });

  test('has sent portrait clips with sound, of the length they were', async () => {
    const nobody = makeApi(server.origin);
    const { access_token } = await nobody.call('login', { body: { email: 'mira@example.com', password: 'a long password' } });
    const [challenge] = (await nobody.as(access_token).call('myChallenges', { query: {} })).items;
    expect(challenge).toMatchObject({ status: 'published', lie_index: 1, statements: STATEMENTS, story: STORY });
    for (const clip of challenge?.clips ?? []) {
      expect(clip).toMatchObject({ status: 'ready', notices: [] });
      expect((clip.width ?? 0) / (clip.height ?? 1)).toBeCloseTo(9 / 16, 1);
      expect(clip.duration_seconds).toBeGreaterThan(TAKE_MS / 1000 - 0.5);
    }
    const measuredStatuses = async () => {
      const statuses = await tellStatuses();
      return !statuses.includes('pending') && statuses;
    };
    const measured = await until(measuredStatuses, {
      what: 'the tells to be measured',
      timeoutMs: 60_000,
      everyMs: 300,
    });
    expect(measured[2]).toBe('declined');
    expect(measured.slice(0, 2)).not.toContain('declined');
  });
});

describe('somebody who got the link', () => {
  test('watches, over both joins and from each statement', async () => {
    detector = await openApp(browser, server.origin, { path: `${new URL(link).pathname}?app` });
    const { page } = detector;
    await button(page, 'Jump to statement 1').waitFor(SLOW);
    const play = page.getByRole('button', { name: 'Play', exact: true });
    const playing = async () => {
      const film = await filmFacts(page);
      // It begins by itself where the browser takes what the test does for a tap; else it waits for one.
      if (film.isPaused && !film.isEnded && (await play.isVisible())) {
        await play.click();
      }
      return film.seconds > 0.3 && film.pictures > 3 && film;
    };
    const { duration } = await until(playing, { what: 'the film to play', everyMs: 300 });
    await until(async () => (await filmFacts(page)).isEnded, { what: 'the film to end by itself', timeoutMs: duration * 1000 + 20_000 });
    const ended = await filmFacts(page);
    expect(ended.error).toBeNull();
    // Every picture of the three was shown or at least decoded: none was stuck at a join.
    expect(ended.pictures).toBeGreaterThan(duration * 5);

    const { segments } = await makeApi(server.origin).call('challenge', { params: { id: link.slice(-36) } });
    for (const index of [2, 0, 1]) {
      const { start_seconds = -1, end_seconds = -1 } = segments[index] ?? {};
      await button(page, `Jump to statement ${index + 1}`).click();
      const film = await until(
        async () => {
          const seen = await filmFacts(page);
          return seen.seconds >= start_seconds && seen.seconds < end_seconds && !seen.isPaused && seen;
        },
        { what: `statement ${index + 1} to be played` },
      );
      expect(film.error).toBeNull();
    }
  });

  test('guesses with the dial and sees the reveal', async () => {
    const { page } = detector;
    await page.getByRole('radio', { name: /^Take statement 2 for the lie/ }).click();
    const dial = page.getByRole('slider', { name: 'How sure are you?' });
    const before = Number(await dial.getAttribute('aria-valuenow'));
    await button(page, 'More sure').click();
    await dial.press('ArrowRight');
    const percent = Number(await dial.getAttribute('aria-valuenow'));
    expect(percent).toBeGreaterThan(before + 5);
    await button(page, /^Lock it in/).click();

    await page.getByText('You caught it').waitFor(SLOW);
    const score = Math.round(100 * (1 - 1.5 * ((1 - percent / 100) ** 2 * 1.5)));
    await page.getByText(`+${score}`, { exact: true }).waitFor();
    await page.getByText(STORY).waitFor();
    await page.getByText('Locked before publishing').waitFor();
    await page.getByText('was the lie', { exact: true }).waitFor();
    await page.waitForTimeout(1500);
    await page.reload();
    await page.getByText('You caught it').waitFor(SLOW);
  });

  test('makes an account from the guest, and the guess is still there', async () => {
    const { page } = detector;
    await page.goto(`${server.origin}/me`);
    await page.getByText('You play as a guest').waitFor(SLOW);
    await button(page, 'Keep my plays').click();
    await page.getByLabel('Name on stage').filter({ visible: true }).fill('Jonas');
    await page.getByLabel('E-mail address').filter({ visible: true }).fill('jonas@example.com');
    await page.getByLabel('Password').filter({ visible: true }).fill('another long password');
    await page.getByLabel('Year of birth').filter({ visible: true }).fill('1988');
    await page.getByRole('checkbox', { name: 'I accept the house rules' }).click();
    await button(page, 'Make an account').click();
    await page.getByText('jonas@example.com').waitFor();
    await page.goto(link);
    await page.getByText('You caught it').waitFor(SLOW);
    expect(detector.faults).toEqual([]);

    const tokens = await makeApi(server.origin).call('login', { body: { email: 'jonas@example.com', password: 'another long password' } });
    const me = await makeApi(server.origin, tokens.access_token).call('me');
    expect(me).toMatchObject({ username: 'Jonas', is_guest: false, stats: { guesses: 1, correct: 1 } });
  });
});

describe('in the light', () => {
  test('a guest finds it in the feed, guesses wrong, and is told so', async () => {
    await using app = await openApp(browser, server.origin, { scheme: 'light' });
    const { page } = app;
    await button(page, 'Play right away').waitFor(SLOW);
    await button(page, 'Play right away').click();
    await button(page, /^Watch and guess/)
      .first()
      .waitFor();
    await button(page, /^Watch and guess/)
      .first()
      .click();
    await page.getByRole('radio', { name: /^Take statement 1 for the lie/ }).click(SLOW);
    await button(page, /^Lock it in/).click();
    await page.getByText('It got past you').waitFor(SLOW);
    await page.waitForTimeout(1500);
    await page.goto(`${server.origin}/me`);
    await page.getByText('You play as a guest').waitFor(SLOW);
    expect(app.faults).toEqual([]);
  });

  test('an address that leads nowhere says so', async () => {
    await using app = await openApp(browser, server.origin, { path: '/c/01890000-0000-7000-8000-000000000000' });
    await app.page.getByText('This stage is empty').waitFor(SLOW);
    expect(app.faults).toEqual([]);
  });
});
