/** The service worker (public/sw.js) from the page's side: registers it, hears of a newer one, lets it in when the player says so. */
import type { AppUpdate } from './app-update.types.ts';

const HOUR = 60 * 60_000;
/** A newer version that cannot be let in is left behind: what the network gives is newer in any case. */
const TAKE_OVER_MS = 3000;

const listeners = new Set<() => void>();
let waiting = false;
let isApplying = false;

/** The service worker's part in newer versions. */
export const appUpdate: AppUpdate = {
  start() {
    // In development every file changes all the time.
    if (!__DEV__ && 'serviceWorker' in navigator) {
      whenIdle(() => void watch().catch(() => undefined));
    }
  },
  isWaiting: () => waiting,
  subscribe(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  apply() {
    isApplying = true;
    setTimeout(() => globalThis.location.reload(), TAKE_OVER_MS);
    void navigator.serviceWorker
      ?.getRegistration()
      .then((registration) => (registration?.waiting ? registration.waiting.postMessage('activate') : globalThis.location.reload()));
  },
};

async function watch(): Promise<void> {
  const workers = navigator.serviceWorker;
  // The first worker of all takes the page over too; that is no newer version.
  let hadWorker = workers.controller !== null;
  workers.addEventListener('controllerchange', () => {
    if (isApplying) {
      globalThis.location.reload();
    } else if (hadWorker) {
      // Let in by another tab: this one runs on with what it has, until its player is ready.
      tell();
    }
    hadWorker = true;
  });
  const registration = await workers.register('/sw.js');
  const look = () => {
    const installing = registration.installing;
    installing?.addEventListener('statechange', () => {
      if (installing.state === 'installed' && workers.controller !== null) {
        tell();
      }
    });
  };
  registration.addEventListener('updatefound', look);
  look();
  if (registration.waiting !== null && workers.controller !== null) {
    tell();
  }
  let lookedAt = Date.now();
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && Date.now() - lookedAt > HOUR) {
      lookedAt = Date.now();
      void registration.update().catch(() => undefined);
    }
  });
}

function tell(): void {
  waiting = true;
  for (const listener of listeners) {
    listener();
  }
}

/** After the first screen: the worker fetches the whole shell, and nobody waits for that. */
function whenIdle(work: () => void): void {
  const soon = () => (typeof requestIdleCallback === 'function' ? requestIdleCallback(work, { timeout: 5000 }) : setTimeout(work, 1000));
  if (document.readyState === 'complete') {
    soon();
  } else {
    window.addEventListener('load', soon, { once: true });
  }
}
