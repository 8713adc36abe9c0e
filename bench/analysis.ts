/**
 * One 60 s clip read by the pool's threads, medians: its face at 2 frames a second, one frame by itself, the first frame with the loading of the nets
 * (`first_frame_ms`), and its voice. The frames are a demo picture of two faces, 360x640, that drifts; the voice is a buzz in syllables with pauses.
 * `one_worker` is the same with one thread; `preview_fps` and `preview_ms` are the live preview in Chromium, pictures a second and the time of one; `memory_mb` what the process grew by;
 * `api` is what feed and challenge take, at 40 requests a second, while nothing else happens and while the same server has clips of a minute analysed.
 */
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Frame } from '@2t1l/analysis/face/types';
import { createAnalysisPool } from '@2t1l/analysis/node/pool';
import { FFMPEG } from '../e2e/harness/run.ts';
import { measureApi } from './analysis/api-latency.ts';
import { measurePreview } from './analysis/preview.ts';
import { type Figures, isQuick, report, tell } from './lib/report.ts';
import { median, round } from './lib/statistics.ts';
import { MB } from './lib/units.ts';

const ROUNDS = isQuick ? 1 : 5;
const FRAMES = 120;
const [WIDTH, HEIGHT] = [360, 640];

const frames = makeFrames();
const samples = makeVoice();
tell('two workers');
const two = await measure(2);
tell('one worker');
const one = await measure(1);
tell('the API while clips are analysed');
const api = await measureApi();
tell('live preview');
report({ ...two, one_worker: one, api, ...(await measurePreview()) });

async function measure(workers: number): Promise<Figures> {
  const before = process.memoryUsage().rss;
  await using pool = createAnalysisPool({ workers });
  const first = await timed(() => pool.face(frames.slice(0, 1)));
  await pool.face(frames);
  const rounds: { cpu_s: number; wall_s: number }[] = [];
  const single: number[] = [];
  await pool.voice(samples);
  const voices: typeof rounds = [];
  for (let n = 0; n < ROUNDS; n++) {
    rounds.push(await timed(() => pool.face(frames)));
    voices.push(await timed(() => pool.voice(samples)));
    single.push((await timed(() => pool.face(frames.slice(n, n + 1)))).wall_s);
  }
  const face = middle(rounds);
  return {
    face: {
      frames: FRAMES,
      ...face,
      ms_per_frame: round((face.cpu_s * 1000) / FRAMES),
      one_frame_ms: round(median(single) * 1000),
      first_frame_ms: round(first.wall_s * 1000),
    },
    voice: middle(voices),
    memory_mb: round((process.memoryUsage().rss - before) / MB),
  };
}

function middle(rounds: { cpu_s: number; wall_s: number }[]): { cpu_s: number; wall_s: number } {
  return { cpu_s: round(median(rounds.map((each) => each.cpu_s))), wall_s: round(median(rounds.map((each) => each.wall_s))) };
}

async function timed(work: () => Promise<unknown>): Promise<{ cpu_s: number; wall_s: number }> {
  const [cpu, began] = [process.cpuUsage(), performance.now()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { cpu_s: (user + system) / 1e6, wall_s: (performance.now() - began) / 1000 };
}

function makeFrames(): Frame[] {
  const package_json = createRequire(new URL('../analysis/package.json', import.meta.url)).resolve('@vladmandic/face-api/package.json');
  const picture = join(dirname(package_json), 'demo/sample3.jpg');
  const drift = `scale=960:-2,crop=${WIDTH}:${HEIGHT}:'300+60*sin(n/7)':'10+10*cos(n/5)'`;
  const args = [
    '-v',
    'error',
    '-loop',
    '1',
    '-i',
    picture,
    '-vf',
    drift,
    '-frames:v',
    String(FRAMES),
    '-f',
    'rawvideo',
    '-pix_fmt',
    'rgb24',
    '-',
  ];
  const bytes = execFileSync(FFMPEG, args, { maxBuffer: FRAMES * WIDTH * HEIGHT * 3 });
  const size = WIDTH * HEIGHT * 3;
  return Array.from({ length: FRAMES }, (_, i) => ({
    data: new Uint8Array(bytes.subarray(i * size, (i + 1) * size)),
    width: WIDTH,
    height: HEIGHT,
    timestamp_seconds: i / 2,
  }));
}

function makeVoice(): Float32Array {
  return Float32Array.from({ length: 60 * 16_000 }, (_, i) => {
    const t = i / 16_000;
    const loud = t % 3 > 2.4 ? 0 : Math.max(0, Math.sin(2 * Math.PI * 2 * t)) ** 0.5;
    const phase = 2 * Math.PI * (140 * t + 4 * Math.sin(t));
    return 0.1 * loud * (Math.sin(phase) + Math.sin(2 * phase) / 2 + Math.sin(3 * phase) / 3 + Math.sin(5 * phase) / 4);
  });
}
