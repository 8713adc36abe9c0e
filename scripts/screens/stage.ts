/** A browser that takes pictures of one player's screens. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { PHONE } from '../../e2e/harness/browser.ts';
import { PASSWORD } from '../../e2e/harness/players.ts';
import { FFMPEG, run } from '../../e2e/harness/run.ts';

const DESK = { width: 1280, height: 800 };
/** Motion has come to rest by then. */
const REST_MS = 900;
const PATIENCE_MS = 90_000;

export interface OpenOptions {
  player?: string;
  /** Script that runs before the page's own. */
  init?: string;
  /** With its service worker, which notifications need. */
  hasWorker?: boolean;
}

export interface Stage {
  /** A browser that has never been there, or one in which `player` is logged in, at `path`. */
  open(path: string, options?: OpenOptions): Promise<Page>;
  /** Pictures in dark and light (`-light`); `dark` alone for the studio, which has no light; with `wide` also on a desk. */
  shoot(page: Page, name: string, options?: { dark?: boolean; wide?: boolean }): Promise<void>;
  /** What stands on the screens, for a failure. */
  words(): Promise<string>;
  close(): Promise<void>;
}

export interface StageOptions {
  browser: Browser;
  origin: string;
  /** For files on the way. */
  folder: string;
  save: (name: string, png: Buffer) => Promise<void>;
}

export function makeStage({ browser, origin, folder, save }: StageOptions): Stage {
  const contexts: BrowserContext[] = [];
  const take = async (page: Page, name: string) => {
    await page.waitForTimeout(REST_MS);
    await save(name, await shrink(await page.screenshot(), folder));
  };
  return {
    async open(path, { player, init, hasWorker = false } = {}) {
      const context = await browser.newContext({
        viewport: PHONE,
        locale: 'en-US',
        colorScheme: 'dark',
        serviceWorkers: hasWorker ? 'allow' : 'block',
        permissions: ['camera', 'microphone', 'notifications'],
      });
      contexts.push(context);
      context.setDefaultTimeout(PATIENCE_MS);
      context.setDefaultNavigationTimeout(PATIENCE_MS);
      const page = await context.newPage();
      if (init !== undefined) {
        await page.addInitScript(init);
      }
      if (player !== undefined) {
        await page.goto(`${origin}/welcome?mode=login`);
        await page.getByLabel('E-mail address').fill(`${player}@example.com`);
        await page.getByLabel('Password').fill(PASSWORD);
        await page.getByRole('button', { name: 'Log in' }).filter({ visible: true }).click();
        await page.waitForURL(`${origin}/`);
      }
      await page.goto(`${origin}${path}`);
      return page;
    },
    async shoot(page, name, { dark = false, wide = false } = {}) {
      await take(page, name);
      if (!dark) {
        await page.emulateMedia({ colorScheme: 'light' });
        await take(page, `${name}-light`);
        await page.emulateMedia({ colorScheme: 'dark' });
      }
      if (wide) {
        await page.setViewportSize(DESK);
        await take(page, `${name}-wide`);
        await page.setViewportSize(PHONE);
      }
    },
    async words() {
      const pages = contexts.flatMap((context) => context.pages());
      return (
        await Promise.all(pages.map(async (page) => `${page.url()}\n${(await page.innerText('body').catch(String)).slice(0, 1500)}`))
      ).join('\n');
    },
    async close() {
      await Promise.all(contexts.map((context) => context.close()));
    },
  };
}

/** The same picture with a palette of its own: a third of the bytes. */
async function shrink(png: Buffer, folder: string): Promise<Buffer> {
  const [from, to] = [join(folder, 'picture.png'), join(folder, 'palette.png')];
  await writeFile(from, png);
  const palette = 'split[a][b];[a]palettegen=max_colors=160:stats_mode=full[p];[b][p]paletteuse=dither=bayer:bayer_scale=5';
  await run(FFMPEG, [
    '-v',
    'error',
    '-y',
    '-i',
    from,
    '-vf',
    palette,
    '-compression_level',
    '100',
    '-pred',
    'none',
    '-frames:v',
    '1',
    '-update',
    '1',
    to,
  ]);
  return readFile(to);
}
