/** What the worker runs for each kind of job. */
import { Problem } from '@2t1l/contract/problems';
import type { GivenUp, JobHandlers, JobKind, JobPayloads, Ports, RunningJob } from '../ports.ts';
import { transact } from '../store/transact.ts';
import { analyseClip, failAnalysis } from './analyse-clip.ts';
import { checkClip } from './check-clip.ts';
import { failChallenge, isAwaited, isPermanent } from './fail-challenge.ts';
import { mergeClips } from './merge-clips.ts';
import { publishChallenge } from './publish-challenge.ts';
import { readReceipt, sendPush } from './send-push.ts';
import { slimVideo } from './slim-video.ts';
import { scheduleSweep, sweep } from './sweep.ts';
import { tellOfGuesses } from './tell-player.ts';

export function handlers(ports: Ports): JobHandlers {
  return {
    'check-clip': (job) => attempt(job, checkClip, ports),
    'merge-clips': (job) => attempt(job, mergeClips, ports),
    'analyse-clip': (job) => attempt(job, analyseClip, ports),
    'publish-challenge': (job) => attempt(job, publishChallenge, ports),
    'slim-video': (job) => attempt(job, slimVideo, ports),
    push: (job) => sendPush(job, ports),
    'push-guesses': (job) => tellOfGuesses(job, ports),
    'push-receipt': (job) => readReceipt(job, ports),
    sweep: (job) => sweep(job, ports),
  };
}

/** Runs in the transaction that marks the job as dead. */
export function givenUp(ports: Ports): GivenUp {
  return async (tx, job, error) => {
    if (job.kind === 'sweep') {
      await scheduleSweep(tx, ports);
      return;
    }
    if (job.kind === 'analyse-clip') {
      await failAnalysis(tx, (job.payload as JobPayloads['analyse-clip']).clip_id, error, ports);
      return;
    }
    await failChallenge(tx, job, error, ports);
  };
}

/** What a retry cannot mend is said at once to an author who waits for it; else it is tried for a few minutes, and said then. */
async function attempt<K extends JobKind>(
  job: RunningJob<K>,
  step: (job: RunningJob<K>, ports: Ports) => Promise<void>,
  ports: Ports,
): Promise<void> {
  try {
    await step(job, ports);
  } catch (error) {
    if (!isPermanent(error) || job.signal.aborted) {
      throw error;
    }
    if (!(await isAwaited(ports.db, job))) {
      throw new Problem(error.code, { retry_after_seconds: 1, cause: error });
    }
    ports.log.error({ err: error, job: job.kind }, 'a step failed for want of something on this server');
    await transact(ports.db, async (tx) => {
      await failChallenge(tx, job, error, ports);
      await job.done(tx);
    });
  }
}
