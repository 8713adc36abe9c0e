/**
 * The guest link and the web app in Chromium as a phone (its window, touch; neither its network nor its processor is slowed down): starts,
 * first picture, camera, frames, touches. Medians of three new visitors each.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makeApi } from '../e2e/harness/api.ts';
import { launchBrowser } from '../e2e/harness/browser.ts';
import { makeChallenge } from '../e2e/harness/challenges.ts';
import { clipMaker } from '../e2e/harness/clips.ts';
import { registerPlayer } from '../e2e/harness/players.ts';
import { makeScratch } from '../e2e/harness/scratch.ts';
import { ROOT, startServer } from '../e2e/harness/server.ts';
import { type AppRun, runApp } from './client/app.ts';
import { type Visit, visitLink } from './client/link.ts';
import { isQuick, report, tell } from './lib/report.ts';
import { median, percentile, round } from './lib/statistics.ts';

const ROUNDS = isQuick ? 1 : 3;
const P95 = 0.95;
/** What Event Timing does not tell lies below this. */
const TOUCH_LEAST_MS = 16;
const TITLE = 'Where I have been';

if (!existsSync(join(ROOT, 'client/dist/index.html'))) {
  console.error('the web app is not built: npm start builds it');
  process.exit(1);
}
await using scratch = await makeScratch();
await using server = await startServer();
const author = await registerPlayer(makeApi(server.origin));
const { id } = await makeChallenge(author.api, await clipMaker(scratch.path).three(), { title: TITLE, lie_index: 1 });
const place = { origin: server.origin, link: `${server.origin}/c/${id}`, title: TITLE };

const visits: Visit[] = [];
const runs: AppRun[] = [];
for (let n = 1; n <= ROUNDS; n++) {
  tell(`round ${n} of ${ROUNDS}`);
  // A new browser each time: its caches are empty.
  const browser = await launchBrowser({ cameraFolder: scratch.path });
  try {
    visits.push(await visitLink(browser, place.link));
    runs.push(await runApp(browser, place));
  } finally {
    await browser.close();
  }
}

const link = <K extends keyof Visit>(field: K) => visits.map((visit) => visit[field]);
const app = <K extends keyof AppRun>(field: K) => runs.map((run) => run[field]);
const middle = (samples: number[]) => round(median(samples));
const p95 = (samples: number[][]) => round(percentile(samples.flat(), P95));
const touch = (samples: number[][]) => Math.max(TOUCH_LEAST_MS, ...samples.flat());
const of = {
  link: { transition_p95_ms: p95(link('frames')), touch_ms: touch(link('touches')) },
  app: { transition_p95_ms: p95(app('frames')), touch_ms: touch(app('touches')) },
};
report({
  script_kb_gzip: middle(link('script_kb_gzip')),
  first_frame_ms: middle(link('first_frame_ms')),
  dropped_frames: middle(link('dropped_frames')),
  // The app's where both have one, as it is the heavier.
  memory_mb: middle(app('memory_mb')),
  cold_start_ms: middle(app('cold_start_ms')),
  warm_start_ms: middle(app('warm_start_ms')),
  camera_ready_ms: middle(app('camera_ready_ms')),
  transition_p95_ms: Math.max(of.link.transition_p95_ms, of.app.transition_p95_ms),
  touch_ms: Math.max(of.link.touch_ms, of.app.touch_ms),
  link: {
    cold_start_ms: middle(link('cold_start_ms')),
    warm_start_ms: middle(link('warm_start_ms')),
    memory_mb: middle(link('memory_mb')),
    ...of.link,
  },
  app: { from_link_ms: middle(app('link_start_ms')), ...of.app },
  limits: { script_kb_gzip: 350, cold_start_ms: 2000, warm_start_ms: 500, camera_ready_ms: 500, transition_p95_ms: 16, touch_ms: 100 },
});
