import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { followFace } from '../face/follow.ts';
import { summariseFace } from '../face/summarise.ts';
import type { FaceSegment, Frame } from '../face/types.ts';
import type { VoiceAnalysis } from '../voice/types.ts';
import type { Answer, FaceJobResult, Job } from './worker.ts';

/** Faces and voices read off the main thread. */
export type AnalysisPool = AsyncDisposable & {
  /**
   * Reads a clip's face. Frames are taken as they come, no more than one job of them ahead of the workers. Rejects with the signal's reason,
   * with what `frames` throws, and when a worker fails twice over the same frames.
   */
  face: (frames: AsyncIterable<Frame> | Iterable<Frame>, signal?: AbortSignal) => Promise<FaceSegment>;
  /** Reads a clip's voice from mono samples of 16 kHz. Rejects like `face`. */
  voice: (samples: Float32Array, signal?: AbortSignal) => Promise<VoiceAnalysis>;
};

/**
 * `workers`: threads, one a core unless told. `jobSeconds`: a job that takes longer fails and its thread is ended. `sureConfidence`: a frame below it is unsure.
 * `script`: the thread's file, for tests.
 */
export type PoolOptions = { workers?: number; jobSeconds?: number; sureConfidence?: number; script?: URL };

/** Frames a job. Fixed, so that a clip's result does not depend on the number of workers: each job finds the faces anew, and whose they are is told over the whole clip. */
const FRAMES_PER_JOB = 20;
/** Of the wall, for a second of work: where the machine is busy the threads may come last, and wait as long as what feeds them may. */
const JOB_SECONDS = 3600;
/** A job that took its thread with it is tried once more. */
const LAST_TRY = 1;

type Task = { job: Job; tries: number; settle: PromiseWithResolvers<unknown>; taken: () => void };

/** Starts threads as jobs come; an idle pool keeps the process from nothing. */
export function createAnalysisPool(options: PoolOptions = {}): AnalysisPool {
  const { workers = availableParallelism(), jobSeconds = JOB_SECONDS, sureConfidence, script } = options;
  const file = script ?? new URL('./worker.ts', import.meta.url);
  const idle: Worker[] = [];
  const busy = new Map<Worker, { task: Task; timer: NodeJS.Timeout }>();
  const waiting: Task[] = [];
  let closed = false;

  function next(): void {
    while (waiting.length > 0 && busy.size < workers) {
      const task = waiting.shift() as Task;
      task.taken();
      give(idle.pop() ?? start(), task);
    }
  }

  function start(): Worker {
    const worker = new Worker(file);
    let cause: unknown = new Error('the worker ended');
    worker.on('error', (error) => {
      cause = error;
    });
    worker.on('exit', () => {
      const at = idle.indexOf(worker);
      if (at !== -1) {
        idle.splice(at, 1);
      }
      retry(worker, cause);
    });
    return worker;
  }

  function give(worker: Worker, task: Task): void {
    const timer = setTimeout(() => {
      task.tries = LAST_TRY;
      void worker.terminate();
    }, jobSeconds * 1000);
    busy.set(worker, { task, timer });
    worker.ref();
    worker.once('message', (answer: Answer) => {
      clearTimeout(timer);
      busy.delete(worker);
      worker.unref();
      idle.push(worker);
      if ('error' in answer) {
        task.settle.reject(new Error(answer.error));
      } else {
        task.settle.resolve(answer.result);
      }
      next();
    });
    worker.postMessage(task.job);
  }

  /** A thread that died under a job: once more on a new one, for the fault may have been the thread's own. */
  function retry(worker: Worker, cause: unknown): void {
    const running = busy.get(worker);
    if (!running) {
      return;
    }
    const { task, timer } = running;
    clearTimeout(timer);
    busy.delete(worker);
    if (closed || task.tries++ >= LAST_TRY) {
      task.settle.reject(new Error(closed ? 'the pool was closed' : 'analysis crashed or took too long', { cause }));
    } else {
      waiting.unshift(task);
    }
    next();
  }

  /** Resolves once a worker has taken the job; its result is `result`. */
  async function submit(job: Job, signal?: AbortSignal): Promise<{ result: Promise<unknown> }> {
    signal?.throwIfAborted();
    if (closed) {
      throw new Error('the pool was closed');
    }
    const settle = Promise.withResolvers<unknown>();
    // It may fail before anybody waits for it.
    settle.promise.catch(() => {});
    const taken = Promise.withResolvers<void>();
    const task: Task = { job, tries: 0, settle, taken: taken.resolve };
    const abort = () => {
      task.tries = LAST_TRY;
      const at = waiting.indexOf(task);
      if (at !== -1) {
        waiting.splice(at, 1);
      }
      settle.reject(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
    settle.promise.finally(() => signal?.removeEventListener('abort', abort)).catch(() => {});
    waiting.push(task);
    next();
    await Promise.race([taken.promise, settle.promise]);
    return { result: settle.promise };
  }

  return {
    face: async (frames, signal) => {
      const results: Promise<unknown>[] = [];
      for await (const part of inParts(frames)) {
        results.push((await submit({ kind: 'face', frames: part }, signal)).result);
      }
      const done = (await Promise.all(results)) as FaceJobResult[];
      const read = followFace(done.flatMap((result) => result.frames));
      return summariseFace(read, done[0]?.model ?? 'none', sureConfidence);
    },
    voice: async (samples, signal) => (await (await submit({ kind: 'voice', samples }, signal)).result) as VoiceAnalysis,
    [Symbol.asyncDispose]: async () => {
      closed = true;
      for (const task of waiting.splice(0)) {
        task.settle.reject(new Error('the pool was closed'));
      }
      await Promise.all([...idle, ...busy.keys()].map((worker) => worker.terminate()));
    },
  };
}

async function* inParts(frames: AsyncIterable<Frame> | Iterable<Frame>): AsyncGenerator<Frame[]> {
  let part: Frame[] = [];
  for await (const frame of frames) {
    // A view into a larger buffer would be copied to the worker with all of that buffer.
    part.push(frame.data.byteLength === frame.data.buffer.byteLength ? frame : { ...frame, data: new Uint8Array(frame.data) });
    if (part.length === FRAMES_PER_JOB) {
      yield part;
      part = [];
    }
  }
  if (part.length > 0) {
    yield part;
  }
}
