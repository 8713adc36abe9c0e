/** Installing the web app. A browser offers it once, early: whoever imports this late has missed it, so the shell does. */
import type { Install, InstallWay } from './install.types.ts';

/** Of Chromium (wicg.github.io/manifest-incubations, BeforeInstallPromptEvent); TypeScript does not know it. */
interface InstallOffer extends Event {
  prompt(): Promise<unknown>;
}

const listeners = new Set<() => void>();
let offer: InstallOffer | null = null;

window.addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault();
  change(event as InstallOffer);
});
window.addEventListener('appinstalled', () => change(null));

/** What this browser says of installing. */
export const install: Install = {
  way(): InstallWay {
    if (isInstalled()) {
      return 'none';
    }
    if (offer !== null) {
      return 'prompt';
    }
    return isApplePhone() ? 'by-hand' : 'none';
  },
  subscribe(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  ask() {
    // An offer can be taken up once.
    void offer?.prompt();
    change(null);
  },
};

function change(next: InstallOffer | null): void {
  offer = next;
  for (const listener of listeners) {
    listener();
  }
}

function isInstalled(): boolean {
  return globalThis.matchMedia('(display-mode: standalone)').matches || (navigator as { standalone?: boolean }).standalone === true;
}

/** iPhone, or an iPad, which calls itself a Mac. Every browser there can put a page on the home screen, none offers it. */
function isApplePhone(): boolean {
  return /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
}
