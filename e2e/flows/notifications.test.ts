/**
 * Notifications as the browser's service worker gets them. No push service is called: the browser's own developer tools hand over what
 * one would deliver. The server's half has its tests in server/src/adapters/push.test.ts.
 */
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeApi } from '../harness/api.ts';
import { faultsForAll, openApp } from '../harness/app.ts';
import { launchBrowser } from '../harness/browser.ts';
import { registerPlayer } from '../harness/players.ts';
import { startServer } from '../harness/server.ts';
import { until } from '../harness/until.ts';

const held = new AsyncDisposableStack();
let page: Page;
let context: BrowserContext;
let origin: string;
let tools: CDPSession;
let registrationId = '';

/** A player who has been let in, in a browser that may show notifications, on a server that sends them. */
beforeAll(async () => {
  const [server, browser] = await Promise.all([startServer({ env: { PUSH: 'on', PUBLIC_URL: 'https://game.example' } }), launchBrowser()]);
  held.use(server);
  held.defer(() => browser.close());
  ({ origin } = server);
  const app = held.use(await openApp(browser, origin, { path: '/welcome', keepsShell: true }));
  ({ page } = app);
  context = page.context();
  await context.grantPermissions(['notifications'], { origin });
  tools = await context.newCDPSession(page);
  tools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
    registrationId = registrations.find(({ scopeURL }) => scopeURL === `${origin}/`)?.registrationId ?? registrationId;
  });
  await tools.send('ServiceWorker.enable');
  const isActive = () => page.evaluate<boolean>(`navigator.serviceWorker.getRegistration().then((found) => found?.active != null)`);
  await until(async () => registrationId !== '' && (await isActive()), { what: 'the service worker to be there', timeoutMs: 60_000 });
});
afterAll(() => held.disposeAsync());

/** What a push service would hand over. */
const deliver = (data: unknown) =>
  tools.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data: typeof data === 'string' ? data : JSON.stringify(data) });
type Shown = { title: string; body: string; tag: string; data: { path: string } };
const shown = (): Promise<Shown[]> =>
  page.evaluate(`navigator.serviceWorker.ready
    .then((registration) => registration.getNotifications())
    .then((all) => all.map(({ title, body, tag, data }) => ({ title, body, tag, data })))`);
/** A tap on the newest one. */
const tap = async () => {
  const [worker] = context.serviceWorkers();
  await worker?.evaluate(`self.registration.getNotifications().then((all) => {
    self.dispatchEvent(new NotificationEvent('notificationclick', { notification: all.at(-1) }));
  })`);
};

test('a message is shown, the newer about the same challenge in its place; one that cannot be read still says something', async () => {
  const first = { title: 'The first guess is in', body: 'Somebody has made up their mind.', path: '/c/1', tag: 'c1' };
  await deliver(first);
  await until(async () => (await shown()).length === 1, { what: 'the notification' });
  expect(await shown()).toEqual([{ title: first.title, body: first.body, tag: 'c1', data: { path: '/c/1' } }]);
  await deliver({ ...first, title: '4 guesses so far' });
  await until(async () => (await shown())[0]?.title === '4 guesses so far', { what: 'the newer one' });
  expect(await shown()).toHaveLength(1);
  await deliver('no JSON');
  await until(async () => (await shown()).length === 2, { what: 'the unreadable one' });
  await deliver({ title: 'elsewhere', path: 'https://evil.example/x', tag: 'e' });
  await until(async () => (await shown()).length === 3, { what: 'the one that leads elsewhere' });
  expect((await shown()).map(({ data }) => data.path).sort()).toEqual(['/', '/', '/c/1']);
});

test('a tap leads the open tab there without loading it anew, unless somebody records in it', async () => {
  await page.evaluate(`window.isSameLoad = true`);
  const path = '/sending/0198c0de-0000-7000-8000-000000000000';
  await deliver({ title: 'That step did not work', body: '', path, tag: 'zz' });
  await until(async () => (await shown()).some(({ tag }) => tag === 'zz'), { what: 'the notification' });
  await page.evaluate(`navigator.serviceWorker.ready.then(async (registration) => {
    for (const one of await registration.getNotifications()) { if (one.tag !== 'zz') { one.close(); } }
  })`);
  await tap();
  await page.waitForURL(`${origin}${path}`);
  expect(await page.evaluate('window.isSameLoad')).toBe(true);
  await until(async () => (await shown()).length === 0, { what: 'the notification to be gone' });

  await page.evaluate(`history.replaceState(null, '', '/create')`);
  await deliver({ title: 'again', path: '/c/1', tag: 'zz' });
  await until(async () => (await shown()).length === 1, { what: 'the other notification' });
  await tap();
  await until(async () => (await shown()).length === 0, { what: 'the other notification to be gone' });
  await page.waitForTimeout(300);
  expect(new URL(page.url()).pathname).toBe('/create');
});

test('the settings turn notifications on, switch by switch, and off, and the server knows', async () => {
  // Chromium here has no push service: what it would give is put in its place.
  await page.addInitScript(`
    const keys = { p256dh: 'B' + 'x'.repeat(86), auth: 'y'.repeat(22) };
    const subscription = { options: {}, unsubscribe: async () => true, toJSON: () => ({ endpoint: 'https://fcm.googleapis.com/fcm/send/e2e', keys }) };
    PushManager.prototype.subscribe = async () => subscription;
  `);
  await registerPlayer(makeApi(origin), { name: 'mira' });
  await page.goto(`${origin}/welcome?mode=login`);
  await page.getByLabel('E-mail address').fill('mira@example.com');
  await page.getByLabel('Password').fill('testpassword');
  await page.getByRole('button', { name: 'Log in' }).filter({ visible: true }).click();
  await page.waitForURL(`${origin}/`);
  await page.goto(`${origin}/me`);
  const answer = () =>
    page.waitForResponse((response) => response.url().endsWith('/me/push-tokens') && response.request().method() !== 'GET');
  const [put] = await Promise.all([answer(), page.getByRole('button', { name: 'Turn on', exact: true }).click()]);
  expect([put.status(), put.request().postDataJSON().wants]).toEqual([
    204,
    { published: true, failed: true, guessed: true, digest: false },
  ]);
  const weekly = page.getByRole('switch', { name: 'Once a week: new challenges to guess' });
  const [second] = await Promise.all([answer(), weekly.click()]);
  expect(second.request().postDataJSON().wants.digest).toBe(true);
  await page.reload();
  await page.getByRole('switch', { name: 'Once a week: new challenges to guess', checked: true }).waitFor();
  expect(await faultsForAll(page, 'notifications')).toEqual([]);
  const [off] = await Promise.all([answer(), page.getByRole('button', { name: 'Turn all off' }).click()]);
  expect([off.request().method(), off.status()]).toEqual(['DELETE', 204]);
  await page.getByRole('button', { name: 'Turn on', exact: true }).waitFor();
});
