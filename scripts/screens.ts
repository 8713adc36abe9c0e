/**
 * Makes docs/screens from the running product: `node scripts/screens.ts [--data FOLDER] [name ...]`. Needs a built web app
 * (`npm start` builds it), Chromium and ffmpeg. With names it makes those groups alone (scripts/screens/scenes.ts has them); with `--data` the server's data is kept there
 * for the next time.
 */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchBrowser } from '../e2e/harness/browser.ts';
import { makeScratch } from '../e2e/harness/scratch.ts';
import { ROOT, startServer } from '../e2e/harness/server.ts';
import { makeCast } from './screens/cast.ts';
import { SCENES } from './screens/scenes.ts';
import { makeStage } from './screens/stage.ts';

const FOLDER = join(ROOT, 'docs/screens');

const { values, positionals } = parseArgs({ options: { data: { type: 'string' } }, allowPositionals: true });
await using scratch = await makeScratch();
const folder = values.data ?? scratch.path;
await mkdir(folder, { recursive: true });
// Notifications need an https address; nothing is sent there.
const env = { DEMO: 'on', PUSH: 'on', PUBLIC_URL: 'https://game.example' };
await using server = await startServer({ env, dataDir: join(folder, 'data') });
const cast = await makeCast(server.origin, folder);
const browser = await launchBrowser({ cameraFolder: folder, clip: join(folder, 'maya-0.mp4') });
const made: string[] = [];
let failed = 0;
for (const [name, scene] of Object.entries(SCENES)) {
  if (positionals.length > 0 && !positionals.includes(name)) {
    continue;
  }
  const stage = makeStage({
    browser,
    origin: server.origin,
    folder: scratch.path,
    save: async (picture, bytes) => {
      made.push(`${picture}.png`);
      await writeFile(join(FOLDER, `${picture}.png`), bytes);
    },
  });
  try {
    await scene(stage, cast);
    console.log(`${name}: done`);
  } catch (error) {
    failed += 1;
    console.error(`${name}:`, error, await stage.words());
  } finally {
    await stage.close();
  }
}
await browser.close();
if (positionals.length === 0 && failed === 0) {
  const stale = (await readdir(FOLDER)).filter((file) => !made.includes(file));
  await Promise.all(stale.map((file) => rm(join(FOLDER, file))));
}
console.log(`${made.length} pictures in docs/screens`);
process.exitCode = failed === 0 ? 0 : 1;
