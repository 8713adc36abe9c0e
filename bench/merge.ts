/**
 * The merge against the reference design's command and a plain `cat`: CPU, wall and memory of whole processes, ours with the start of Node.
 * Cases take turns in every round, and figures are medians over the rounds; the reference command runs once. `sound`: one clip's sound differs;
 * `odd`: one clip is HEVC of another size, checked and made canonical in the same process; `three_encodes`: three clips of one kind that arrive at
 * the same moment and all need encoding, until all are ready to be merged, as many at a time as there are cores.
 */
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { FFMPEG } from '../e2e/harness/run.ts';
import { makeScratch } from '../e2e/harness/scratch.ts';
import { type Figures, isQuick, report, tell } from './lib/report.ts';
import { runMeasured, type Taken } from './lib/run-measured.ts';
import { median, round } from './lib/statistics.ts';
import { type BenchClips, makeClips } from './merge/clips.ts';

const ROUNDS = 3;
/** The kernel counts in steps of 10 ms, which is much for what takes so little. */
const SHORT_RUNS = 8;
const LENGTHS = isQuick ? [10] : [10, 60];
const WORK = join(import.meta.dirname, 'merge/work.ts');

await using scratch = await makeScratch();
const output = join(scratch.path, 'merged.mp4');
const before = () => rm(output, { force: true });
// As the server does, for this process's children: what is measured is the work, not the compiler.
process.env.NODE_COMPILE_CACHE = join(scratch.path, 'compiled');
const cases: Figures = {};
let longest: BenchClips | null = null;
for (const seconds of LENGTHS) {
  tell(`clips of ${seconds} s`);
  longest = await makeClips(scratch.path, seconds);
  cases[`3x${seconds}`] = await compare(longest, seconds);
}
report({ cases, three_encodes: longest === null ? {} : await encodeThree(longest) });

async function compare(clips: BenchClips, seconds: number): Promise<Figures> {
  const [first, second, third] = clips.alike;
  const work = { odd: [first, '--prepare', clips.hevc[1], third], sound: [first, clips.sound, third], copy: [first, second, third] };
  const taken = { copy: [] as Taken[], sound: [] as Taken[], odd: [] as Taken[], cat: [] as Taken[] };
  await merge(work.copy, 1);
  for (let n = 1; n <= ROUNDS; n++) {
    tell(`3x${seconds}, round ${n} of ${ROUNDS}`);
    taken.cat.push(await runMeasured('sh', ['-c', 'cat "$@" > "$0"', output, ...clips.alike], { times: SHORT_RUNS, before }));
    taken.copy.push(await merge(work.copy, SHORT_RUNS));
    taken.sound.push(await merge(work.sound, 1));
    taken.odd.push(await merge(work.odd, 1));
  }
  tell(`3x${seconds}, the reference command`);
  const baseline = await runMeasured(FFMPEG, referenceArgs(clips.alike), { before });
  const [copy, sound, odd, cat] = [middle(taken.copy), middle(taken.sound), middle(taken.odd), middle(taken.cat)];
  return {
    ...{ baseline: rounded(baseline), copy: rounded(copy), sound: rounded(sound), odd: rounded(odd), cat: rounded(cat) },
    baseline_per_copy: round(baseline.cpu_s / copy.cpu_s),
    copy_per_cat: round(copy.cpu_s / cat.cpu_s),
  };
}

function merge(clips: readonly string[], times: number): Promise<Taken> {
  return runMeasured(process.execPath, [WORK, 'merge', output, ...clips], { times, before });
}

/** The reference design's command, as it stands there but for the flags that keep it quiet. */
function referenceArgs([first, second, third]: BenchClips['alike']): string[] {
  const inputs = ['-v', 'error', '-nostdin', '-i', first, '-i', second, '-i', third];
  const graph = '[0:v][0:a][1:v][1:a][2:v][2:a]concat=n=3:v=1:a=1[outv][outa]';
  const encoders = ['-c:v', 'libx264', '-c:a', 'aac', '-preset', 'fast'];
  return [...inputs, '-filter_complex', graph, '-map', '[outv]', '-map', '[outa]', ...encoders, output];
}

async function encodeThree({ hevc, large, wide, webm }: BenchClips): Promise<Figures> {
  const hands = availableParallelism();
  const taken = { hevc: [] as Taken[], large: [] as Taken[], wide: [] as Taken[], webm: [] as Taken[] };
  for (let n = 1; n <= ROUNDS; n++) {
    tell(`three encodes at once, round ${n} of ${ROUNDS}`);
    for (const [kind, clips] of Object.entries({ hevc, large, wide, webm }) as [keyof typeof taken, readonly string[]][]) {
      taken[kind].push(await runMeasured(process.execPath, [WORK, 'prepare', String(hands), ...clips]));
    }
  }
  return { hands, ...Object.fromEntries(Object.entries(taken).map(([kind, each]) => [kind, rounded(middle(each))])) };
}

function middle(taken: readonly Taken[]): Taken {
  const of = (field: keyof Taken) => median(taken.map((each) => each[field]));
  return { cpu_s: of('cpu_s'), wall_s: of('wall_s'), peak_mb: of('peak_mb') };
}

function rounded({ cpu_s, wall_s, peak_mb }: Taken): Figures {
  return { cpu_s: round(cpu_s), wall_s: round(wall_s), peak_mb: round(peak_mb) };
}
