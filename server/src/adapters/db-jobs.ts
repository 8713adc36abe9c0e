/** The durable `jobs` table, in the database of the states that the jobs serve, so that both change in one transaction. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance, Clock, Db, Ids, JobLane, Jobs, Log } from '../ports.ts';
import { prepared } from '../store/prepared.ts';
import { afterCommit, transact } from '../store/transact.ts';
import { isWorkThere, reclaim, take, turnFor } from './job-rows.ts';
import { JobRun, type RunContext } from './job-run.ts';
import { isGone, nameWorker } from './worker-name.ts';

const ATTEMPTS_MAX = 5;
const GRACE_MS = 10_000;
/** After the abort, how long handlers may take to end. */
const FAREWELL_MS = 3_000;

/** Times in milliseconds; tests shorten them. */
export interface JobTimes {
  lease: number;
  heartbeat: number;
  /** How often to look for what other processes have added and for delayed jobs. */
  poll: number;
}
const TIMES: JobTimes = { lease: 10_000, heartbeat: 3_000, poll: 1_000 };

/** What the adapter is made of. */
export interface JobParts {
  db: Db;
  clock: Clock;
  ids: Ids;
  chance: Chance;
  log: Log;
}

const sameKey = prepared((db, { key }: { key: string }) => db.selectFrom('jobs').select('id').where('dedupe_key', '=', key));

/** Jobs of one database; workers of this process are woken at the commit, those of others find the job at their next poll. */
export function dbJobs({ db, clock, ids, chance, log }: JobParts, times: Partial<JobTimes> = {}): Jobs {
  const { lease, heartbeat, poll } = { ...TIMES, ...times };
  const workers = new Set<Worker>();
  return {
    async add(tx, job) {
      // Of guesses in a row all but the first end here, which costs a third of what follows.
      if (job.dedupe_key !== undefined && (await sameKey(tx, { key: job.dedupe_key })).length > 0) {
        return;
      }
      const now = clock.now();
      const share = { lane: job.lane ?? 'heavy', priority: job.priority ?? 0, owner: job.owner ?? null };
      const { numInsertedOrUpdatedRows } = await tx
        .insertInto('jobs')
        .values({
          id: ids.next(),
          kind: job.kind,
          payload: JSON.stringify(job.payload),
          status: 'waiting',
          dedupe_key: job.dedupe_key ?? null,
          ...share,
          turn: await turnFor(tx, share),
          run_at: new Date(now + (job.delay_seconds ?? 0) * 1000).toISOString(),
          attempts: 0,
          claims: 0,
          max_attempts: job.max_attempts ?? ATTEMPTS_MAX,
          worker: null,
          fence: 0,
          lease_until: null,
          progress: 0,
          last_error: null,
          created_at: new Date(now).toISOString(),
        })
        .onConflict((conflict) => conflict.column('dedupe_key').doNothing())
        .executeTakeFirstOrThrow();
      if (numInsertedOrUpdatedRows === 1n) {
        afterCommit(tx, () => {
          for (const worker of workers) {
            worker.wake();
          }
        });
      }
    },
    async work(handlers, givenUp, { concurrency }) {
      const context = { db, clock, chance, log, handlers, givenUp, leaseMs: lease, heartbeatMs: heartbeat };
      const freed = await transact(db, (tx) => reclaim(tx, isGone));
      if (freed > 0) {
        log.info({ jobs: freed }, 'jobs of a worker that is gone are taken up again');
      }
      const worker = new Worker(context, concurrency, poll);
      workers.add(worker);
      worker.wake();
      return {
        async stop(graceMs = GRACE_MS) {
          workers.delete(worker);
          await worker.stop(graceMs);
        },
      };
    },
  };
}

const LANES: readonly JobLane[] = ['light', 'heavy', 'outside', 'last', 'idle'];
/** Jobs of a worker that may wait for other people's servers at once. */
const OUTSIDE_MOST = 4;
/** One for heavy work and one that is kept from it. */
const HANDS_MIN = 2;

/** Takes jobs while it has hands free. */
class Worker {
  readonly #context: RunContext;
  readonly #hands: number;
  readonly #name = nameWorker();
  readonly #running = new Map<JobRun, Promise<void>>();
  readonly #poll: NodeJS.Timeout;
  #filling: Promise<void> | null = null;
  #isAskedAgain = false;
  #isStopping = false;

  constructor(context: RunContext, concurrency: number, pollMs: number) {
    this.#context = context;
    this.#hands = Math.max(HANDS_MIN, concurrency);
    // Not unref'ed: a process with the worker role alone lives by it.
    this.#poll = setInterval(() => this.wake(), pollMs);
  }

  /** There may be work. */
  wake(): void {
    if (this.#isStopping) {
      return;
    }
    if (this.#filling !== null) {
      this.#isAskedAgain = true;
      return;
    }
    this.#filling = this.#fill()
      .catch((error: unknown) => this.#context.log.error({ err: error }, 'taking a job failed; trying again at the next poll'))
      .finally(() => {
        this.#filling = null;
        if (this.#isAskedAgain) {
          this.#isAskedAgain = false;
          this.wake();
        }
      });
  }

  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    clearInterval(this.#poll);
    await this.#filling;
    for (const run of this.#running.keys()) {
      if (run.lane === 'idle' || run.lane === 'last') {
        run.stop();
      }
    }
    await this.#settle(graceMs);
    for (const run of this.#running.keys()) {
      run.stop();
    }
    await this.#settle(FAREWELL_MS);
    for (const run of this.#running.keys()) {
      await run.abandon();
    }
  }

  async #fill(): Promise<void> {
    for (let lanes = this.#freeLanes(); lanes.length > 0 && !this.#isStopping; lanes = this.#freeLanes()) {
      const { db, clock, leaseMs } = this.#context;
      const now = clock.now();
      const nowText = new Date(now).toISOString();
      if (!(await isWorkThere(db, nowText, lanes))) {
        return;
      }
      const claim = { worker: this.#name, now: nowText, lease_until: new Date(now + leaseMs).toISOString(), lanes };
      const row = await transact(db, (tx) => take(tx, claim));
      if (row === undefined) {
        return;
      }
      const run = new JobRun(this.#context, row);
      this.#running.set(
        run,
        run.run().finally(() => {
          this.#running.delete(run);
          this.wake();
        }),
      );
    }
  }

  /** Whose work there is a hand for; light work comes first, idle work when there is no other. */
  #freeLanes(): readonly JobLane[] {
    const all = [...this.#running.keys()].map((run) => run.lane);
    const count = (lane: JobLane) => all.filter((each) => each === lane).length;
    const [light, heavy, outside, last] = [count('light'), count('heavy'), count('outside'), count('last')];
    const heavyMost = this.#hands - 1;
    const isFree: Record<JobLane, boolean> = {
      light: light + heavy < this.#hands,
      heavy: light + heavy < this.#hands && heavy < heavyMost,
      outside: outside < OUTSIDE_MOST,
      last: last < heavyMost,
      idle: all.length === outside,
    };
    return LANES.filter((lane) => isFree[lane]);
  }

  /** Waits for the running jobs, at most so long. */
  async #settle(longestMs: number): Promise<void> {
    if (this.#running.size === 0) {
      return;
    }
    const timer = new AbortController();
    const tooLong = sleep(longestMs, undefined, { signal: timer.signal }).catch(() => {});
    await Promise.race([Promise.all(this.#running.values()), tooLong]);
    timer.abort();
  }
}
