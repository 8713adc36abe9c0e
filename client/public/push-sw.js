/**
 * Notifications in the service worker: shows what the server tells, and brings the player to it. Imported by sw.js, so everything stays in
 * a block of its own. Payload: `{ title, body, path, tag }` (server/src/adapters/push-web.ts).
 */
{
  /** How long a page may take to say whether it goes there. */
  const ANSWER_MS = 1000;

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

  const show = async ({ title, body, path, tag }) => {
    const icon = '/icons/icon-192.png';
    await self.registration.showNotification(title, { body, tag, icon, badge: icon, data: { path: ownUrl(path).pathname } });
  };

  /** An open tab goes there without being loaded anew; where there is none, or somebody records in it, a new one opens. */
  const open = async (url) => {
    for (const page of await self.clients.matchAll({ type: 'window', includeUncontrolled: true })) {
      if (await isTaken(page, url.pathname)) {
        // Refused where the tap is too long ago; the page is there all the same.
        await page.focus().catch(() => undefined);
        return;
      }
    }
    await self.clients.openWindow(url.href);
  };

  /** True when the app on the page goes to `path` itself. It alone knows where it is: `url` is the address that it was loaded from. */
  const isTaken = (page, path) =>
    new Promise((settle) => {
      const { port1, port2 } = new MessageChannel();
      const timer = setTimeout(() => settle(false), ANSWER_MS);
      port1.onmessage = ({ data }) => {
        clearTimeout(timer);
        settle(data === 'taken');
      };
      page.postMessage({ type: 'push-open', path }, [port2]);
    });

  /** An address of this app, whatever the message says. */
  const ownUrl = (path) => {
    const home = new URL('/', self.location.origin);
    const url = URL.canParse(path ?? '/', home) ? new URL(path ?? '/', home) : home;
    return url.origin === home.origin ? url : home;
  };
}
