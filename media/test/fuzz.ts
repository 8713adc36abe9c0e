/** Runs numbered mutations through the engine and counts how they end. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Tools } from '../src/ffmpeg.ts';
import type { FuzzOutcome, FuzzWork } from './fuzz-worker.ts';
import { makeClip } from './make-clip.ts';

/** `tables`: the reader, the plan and the writer alone; `clips`: the whole way of a clip. Seeds are `first` to `first + count - 1`. */
export interface Fuzzing {
  kind: FuzzWork['kind'];
  dir: string;
  tools: Tools;
  count: number;
  first?: number;
}

/** How many ended how, and each that should not have ended so with its seed. */
export interface Fuzzed {
  tried: number;
  accepted: number;
  refused: number;
  crashed: number;
  hung: number;
  failures: string[];
}

/** A tenth of a second is usual, for a whole clip a few. */
const HUNG_MS = { tables: 10_000, clips: 120_000 };
/** JavaScript's own memory in its own process; a clip's tables take a few megabytes. */
const HEAP_MB = 256;

/** Mutates small files of every kind that is taken. The process that does it ends when a file hangs it, and the next one goes on. */
export async function fuzz({ kind, dir, tools, count, first = 1 }: Fuzzing): Promise<Fuzzed> {
  const files = await makeFiles(dir, tools);
  const work: FuzzWork = { kind, files: [...files.values()], good: join(dir, 'plain.mp4'), dir: join(dir, kind), tools };
  const result: Fuzzed = { tried: 0, accepted: 0, refused: 0, crashed: 0, hung: 0, failures: [] };
  let worker: ChildProcess | null = null;
  for (let seed = first; seed < first + count; seed += 1) {
    if (worker === null) {
      await rm(work.dir, { recursive: true, force: true });
      await mkdir(work.dir);
      worker = fork(new URL('./fuzz-worker.ts', import.meta.url), {
        serialization: 'advanced',
        execArgv: [`--max-old-space-size=${HEAP_MB}`],
        stdio: ['ignore', 'inherit', 'ignore', 'ipc'],
      });
      worker.send(work);
    }
    const ended = await runOne(worker, seed, HUNG_MS[kind]);
    result.tried += 1;
    result[ended.outcome] += 1;
    if (ended.outcome === 'crashed' || ended.outcome === 'hung') {
      result.failures.push(`${kind}, seed ${seed}, ${ended.outcome}: ${ended.error ?? ''}`);
      worker.kill('SIGKILL');
      worker = null;
    }
  }
  worker?.kill('SIGKILL');
  return result;
}

async function runOne(
  worker: ChildProcess,
  seed: number,
  hungMs: number,
): Promise<Omit<FuzzOutcome, 'outcome'> & { outcome: FuzzOutcome['outcome'] | 'hung' }> {
  const stop = new AbortController();
  const { signal } = stop;
  try {
    worker.send(seed);
    return await Promise.race([
      once(worker, 'message', { signal }).then(([ended]: FuzzOutcome[]) => ended ?? { seed, outcome: 'crashed' as const }),
      // out of memory, or an exception that nobody waited for
      once(worker, 'exit', { signal }).then(([code]) => ({ seed, outcome: 'crashed' as const, error: `ended with ${code}` })),
      sleep(hungMs, { seed, outcome: 'hung' as const }, { signal }),
    ]);
  } finally {
    stop.abort();
  }
}

/** Small files, for each mutation to matter. */
async function makeFiles(dir: string, tools: Tools): Promise<Map<string, Buffer>> {
  const fragments = '-movflags +frag_keyframe+empty_moov+default_base_moof -g 3';
  const vp8 = { size: '64x64', picture: '-c:v libvpx -deadline realtime -cpu-used 8', sound: '-c:a libopus' };
  const recipes = {
    'plain.mp4': {},
    'b-frames.mp4': { picture: '-c:v libx264 -preset veryfast -pix_fmt yuv420p -bf 2', more: '-movflags +faststart' },
    'fragments.mp4': { more: fragments },
    'opus-fragments.mp4': { sound: '-c:a libopus', more: `-strict -2 ${fragments}` },
    'small.mp4': { size: '64x64' },
    'vp8.webm': { ...vp8, more: '-f webm -live 1' },
    'h264.mkv': { sound: '-c:a libopus', more: '-f matroska' },
  };
  const files = new Map<string, Buffer>();
  for (const [name, recipe] of Object.entries(recipes)) {
    const path = join(dir, name);
    await makeClip(path, tools, { fps: 10, seconds: 1.1, ...recipe });
    files.set(name, await readFile(path));
  }
  return files;
}
