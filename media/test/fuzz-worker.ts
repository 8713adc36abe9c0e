/** One mutated file after another through the engine, each by its number, in a process that may be ended or run out of memory. */
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BoxError } from '../src/boxes.ts';
import { canonicalise } from '../src/canonicalise.ts';
import { checkClip } from '../src/check.ts';
import { OWN_SOUND } from '../src/encode.ts';
import { runFfmpeg, type Tools } from '../src/ffmpeg.ts';
import { blamesFile } from '../src/ffmpeg-errors.ts';
import { describeClip, mergeClips, readClip } from '../src/merge.ts';
import { planMerge } from '../src/plan-merge.ts';
import { writeMovie } from '../src/write-movie.ts';
import { mutate } from './mutate.ts';

/** What the process is told first. `dir` is its own. */
export interface FuzzWork {
  kind: 'tables' | 'clips';
  files: Uint8Array[];
  /** A clip that is as it should be, to be merged with. */
  good: string;
  dir: string;
  tools: Tools;
}

/** How one number ended; `error` where it should not have ended so. */
export interface FuzzOutcome {
  seed: number;
  outcome: 'accepted' | 'refused' | 'crashed';
  error?: string;
}

let work: FuzzWork;

process.on('message', (message: FuzzWork | number) => {
  if (typeof message === 'number') {
    run(message).then((ended) => process.send?.(ended));
  } else {
    work = message;
  }
});

async function run(seed: number): Promise<FuzzOutcome> {
  const { kind, files, dir } = work;
  const { bytes, done } = mutate(
    files.map((file) => Buffer.from(file)),
    seed,
  );
  const input = join(dir, 'in.mp4');
  await writeFile(input, bytes);
  try {
    const outcome = kind === 'tables' ? await runTables(input) : await runClip(input);
    await Promise.all(['in.mp4', 'canonical.mp4', 'merged.mp4'].map(async (name) => await rm(join(dir, name), { force: true })));
    const left = await readdir(dir);
    if (left.length > 0) {
      throw new Error(`left behind: ${left.join()}`);
    }
    return { seed, outcome };
  } catch (error) {
    const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { seed, outcome: 'crashed', error: `${done.join(', ')}: ${said}` };
  }
}

/** Tables to plan to file, as if every clip could be copied. */
async function runTables(input: string): Promise<'accepted' | 'refused'> {
  const { good, dir } = work;
  try {
    const [damaged, whole] = await Promise.all([readClip(input), readClip(good)]);
    planMerge([damaged, whole, damaged].map(describeClip));
    const avcc = damaged.picture.track.config ?? new Uint8Array();
    await writeMovie([damaged, whole], join(dir, 'merged.mp4'), { avcc, sound: OWN_SOUND, workDir: dir });
    return 'accepted';
  } catch (error) {
    if (error instanceof BoxError) {
      return 'refused';
    }
    throw error;
  }
}

/** The way of a clip: check, canonical form, merge. What comes out decodes without a complaint. */
async function runClip(input: string): Promise<'accepted' | 'refused'> {
  const { good, dir, tools } = work;
  const check = await checkClip(input, { tools });
  if (check.outcome === 'refused') {
    return 'refused';
  }
  let path: string;
  try {
    ({ path } = await canonicalise(input, join(dir, 'canonical.mp4'), { tools, facts: check.facts }));
  } catch (error) {
    if (blamesFile(error) || error instanceof BoxError) {
      return 'refused';
    }
    throw error;
  }
  const merged = join(dir, 'merged.mp4');
  await mergeClips([path, good, path], merged, { tools, workDir: join(dir, 'work') });
  await rm(join(dir, 'work'), { recursive: true });
  await runFfmpeg(tools, ['-xerror', '-i', merged, '-f', 'null', '-']);
  return 'accepted';
}
