/** Notifications of a browser: its own push service, and the service worker that shows them (public/push-sw.js). */
import { install } from '../install';
import type { PushAddress, PushDevice, PushPermission } from './push-device.types.ts';

/** What the service worker says when a notification was tapped. */
interface OpenMessage {
  type: 'push-open';
  path: string;
}

export const pushDevice: PushDevice = {
  kind: 'web',

  async permission(): Promise<PushPermission> {
    if (!('serviceWorker' in navigator) || !('PushManager' in globalThis) || !('Notification' in globalThis)) {
      // Safari on a phone has them for apps on the home screen alone.
      return install.way() === 'by-hand' ? 'install' : 'none';
    }
    return Notification.permission === 'default' ? 'askable' : Notification.permission;
  },

  async subscribe(webKey) {
    // First of all: a browser asks only in the moment of the tap.
    if (webKey === null || (await Notification.requestPermission()) !== 'granted') {
      return null;
    }
    return subscribeTo((await worker()).pushManager, webKey);
  },

  async current(webKey) {
    if (webKey === null || (await this.permission()) !== 'granted') {
      return null;
    }
    const registration = await navigator.serviceWorker.getRegistration();
    const held = await registration?.pushManager.getSubscription();
    return registration === undefined || !held ? null : subscribeTo(registration.pushManager, webKey);
  },

  async release() {
    const registration = await navigator.serviceWorker?.getRegistration();
    await (await registration?.pushManager?.getSubscription())?.unsubscribe();
  },

  onTap(listener) {
    const onMessage = ({ data, ports }: MessageEvent<Partial<OpenMessage> | null>) => {
      if (data?.type === 'push-open' && typeof data.path === 'string') {
        // Whoever records is not taken away.
        const isBusy = globalThis.location.pathname.startsWith('/create');
        ports[0]?.postMessage(isBusy ? 'busy' : 'taken');
        if (!isBusy) {
          listener(data.path);
        }
      }
    };
    navigator.serviceWorker?.addEventListener('message', onMessage);
    return () => navigator.serviceWorker?.removeEventListener('message', onMessage);
  },
};

/** The app's own worker; it may not be registered yet, and never is in development. */
async function worker(): Promise<ServiceWorkerRegistration> {
  if ((await navigator.serviceWorker.getRegistration()) === undefined) {
    await navigator.serviceWorker.register(__DEV__ ? '/push-sw.js' : '/sw.js');
  }
  return navigator.serviceWorker.ready;
}

/** Where there is a subscription for this very key, the browser gives that one. */
async function subscribeTo(pushManager: PushManager, webKey: string): Promise<PushAddress | null> {
  const applicationServerKey = bytesOf(webKey);
  const before = await pushManager.getSubscription();
  if (before !== null && !isSame(before.options.applicationServerKey, applicationServerKey)) {
    await before.unsubscribe();
  }
  return addressOf(await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey }));
}

function addressOf(subscription: PushSubscription | null): PushAddress | null {
  const { endpoint, keys } = subscription?.toJSON() ?? {};
  return endpoint === undefined
    ? null
    : { kind: 'web', subscription: { endpoint, keys: { p256dh: keys?.p256dh ?? '', auth: keys?.auth ?? '' } } };
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function isSame(held: ArrayBuffer | null, wanted: Uint8Array): boolean {
  const bytes = new Uint8Array(held ?? new ArrayBuffer(0));
  return bytes.length === wanted.length && bytes.every((byte, index) => byte === wanted[index]);
}
