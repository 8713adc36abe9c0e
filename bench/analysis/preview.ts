/** The live preview in Chromium: a fake camera shows a face, the app reads it as an author's browser does. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openApp } from '../../e2e/harness/app.ts';
import { launchBrowser } from '../../e2e/harness/browser.ts';
import { makeScratch } from '../../e2e/harness/scratch.ts';
import { ROOT, startServer } from '../../e2e/harness/server.ts';
import { makeSpeakingClip } from '../../e2e/harness/speaking-clips.ts';
import { isQuick, tell } from '../lib/report.ts';
import { median, round } from '../lib/statistics.ts';

const WARM_MS = 3000;
const WATCH_MS = isQuick ? 4000 : 15_000;
const LOOK_MS = 60_000;

/** Notes of every picture when it was answered, and how long after it was handed over, in milliseconds. */
const NOTES = `
  globalThis.answers = [];
  const Plain = Worker;
  globalThis.Worker = class extends Plain {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', () => answers.push({ at: performance.now(), took: performance.now() - this.sent }));
    }
    postMessage(...given) {
      this.sent = performance.now();
      super.postMessage(...given);
    }
  };`;

/** Pictures a second, and from a picture handed over to its reading; null where the web app is not built. */
export async function measurePreview(): Promise<{ preview_fps: number; preview_ms: number } | null> {
  if (!existsSync(join(ROOT, 'client/dist/index.html'))) {
    tell('no preview: the web app is not built (npm start builds it)');
    return null;
  }
  await using scratch = await makeScratch();
  const clip = await makeSpeakingClip(scratch.path, 'author', { text: 'Once I missed a train', voice: 'slt', hasFace: true });
  await using server = await startServer();
  const browser = await launchBrowser({ cameraFolder: scratch.path, clip });
  try {
    await using app = await openApp(browser, server.origin, { hasTouch: false, path: '/welcome' });
    const { page } = app;
    await page.addInitScript(NOTES);
    await page.goto(`${server.origin}/create`);
    await page.getByRole('button', { name: 'To the camera' }).click({ timeout: LOOK_MS });
    await page.getByRole('switch', { name: 'Live tells' }).click({ timeout: LOOK_MS });
    await page.getByText(/^Looks: /).waitFor({ timeout: LOOK_MS });
    await page.waitForTimeout(WARM_MS);
    await page.evaluate('answers.length = 0');
    await page.waitForTimeout(WATCH_MS);
    const answers = (await page.evaluate('answers')) as { at: number; took: number }[];
    const seconds = ((answers.at(-1)?.at ?? 0) - (answers[0]?.at ?? 0)) / 1000;
    return { preview_fps: round((answers.length - 1) / seconds), preview_ms: round(median(answers.map(({ took }) => took))) };
  } finally {
    await browser.close();
  }
}
