import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Problem } from '@2t1l/contract/problems';
import type { ClipAnalysis, ClipFile } from '../ports.ts';
import type { Answer, Ask, Fault, ProcessSettings, TellsSettings } from './tells-process.ts';

/** Clips measured in a process that starts with the first of them. */
export interface TellsProcess {
  /**
   * `model` names the models that the caller has seen: where the files are others by now it throws `busy`.
   * Rejects with the signal's reason once the process has let the clip be, with what measuring threw, and where the process dies.
   */
  measure(clip: ClipFile, model: string, signal: AbortSignal): Promise<ClipAnalysis>;
  /** Ends the process, and the threads and programs it started with it. */
  dispose(): Promise<void>;
}

/** A process, and who waits for it by the number of the clip. */
interface Running {
  child: ChildProcess;
  model: string;
  waiting: Map<number, PromiseWithResolvers<ClipAnalysis>>;
  /** Its end, where no clip comes before. */
  rest?: NodeJS.Timeout;
}

/** Nobody waits there for garbage to be collected, and helpers at it take a tenth more of the processor. */
const NODE_FLAGS = ['--single-threaded-gc'];
/** Its models and threads take 300 MB; the next clip waits half a second for them. */
const REST_MS = 300_000;
/** Of the environment, so that who reads hostile pictures is given no key with it: what programs are found by. Windows starts little without the rest. */
const PASSED_ON = process.platform === 'win32' ? Object.keys(process.env) : ['PATH', 'LD_LIBRARY_PATH'];
const SCRIPT = fileURLToPath(new URL('./tells-process.ts', import.meta.url));

/**
 * A process that has died is followed by a new one with the next clip; while it has nothing to do it keeps the server from nothing, and
 * after `restMs` of that it is ended.
 */
export function tellsProcess({ ffmpeg_path, sure_confidence }: TellsSettings, restMs: number = REST_MS): TellsProcess {
  let running: Running | null = null;
  let count = 0;

  function start(model: string): Running {
    const settings: ProcessSettings = { ffmpeg_path, sure_confidence, model };
    const env = Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name]]));
    const child = fork(SCRIPT, [JSON.stringify(settings)], { env, execArgv: NODE_FLAGS, serialization: 'advanced' });
    const waiting: Running['waiting'] = new Map();
    const started: Running = { child, model, waiting };
    let cause: unknown;
    child.on('message', (answer: Answer) => {
      const settle = waiting.get(answer.id);
      waiting.delete(answer.id);
      if (waiting.size === 0) {
        hold(child, false);
        started.rest = setTimeout(() => {
          running = running === started ? null : running;
          child.kill('SIGKILL');
        }, restMs).unref();
      }
      if ('fault' in answer) {
        settle?.reject(errorOf(answer.fault));
      } else {
        settle?.resolve(answer.result);
      }
    });
    // Where it cannot be started there is no exit, where it cannot be spoken to that may take long.
    child.on('error', (error) => {
      cause = error;
      child.kill('SIGKILL');
      end();
    });
    child.on('exit', (code, signal) => {
      cause ??= signal ?? code;
      end();
    });
    const end = () => {
      running = running === started ? null : running;
      const told = 'the process that measures clips has ended';
      // of several clips nobody knows which one ended it: none of them loses its tells for it
      const why = waiting.size > 1 ? new Problem('busy', { detail: told, retry_after_seconds: 1, cause }) : new Error(told, { cause });
      for (const settle of waiting.values()) {
        settle.reject(why);
      }
      waiting.clear();
    };
    return started;
  }

  return {
    async measure(clip, model, signal) {
      signal.throwIfAborted();
      if (running?.model !== model) {
        // One that has read others keeps them: it finishes its clips, and rests.
        running = start(model);
      }
      const { child, waiting, rest } = running;
      clearTimeout(rest);
      const say = (ask: Ask) => child.connected && child.send(ask);
      const id = count++;
      const settle = Promise.withResolvers<ClipAnalysis>();
      waiting.set(id, settle);
      const abort = () => say({ id, clip: null });
      signal.addEventListener('abort', abort, { once: true });
      hold(child, true);
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
      if (running !== null) {
        const { child } = running;
        const ended = new Promise((resolve) => child.once('exit', resolve));
        hold(child, true);
        child.kill('SIGKILL');
        await ended;
      }
    },
  };
}

/** Whether the server stays up for the process's sake. */
function hold(child: ChildProcess, isHeld: boolean): void {
  for (const each of [child, child.channel]) {
    if (isHeld) {
      each?.ref();
    } else {
      each?.unref();
    }
  }
}

function errorOf({ code, message, retry_after_seconds }: Fault): Error {
  return code === null
    ? new Error(message)
    : new Problem(code, { detail: message, ...(retry_after_seconds === undefined ? {} : { retry_after_seconds }) });
}
