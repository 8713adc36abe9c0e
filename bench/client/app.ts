/** The app: a first start, a second one, from a link, its tabs, its camera. */
import { AS_PHONE, type Browser, type Context, clearProbe, type Page, PROBE, pageMemoryMb, readProbe, timeUntil } from './probe.ts';

const SETTLE_MS = 700;
const SLOW = { timeout: 60_000 };
const shows = (text: string) => `document.querySelector('#root')?.textContent.includes('${text}')`;

/** The first card's way in stands where a finger finds it. */
const IS_TOUCHABLE = `(() => {
  const button = document.querySelector('#root [data-testid=watch]');
  const { x, y, width, height } = button?.getBoundingClientRect() ?? {};
  return button?.contains(document.elementFromPoint(x + width / 2, y + height / 2)) ?? false;
})()`;

export interface AppRun {
  cold_start_ms: number;
  warm_start_ms: number;
  link_start_ms: number;
  camera_ready_ms: number;
  memory_mb: number;
  frames: number[];
  touches: number[];
}

/** One player: nobody at first, then a guest who comes back. `link` leads to a challenge called `title`. */
export async function runApp(browser: Browser, { origin, link, title }: { origin: string; link: string; title: string }): Promise<AppRun> {
  const context = await browser.newContext({ ...AS_PHONE, permissions: ['camera', 'microphone'] });
  try {
    const page = await probedPage(context);
    const cold = await timeUntil(page, `${origin}/`, shows('Play right away'));
    await page.getByRole('button', { name: 'Play right away' }).tap();
    await page.getByText(title).first().waitFor(SLOW);
    await page.close();

    const second = await probedPage(context);
    const warm = await timeUntil(second, `${origin}/`, `${shows(title)} && ${IS_TOUCHABLE}`);
    await clearProbe(second);
    for (const tab of ['Me', 'Feed', 'Me', 'Feed']) {
      await second.getByRole('link', { name: tab, exact: true }).filter({ visible: true }).first().tap();
      await second.waitForTimeout(SETTLE_MS);
    }
    const probed = await readProbe(second);
    const memory = await pageMemoryMb(browser);
    await second.close();

    const third = await probedPage(context);
    const fromLink = await timeUntil(third, link, "document.querySelector('#root [role=radio]') !== null");
    await third.close();
    const camera = await measureCamera(await probedPage(context), origin);
    return { cold_start_ms: cold, warm_start_ms: warm, link_start_ms: fromLink, camera_ready_ms: camera, memory_mb: memory, ...probed };
  } finally {
    await context.close();
  }
}

async function probedPage(context: Context): Promise<Page> {
  const page = await context.newPage();
  await page.addInitScript(PROBE);
  return page;
}

/** From the tap to the first picture of the camera. */
async function measureCamera(page: Page, origin: string): Promise<number> {
  await page.goto(`${origin}/create`);
  const open = page.getByRole('button', { name: 'To the camera' });
  await open.waitFor(SLOW);
  await page.evaluate(`void (globalThis.opened = new Promise((resolve) =>
    document.addEventListener('click', ({ timeStamp }) => probe.when(() => document.querySelector('video')?.currentTime > 0).then((at) => resolve(at - timeStamp)),
      { capture: true, once: true })))`);
  await open.tap();
  return page.evaluate<number>('opened');
}
