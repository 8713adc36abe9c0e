/**
 * Notifications in the service worker: shows what the server tells, and brings the player to it. Imported by sw.js, so everything stays in
 * a block of its own. Payload: `{ title, body, path, tag }` (server/src/adapters/push-web.ts).
 */
{
  /** A page that has been told where to go says so; an older one cannot. */
  const ANSWER_MS = 1000;
  /** Whoever records there must not be taken away. */
  const BUSY = '/create';

  self.addEventListener('push', (event) => event.waitUntil(show(read(event.data))));

  self.addEventListener('notificationclick', (event) => {
    event.notification.close();
    event.waitUntil(open(ownUrl(event.notification.data?.path)));
  });

  /** Browsers allow no message without a notification, so one that cannot be read still says that there is something. */
  const read = (data) => {
    let message = {};
    try {
      message = data?.json() ?? {};
    } catch {
      // No JSON: nothing of ours.
    }
    const text = (value) => (typeof value === 'string' ? value : undefined);
    return { title: text(message.title) ?? '2Truths-1Lie', body: text(message.body), path: text(message.path), tag: text(message.tag) };
  };

  /** Whoever looks at that very page sees it there. */
  const show = async ({ title, body, path, tag }) => {
    const { pathname } = ownUrl(path);
    const pages = await windows();
    if (path !== undefined && pages.some((page) => page.visibilityState === 'visible' && new URL(page.url).pathname === pathname)) {
      return;
    }
    const icon = '/icons/icon-192.png';
    await self.registration.showNotification(title, { body, tag, icon, badge: icon, data: { path: pathname } });
  };

  /** A tab that is there already, and not recording, goes to the page without being loaded anew; else a new one opens. */
  const open = async (url) => {
    const pages = await windows();
    const path = (page) => new URL(page.url).pathname;
    const page = pages.find((one) => path(one) === url.pathname) ?? pages.find((one) => !path(one).startsWith(BUSY));
    if (page === undefined) {
      await self.clients.openWindow(url.href);
      return;
    }
    // Refused where the tap is too long ago; the page goes there all the same.
    await page.focus().catch(() => undefined);
    if (path(page) !== url.pathname && !(await isTaken(page, url.pathname))) {
      await page.navigate(url.href).catch(() => self.clients.openWindow(url.href));
    }
  };

  /** True when the app on the page goes to `path` itself. */
  const isTaken = (page, path) =>
    new Promise((settle) => {
      const { port1, port2 } = new MessageChannel();
      const timer = setTimeout(() => settle(false), ANSWER_MS);
      port1.onmessage = () => {
        clearTimeout(timer);
        settle(true);
      };
      page.postMessage({ type: 'push-open', path }, [port2]);
    });

  const windows = () => self.clients.matchAll({ type: 'window', includeUncontrolled: true });

  /** An address of this app, whatever the message says. */
  const ownUrl = (path) => {
    const home = new URL('/', self.location.origin);
    const url = URL.canParse(path ?? '/', home) ? new URL(path ?? '/', home) : home;
    return url.origin === home.origin ? url : home;
  };
}
