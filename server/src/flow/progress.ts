/** How far a step is, for its job's row and the author's events: at most two a second, written apart from the step's own work. */
import type { Ports, RunningJob, StepPosition } from '../ports.ts';
import { transact } from '../store/transact.ts';
import { SECOND } from './times.ts';

const PAUSE = SECOND / 2;

export interface ProgressReport extends AsyncDisposable {
  /** 0 to 100. */
  report: (percent: number) => void;
}

/** Disposing of it waits for the last write, so that no event of a step comes after the step's end. */
export function progressReport(
  job: Pick<RunningJob, 'progress'>,
  at: StepPosition & { challenge_id: string },
  ports: Pick<Ports, 'db' | 'events' | 'clock' | 'log'>,
): ProgressReport {
  let last = Number.NEGATIVE_INFINITY;
  let writing: Promise<void> = Promise.resolve();
  const write = async (percent: number): Promise<void> => {
    try {
      await job.progress(percent);
      await transact(ports.db, (tx) => ports.events.add(tx, { type: 'step.progress', ...at, percent }, 'author'));
    } catch (error) {
      // Progress is a courtesy: the step itself finds out whether its lease is lost.
      ports.log.warn({ err: error, challenge_id: at.challenge_id }, 'progress was not written');
    }
  };
  const report = (percent: number): void => {
    const now = ports.clock.now();
    if (now - last < PAUSE) {
      return;
    }
    last = now;
    const whole = Math.min(100, Math.max(0, Math.round(percent)));
    writing = writing.then(() => write(whole));
  };
  return { report, [Symbol.asyncDispose]: () => writing };
}
