/** What the contract of jobs is tested with. */
import { expect } from 'vitest';
import type { Db, GivenUp, JobHandlers, JobKind, Jobs, NewJob, RunningJob } from '../../src/ports.ts';
import { transact } from '../../src/store/transact.ts';

/** A queue on an empty database; `clock` stands still and decides leases and delays, `second` is the queue of another process. */
export interface JobsUnderTest extends AsyncDisposable {
  db: Db;
  jobs: Jobs;
  second: Jobs;
  clock: { pass(ms: number): void };
}

/** Adds a job in a transaction of its own; a sweep if nothing else is said. */
export async function addJob(held: JobsUnderTest, job: Partial<NewJob> = {}): Promise<void> {
  await transact(held.db, (tx) => held.jobs.add(tx, { kind: 'sweep', payload: {}, ...job } as NewJob));
}

/** All jobs there are, oldest first. */
export function jobRows({ db }: JobsUnderTest) {
  return db.selectFrom('jobs').selectAll().orderBy('id').execute();
}

interface WorkOptions {
  concurrency?: number;
  givenUp?: GivenUp;
}

/** Starts to work; kinds without a handler must not turn up. Tells what was run and what the handlers threw. */
export async function work(jobs: Jobs, handlers: Partial<JobHandlers>, { concurrency = 1, givenUp = async () => {} }: WorkOptions = {}) {
  const ran: JobKind[] = [];
  const failures: unknown[] = [];
  const watched = <K extends JobKind>(kind: K) => {
    const handler: ((job: RunningJob<K>) => Promise<void>) | undefined = handlers[kind];
    return async (job: RunningJob<K>) => {
      ran.push(kind);
      await (handler?.(job) ?? Promise.reject(new Error(`unexpected ${kind}`))).catch((error: unknown) => {
        failures.push(error);
        throw error;
      });
    };
  };
  const all: JobHandlers = {
    'check-clip': watched('check-clip'),
    'merge-clips': watched('merge-clips'),
    'analyse-clip': watched('analyse-clip'),
    'publish-challenge': watched('publish-challenge'),
    'slim-video': watched('slim-video'),
    push: watched('push'),
    'push-guesses': watched('push-guesses'),
    'push-receipt': watched('push-receipt'),
    sweep: watched('sweep'),
  };
  const handle = await jobs.work(all, givenUp, { concurrency });
  return { ran, failures, stop: (graceMs?: number) => handle.stop(graceMs), [Symbol.asyncDispose]: () => handle.stop(0) };
}

/** Something to wait at until it is opened. */
export function gateway() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { passed: promise, open: () => resolve() };
}

/** So many milliseconds later. */
export const pause = (ms: number) => new Promise((wake) => setTimeout(wake, ms));

/** Waits until `isSo`; fails the test where it does not become so. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  await expect.poll(isSo, { timeout: 8_000, interval: 10 }).toBe(true);
}
