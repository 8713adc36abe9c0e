import { Worker } from 'node:worker_threads';
import { Problem } from '@2t1l/contract/problems';
import type { ClipAnalysis, ClipFile } from '../ports.ts';
import type { Answer, Ask, Fault, ThreadSettings } from './tells-thread.ts';

/** Clips measured in a thread that starts with the first of them. */
export interface TellsThread {
  /** Rejects with the signal's reason once the thread has let the clip be, with what measuring threw, and where the thread dies. */
  measure(clip: ClipFile, signal: AbortSignal): Promise<ClipAnalysis>;
  /** Ends the thread, and those of its pool with it. */
  dispose(): Promise<void>;
}

/** A thread that has died is followed by a new one with the next clip; while it has nothing to do it keeps the process from nothing. */
export function tellsThread(workerData: ThreadSettings): TellsThread {
  let thread: Worker | null = null;
  let count = 0;
  const waiting = new Map<number, PromiseWithResolvers<ClipAnalysis>>();

  function start(): Worker {
    const worker = new Worker(new URL('./tells-thread.ts', import.meta.url), { workerData });
    let cause: unknown;
    worker.on('message', (answer: Answer) => {
      const settle = waiting.get(answer.id);
      waiting.delete(answer.id);
      if (waiting.size === 0) {
        worker.unref();
      }
      if ('fault' in answer) {
        settle?.reject(errorOf(answer.fault));
      } else {
        settle?.resolve(answer.result);
      }
    });
    worker.on('error', (error) => {
      cause = error;
    });
    worker.on('exit', () => {
      thread = null;
      for (const settle of waiting.values()) {
        settle.reject(new Error('the thread that measures clips has ended', { cause }));
      }
      waiting.clear();
    });
    return worker;
  }

  return {
    async measure(clip, signal) {
      signal.throwIfAborted();
      thread ??= start();
      const worker = thread;
      const say = (ask: Ask) => worker.postMessage(ask);
      const id = count++;
      const settle = Promise.withResolvers<ClipAnalysis>();
      waiting.set(id, settle);
      const abort = () => say({ id, clip: null });
      signal.addEventListener('abort', abort, { once: true });
      worker.ref();
      say({ id, clip });
      try {
        return await settle.promise;
      } catch (error) {
        signal.throwIfAborted();
        throw error;
      } finally {
        signal.removeEventListener('abort', abort);
      }
    },
    dispose: async () => {
      await thread?.terminate();
    },
  };
}

function errorOf({ code, message, retry_after_seconds }: Fault): Error {
  return code === null
    ? new Error(message)
    : new Problem(code, { detail: message, ...(retry_after_seconds === undefined ? {} : { retry_after_seconds }) });
}
