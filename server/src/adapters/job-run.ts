/** One job while it runs: its lease, its handle, and how it ends. */
import { Problem } from '@2t1l/contract/problems';
import type { Chance, Clock, Db, GivenUp, JobHandlers, JobKind, JobLane, JobPayloads, Log, RunningJob, Tx } from '../ports.ts';
import type { JobRow } from '../store/tables.ts';
import { transact } from '../store/transact.ts';
import { change, giveBack, remove } from './job-rows.ts';

const SECOND = 1_000;
const BACKOFF_MAX_MS = 300 * SECOND;
/** A job taken this often has killed its worker again and again. */
const CLAIMS_MAX = 20;
/** Further runs where the error itself says that it will pass (`retry_after_seconds`): two to four minutes with the first five. */
const PATIENT_ATTEMPTS = 4;
const PROGRESS_EVERY_MS = 500;
const ERROR_CHARACTERS = 500;

/** Another worker has the job now; nothing of this run may be kept. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
  constructor() {
    super('another worker has taken this job over');
  }
}

/** What a run needs from its worker. */
export interface RunContext {
  db: Db;
  clock: Clock;
  chance: Chance;
  log: Log;
  handlers: JobHandlers;
  givenUp: GivenUp;
  leaseMs: number;
  heartbeatMs: number;
}

/** Begun by `run`, which never throws. */
export class JobRun {
  readonly #context: RunContext;
  readonly #row: JobRow;
  readonly #abort = new AbortController();
  #leaseUntil: number;
  #isLost = false;
  #isStopped = false;
  #progress = { percent: 0, at: Number.NEGATIVE_INFINITY };

  constructor(context: RunContext, row: JobRow) {
    this.#context = context;
    this.#row = row;
    this.#leaseUntil = Date.parse(row.lease_until ?? row.run_at);
  }

  get lane(): JobLane {
    return this.#row.lane;
  }

  /** Resolves when the job has ended one way or another. */
  async run(): Promise<void> {
    const { heartbeatMs, log } = this.#context;
    // The worker's poll keeps the process alive; this timer need not.
    const heartbeat = setInterval(() => void this.#beat(), heartbeatMs).unref();
    try {
      await this.#work().catch((error: unknown) => this.#fail(error));
    } catch (error) {
      // The row could not be written (a full disk, say): the lease runs out and somebody takes it again.
      log.error({ err: error, job: this.#row.id, kind: this.#row.kind }, 'the end of a job could not be written');
    } finally {
      clearInterval(heartbeat);
    }
  }

  /** Asks the handler to end; the job goes back to the queue. */
  stop(): void {
    this.#isStopped = true;
    this.#abort.abort(new Error('the worker stops'));
  }

  /** Gives the job back although its handler still runs: what that does from now on is void. */
  async abandon(): Promise<void> {
    await giveBack(this.#context.db, this.#row);
  }

  async #work(): Promise<void> {
    if (this.#row.claims > CLAIMS_MAX) {
      await this.#giveUp(new Error(`taken ${CLAIMS_MAX} times without an end: it seems to kill its worker`));
      return;
    }
    await this.#dispatch(this.#row.kind as JobKind);
    await remove(this.#context.db, this.#row);
  }

  async #dispatch<K extends JobKind>(kind: K): Promise<void> {
    const handler: JobHandlers[K] | undefined = this.#context.handlers[kind];
    if (handler === undefined) {
      throw new Error(`no handler for jobs of kind ${kind}`);
    }
    await handler(this.#handle(kind));
  }

  #handle<K extends JobKind>(kind: K): RunningJob<K> {
    const { id, attempts, max_attempts, payload } = this.#row;
    return {
      id,
      kind,
      payload: JSON.parse(payload) as JobPayloads[K],
      attempt: attempts + 1,
      is_last_attempt: attempts + 1 >= max_attempts,
      signal: this.#abort.signal,
      progress: (percent) => this.#report(percent),
      done: async (tx: Tx) => {
        if (this.#isLost || !(await remove(tx, this.#row))) {
          this.#lose();
          throw new LeaseLost();
        }
      },
    };
  }

  async #report(value: number): Promise<void> {
    const percent = Math.min(100, Math.max(0, Math.round(value)));
    const at = performance.now();
    const isTooSoon = percent !== 100 && at - this.#progress.at < PROGRESS_EVERY_MS;
    if (percent === this.#progress.percent || isTooSoon) {
      return;
    }
    this.#progress = { percent, at };
    await change(this.#context.db, this.#row, { progress: percent });
  }

  async #beat(): Promise<void> {
    const { db, clock, leaseMs, log } = this.#context;
    const until = clock.now() + leaseMs;
    try {
      if (await change(db, this.#row, { lease_until: new Date(until).toISOString() })) {
        this.#leaseUntil = until;
      } else {
        this.#lose();
      }
    } catch (error) {
      log.warn({ err: error, job: this.#row.id }, 'a lease could not be renewed');
      if (clock.now() >= this.#leaseUntil) {
        this.#lose();
      }
    }
  }

  #lose(): void {
    this.#isLost = true;
    this.#abort.abort(new LeaseLost());
  }

  async #fail(error: unknown): Promise<void> {
    const { db, clock, chance, log } = this.#context;
    const { id, kind, attempts, max_attempts } = this.#row;
    if (this.#isLost || error instanceof LeaseLost) {
      log.warn({ job: id, kind }, 'a job was taken over by another worker');
      return;
    }
    if (this.#isStopped) {
      await giveBack(db, this.#row);
      return;
    }
    const attempt = attempts + 1;
    log.warn({ err: error, job: id, kind, attempt }, 'a job failed');
    if (attempt >= max_attempts + (isPassing(error) ? PATIENT_ATTEMPTS : 0)) {
      await this.#giveUp(error);
      return;
    }
    const runAt = clock.now() + backoffMs(attempt, chance);
    await change(db, this.#row, { ...BACK, attempts: attempt, run_at: new Date(runAt).toISOString(), last_error: textOf(error) });
  }

  async #giveUp(error: unknown): Promise<void> {
    const { db, clock, givenUp, log } = this.#context;
    const { id, kind, payload, attempts } = this.#row;
    const last_error = textOf(error);
    try {
      await transact(db, async (tx) => {
        // First the row, so that `givenUp` may add a job with the same key.
        if (
          await change(tx, this.#row, {
            status: 'dead',
            dedupe_key: null,
            worker: null,
            lease_until: null,
            attempts: attempts + 1,
            last_error,
          })
        ) {
          await givenUp(tx, { id, kind: kind as JobKind, payload: JSON.parse(payload) as JobPayloads[JobKind] }, error);
        }
      });
    } catch (secondError) {
      log.error({ err: secondError, job: id, kind }, 'a job could not be given up; it stays in the queue');
      await change(db, this.#row, { ...BACK, run_at: new Date(clock.now() + BACKOFF_MAX_MS).toISOString(), last_error });
    }
  }
}

const BACK = { status: 'waiting', worker: null, lease_until: null } as const;

/** 1, 2, 4 ... seconds, at most 5 minutes, of which chance takes up to a half off, so that jobs that failed together do not return together. */
export function backoffMs(attempt: number, chance: Chance): number {
  const longest = Math.min(SECOND * 2 ** (attempt - 1), BACKOFF_MAX_MS);
  const share = (chance.bytes(1)[0] ?? 0) / 255;
  return longest * (1 - share / 2);
}

function isPassing(error: unknown): boolean {
  return error instanceof Problem && error.retry_after_seconds !== undefined;
}

function textOf(error: unknown): string {
  return (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, ERROR_CHARACTERS);
}
