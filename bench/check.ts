/**
 * The check of one clip of a minute (720x1280, 30 a second, H.264 and AAC): CPU, wall and memory of whole processes, with the start of Node. `cpu_s` and
 * the like are of a clip of 7 Mbit/s as a phone's camera writes it, `recorded` of 1.2 Mbit/s as the app does, which is decoded whole; `read` is a plain `cat`
 * of the first. In turn, three rounds, medians. `fuzz`: mutated files through the readers and the writer, and through the whole way of a clip.
 */
import { join } from 'node:path';
import { findTools } from '@2t1l/media/ffmpeg';
import { makeScratch } from '../e2e/harness/scratch.ts';
import { fuzz } from '../media/test/fuzz.ts';
import { isQuick, report, tell } from './lib/report.ts';
import { runMeasured, type Taken } from './lib/run-measured.ts';
import { median, round } from './lib/statistics.ts';
import { makeAlike } from './merge/clips.ts';

const ROUNDS = 3;
const SECONDS = isQuick ? 10 : 60;
const FUZZED = isQuick ? { tables: 100, clips: 5 } : { tables: 2000, clips: 200 };
const WORK = join(import.meta.dirname, 'merge/work.ts');

await using scratch = await makeScratch();
// As the server does, for this process's children: what is measured is the work, not the compiler.
process.env.NODE_COMPILE_CACHE = join(scratch.path, 'compiled');
const tools = await findTools(process.env.FFMPEG_PATH);
if (tools === null) {
  throw new Error('ffmpeg is missing');
}
tell(`clips of ${SECONDS} s`);
const camera = await makeAlike(scratch.path, SECONDS, 1);
const recorded = await makeAlike(scratch.path, SECONDS, 2, '1.2M');

// a clip that is kept as it came is checked, and nothing else
const check = (clip: string) => runMeasured(process.execPath, [WORK, 'prepare', '1', clip]);
await check(recorded);
const rounds: { camera: Taken; recorded: Taken; read: Taken }[] = [];
for (let n = 1; n <= ROUNDS; n++) {
  tell(`round ${n} of ${ROUNDS}`);
  rounds.push({ read: await runMeasured('cat', [camera]), camera: await check(camera), recorded: await check(recorded) });
}
const fuzzed = { tables: await runFuzz('tables'), clips: await runFuzz('clips') };
const { tables, clips } = fuzzed;
report({
  ...middle('camera'),
  read: middle('read'),
  recorded: middle('recorded'),
  fuzz: {
    tried: tables.tried + clips.tried,
    accepted: tables.accepted + clips.accepted,
    refused: tables.refused + clips.refused,
    crashed: tables.crashed + clips.crashed,
    hung: tables.hung + clips.hung,
  },
});

function middle(name: 'camera' | 'recorded' | 'read'): { cpu_s: number; wall_s: number; peak_mb: number } {
  const of = (field: keyof Taken) => round(median(rounds.map((each) => each[name][field])));
  return { cpu_s: of('cpu_s'), wall_s: of('wall_s'), peak_mb: of('peak_mb') };
}

async function runFuzz(kind: 'tables' | 'clips'): ReturnType<typeof fuzz> {
  tell(`${FUZZED[kind]} mutations of ${kind}`);
  if (tools === null) {
    throw new Error('ffmpeg is missing');
  }
  const ended = await fuzz({ kind, dir: scratch.path, tools, count: FUZZED[kind] });
  for (const failure of ended.failures) {
    tell(failure);
  }
  return ended;
}
