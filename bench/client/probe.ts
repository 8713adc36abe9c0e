/** What is measured inside a page, and what Chromium says of its processes. */
import { type launchBrowser, PHONE } from '../../e2e/harness/browser.ts';
import { memoryMb } from '../lib/process-tree.ts';

export type Browser = Awaited<ReturnType<typeof launchBrowser>>;
export type Context = Awaited<ReturnType<Browser['newContext']>>;
export type Page = Awaited<ReturnType<Context['newPage']>>;

/** What a context needs to be a phone's. */
export const AS_PHONE = { viewport: PHONE, deviceScaleFactor: 2.625, isMobile: true, hasTouch: true, locale: 'en-US' };

/**
 * Begins before the page's own scripts. `probe.when(test)` is the time of the first frame in which `test()` holds, as
 * `performance.now()` has it; `probe.frames` how long the main thread worked for each frame (callbacks, style, layout, paint); `probe.touches` how
 * long from each touch to the next frame that shows what it did (Event Timing, in steps of 8 ms; those below 16 are not told).
 */
export const PROBE = `
  globalThis.probe = {
    frames: [],
    touches: [],
    when: (test) => new Promise((resolve, reject) => {
      const look = () => test() ? resolve(performance.now()) : requestAnimationFrame(look);
      setTimeout(() => reject(new Error('nothing for a minute: ' + test)), 60_000);
      look();
    }),
  };
  const channel = new MessageChannel();
  let began = 0;
  channel.port1.onmessage = () => probe.frames.push(performance.now() - began);
  const frame = () => {
    began = performance.now();
    channel.port2.postMessage(0);
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) {
      if (name.startsWith('pointer') || name === 'click') probe.touches.push(duration);
    }
  }).observe({ type: 'event', durationThreshold: 16 });`;

/** Frames and touches from now on; ask with `readProbe`. */
export async function clearProbe(page: Page): Promise<void> {
  await page.evaluate('probe.frames.length = probe.touches.length = 0');
}

/** Milliseconds. */
export interface Probed {
  frames: number[];
  touches: number[];
}

export function readProbe(page: Page): Promise<Probed> {
  return page.evaluate<Probed>('({ frames: probe.frames, touches: probe.touches })');
}

/** Opens `url`; milliseconds until `test` (an expression of the page's) first held, also where the page sends on to another one. */
export async function timeUntil(page: Page, url: string, test: string): Promise<number> {
  await page.addInitScript(`globalThis.shown = probe.when(() => ${test}).then((at) => performance.timeOrigin + at)`);
  const began = Date.now();
  await page.goto(url, { waitUntil: 'commit' }).catch(ifReplaced);
  for (;;) {
    const shown = await page.evaluate<number>('shown').catch(ifReplaced);
    if (shown !== undefined) {
      return shown - began;
    }
  }
}

/** The page has sent on to another one while it was asked. */
function ifReplaced(error: Error): undefined {
  if (!/destroyed|interrupted|navigation|ERR_ABORTED/i.test(error.message)) {
    throw error;
  }
}

/** Resident memory of the browser's largest page process, in MB. */
export async function pageMemoryMb(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return Math.max(...processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => memoryMb(id)));
}
