/**
 * A process that has clips measured: it runs ffmpeg, hands pictures and sound to the pool's threads and puts their results together. Not
 * threads of the server's: all that they allocate (85 MB of pictures a minute of clip) is memory that the server's own threads would wait for.
 */
import { execFileSync } from 'node:child_process';
import { constants, getPriority, setPriority } from 'node:os';
import { checkModels } from '@2t1l/analysis/node/check-models';
import { createAnalysisPool } from '@2t1l/analysis/node/pool';
import { Problem, type ProblemCode } from '@2t1l/contract/problems';
import type { ClipAnalysis, ClipFile } from '../ports.ts';
import { ffmpegMedia } from './ffmpeg-media.ts';
import { measureClip } from './measure-clip.ts';

export interface TellsSettings {
  ffmpeg_path: string | null;
  sure_confidence: number;
}

/** What the process is given at its start, as JSON. `model`: the name of the models that the server has seen. */
export interface ProcessSettings extends TellsSettings {
  model: string;
}

/** A clip to be measured, under a number of the asker's; or that number alone, to let it be. Each clip is answered once, that one too. */
export type Ask = { id: number; clip: ClipFile } | { id: number; clip: null };

/** `code` where it was a Problem. */
export interface Fault {
  message: string;
  code: ProblemCode | null;
  retry_after_seconds: number | undefined;
}

export type Answer = { id: number; result: ClipAnalysis } | { id: number; fault: Fault };

const { ffmpeg_path, sure_confidence, model } = JSON.parse(process.argv[2] ?? '') as ProcessSettings;
const media = ffmpegMedia(ffmpeg_path);
const pool = createAnalysisPool({ sureConfidence: sure_confidence });
let isLast = false;
const running = new Map<number, AbortController>();

/** A server that stops has done so by then. */
const STOP_MS = 30_000;
let isStopping = false;
for (const signal of ['SIGINT', 'SIGTERM']) {
  // A terminal's Ctrl-C reaches all of them at once, ffmpeg too. The server ends this one; what fails until then is to be done once more.
  process.on(signal, () => {
    isStopping = true;
    setTimeout(() => process.exit(1), STOP_MS);
  });
}
process.on('disconnect', () => process.exit());
process.on('message', async ({ id, clip }: Ask) => {
  if (clip === null) {
    running.get(id)?.abort();
    return;
  }
  const ending = new AbortController();
  running.set(id, ending);
  let answer: Answer;
  try {
    await expectModels();
    // First: ffmpeg and its sandbox are tried for seconds, in which a process that comes last may not get its turn.
    const engine = await media();
    if (!isLast) {
      comeLast();
      isLast = true;
    }
    answer = { id, result: await measureClip(clip, { media: engine, pool }, ending.signal) };
  } catch (error) {
    answer = {
      id,
      fault: faultOf(isStopping ? new Problem('busy', { detail: 'The server is stopping.', retry_after_seconds: 1, cause: error }) : error),
    };
  }
  running.delete(id);
  process.send?.(answer);
});

/** Before each clip, in 20 ms: the threads read the models when they first need them; what others than the server knows had measured would be kept under a wrong name. */
async function expectModels(): Promise<void> {
  const found = await checkModels().catch((error: unknown) => error);
  if (found !== model) {
    throw new Problem('busy', {
      detail: `These are not the models of face and voice that the server has seen: ${found}`,
      retry_after_seconds: 1,
    });
  }
}

/**
 * Lets this process, all its threads and the programs it starts run only where nobody else would: whoever answers requests takes the
 * processor from it at once (sched(7), SCHED_IDLE), not at the end of its turn, which `nice` leaves it. Where there is no `chrt` it gets shorter turns.
 */
function comeLast(): void {
  try {
    execFileSync('chrt', ['--all-tasks', '--idle', '--pid', '0', String(process.pid)], { stdio: 'ignore' });
  } catch {
    setPriority(Math.max(getPriority(), constants.priority.PRIORITY_BELOW_NORMAL));
  }
}

function faultOf(error: unknown): Fault {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return error instanceof Problem
    ? { message: error.detail ?? message, code: error.code, retry_after_seconds: error.retry_after_seconds }
    : { message, code: null, retry_after_seconds: undefined };
}
