/** The web app in a browser of its own: a phone's window, a language, what went wrong in it. */
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { PHONE } from './browser.ts';
import type { Player } from './players.ts';

export interface App extends AsyncDisposable {
  page: Page;
  /** Exceptions and lost resources so far. */
  faults: string[];
}

export interface AppOptions {
  scheme?: 'dark' | 'light';
  /** A finger, not a mouse. False: a narrow window of a computer, whose camera is cut upright; true by default. */
  hasTouch?: boolean;
  /** True: the service worker may keep the app's shell; false by default, so that a test sees its own requests alone. */
  keepsShell?: boolean;
  /** Asks for less motion; false by default. */
  isStill?: boolean;
  /** Three, two, one in a third of a second, where the countdown is not what is tried; false by default. */
  isQuick?: boolean;
  /** Who is logged in; nobody by default. */
  player?: Player;
  /** Which address it opens. */
  path?: string;
}

/** Before the page: three, two, one in a third of a second. */
export const QUICK_COUNTDOWN =
  '{ const later = setTimeout; window.setTimeout = (work, ms, ...more) => later(work, ms === 1000 ? 100 : ms, ...more); }';

const YEARS_MS = 5 * 365 * 86_400_000;

/** Before the page: this player is logged in, whatever the device's clock says. */
export function signedIn({ tokens: { access_token, refresh_token, player } }: Player): string {
  const session = { access_token, refresh_token, expires_at_ms: Date.now() + YEARS_MS, player };
  return `if (!localStorage.getItem('2t1l.session')) localStorage.setItem('2t1l.session', '${JSON.stringify(session)}');`;
}

/** Opens the product as somebody who has never been there, or as `player`. */
export async function openApp(
  browser: Browser,
  origin: string,
  { scheme = 'dark', hasTouch = true, keepsShell = false, isStill = false, isQuick = false, player, path = '/' }: AppOptions = {},
): Promise<App> {
  const context = await browser.newContext({
    viewport: PHONE,
    isMobile: hasTouch,
    hasTouch,
    locale: 'en-US',
    colorScheme: scheme,
    reducedMotion: isStill ? 'reduce' : 'no-preference',
    serviceWorkers: keepsShell ? 'allow' : 'block',
    permissions: ['camera', 'microphone', 'clipboard-read', 'clipboard-write'],
  });
  if (isQuick) {
    await context.addInitScript(QUICK_COUNTDOWN);
  }
  if (player !== undefined) {
    await context.addInitScript(signedIn(player));
  }
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`${error.name}: ${error.message}`));
  page.on('response', (response) => {
    if (response.status() >= 500) {
      faults.push(`${response.status()} ${response.url()}`);
    }
  });
  await page.goto(`${origin}${path}`);
  return { page, faults, [Symbol.asyncDispose]: () => context.close() };
}

/** Rules of axe that are still an experiment of its makers, and wrong about text that stands in several lines. */
export const EXPERIMENTS = ['label-content-name-mismatch'];
/** WCAG 2.2 A and AA. */
export const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Axe for a page without frames: it needs no second page to gather what their documents say, which is half a second of each look. */
export const axeOn = (page: Page) => new AxeBuilder({ page }).setLegacyMode();

/** What axe finds serious or critical on the page (WCAG 2.2 A and AA), a line each. */
export async function faultsForAll(page: Page, screen: string): Promise<string[]> {
  const { violations } = await axeOn(page).withTags(AXE_TAGS).disableRules(EXPERIMENTS).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${screen}: ${id}: ${node.html.slice(0, 200)}: ${node.failureSummary ?? ''}`));
}

export interface FilmFacts {
  seconds: number;
  duration: number;
  isPaused: boolean;
  isEnded: boolean;
  error: string | null;
  pictures: number;
}

/** What the page's video element says of itself. */
export async function filmFacts(page: Page): Promise<FilmFacts> {
  return page.evaluate(`(() => {
    const film = document.querySelector('video');
    return {
      seconds: film.currentTime,
      duration: film.duration,
      isPaused: film.paused,
      isEnded: film.ended,
      error: film.error === null ? null : film.error.code + ' ' + film.error.message,
      pictures: film.getVideoPlaybackQuality().totalVideoFrames,
    };
  })()`);
}
