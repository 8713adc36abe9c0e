/** The guest link: a first visit, the film, the guess, the answer, and the next visit. */
import { AS_PHONE, type Browser, clearProbe, PROBE, pageMemoryMb, readProbe, timeUntil } from './probe.ts';

const ANSWER_MS = 1500;
const KB = 1024;
const IS_PLAYABLE = "document.querySelector('.js .tap')?.offsetWidth > 0 && document.querySelector('form .main')?.ariaDisabled === 'true'";

export interface Visit {
  script_kb_gzip: number;
  cold_start_ms: number;
  warm_start_ms: number;
  first_frame_ms: number;
  dropped_frames: number;
  memory_mb: number;
  frames: number[];
  touches: number[];
}

/** One visitor who has never been here. */
export async function visitLink(browser: Browser, url: string): Promise<Visit> {
  const context = await browser.newContext(AS_PHONE);
  try {
    const page = await context.newPage();
    await page.addInitScript(PROBE);
    let scriptBytes = 0;
    let isCounting = true;
    page.on('response', (response) => {
      if (isCounting && response.request().resourceType() === 'script') {
        scriptBytes += Number(response.headers()['content-length'] ?? 0);
      }
    });
    const cold = await timeUntil(page, url, IS_PLAYABLE);
    // Plays at once, as somebody does who taps without reading.
    const firstFrame = await page.evaluate<number>(`new Promise((resolve) => {
      document.querySelector('#film').requestVideoFrameCallback((now) => resolve(now));
      document.querySelector('.tap').click();
    })`);
    await clearProbe(page);
    for (const number of [1, 3, 2]) {
      await page
        .locator('.tile')
        .nth(number - 1)
        .tap();
      await page.getByRole('button', { name: 'More sure' }).tap();
    }
    await page.evaluate("probe.when(() => document.querySelector('#film').ended)");
    const dropped = await page.evaluate<number>("document.querySelector('#film').getVideoPlaybackQuality().droppedVideoFrames");
    isCounting = false;
    await page.locator('form .main').tap();
    await page.getByText(/^(You caught it|It got past you)$/).waitFor();
    await page.waitForTimeout(ANSWER_MS);
    const probed = await readProbe(page);
    const memory = await pageMemoryMb(browser);
    // The scripts are in the browser's cache; the session is forgotten, so that it is this page again and not the app.
    await page.evaluate('localStorage.clear()');
    const again = await context.newPage();
    await again.addInitScript(PROBE);
    const warm = await timeUntil(again, url, IS_PLAYABLE);
    return {
      script_kb_gzip: scriptBytes / KB,
      cold_start_ms: cold,
      warm_start_ms: warm,
      first_frame_ms: firstFrame,
      dropped_frames: dropped,
      memory_mb: memory,
      ...probed,
    };
  } finally {
    await context.close();
  }
}
