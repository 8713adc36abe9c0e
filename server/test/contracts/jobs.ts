/** What every queue of jobs must do. */
import { describe, expect, test } from 'vitest';
import type { Db, GivenUp, JobHandlers, JobKind, Jobs, NewJob, RunningJob } from '../../src/ports.ts';
import { transact } from '../../src/store/transact.ts';
import { userRow } from '../rows.ts';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

/** A queue on an empty database; `clock` stands still and decides leases and delays, `second` is the queue of another process. */
export interface JobsUnderTest extends AsyncDisposable {
  db: Db;
  jobs: Jobs;
  second: Jobs;
  clock: { pass(ms: number): void };
}

/** Renewing leases and looking for work must happen within 100 ms in the queues that `make` gives, unless `heartbeats` is false: then leases are never renewed. */
export function jobsContract(name: string, make: (options: { heartbeats: boolean }) => Promise<JobsUnderTest>): void {
  const open = () => make({ heartbeats: true });
  const add = (held: JobsUnderTest, job: Partial<NewJob> = {}) =>
    transact(held.db, (tx) => held.jobs.add(tx, { kind: 'sweep', payload: {}, ...job } as NewJob));
  const rows = (held: JobsUnderTest) => held.db.selectFrom('jobs').selectAll().orderBy('id').execute();

  describe(`jobs: ${name}`, () => {
    test('a job is done with its payload, in the transaction of its result, and is gone then', async () => {
      await using held = await open();
      await using worker = await work(held.jobs, {
        'check-clip': async (job) => {
          expect([job.payload, job.attempt, job.is_last_attempt]).toEqual([{ clip_id: 'c1' }, 1, false]);
          await transact(held.db, async (tx) => {
            await tx.insertInto('users').values(userRow('made')).execute();
            await job.done(tx);
          });
        },
      });
      await add(held, { kind: 'check-clip', payload: { clip_id: 'c1' } });
      await until(async () => (await rows(held)).length === 0);
      expect(worker.ran).toEqual(['check-clip']);
      expect(await held.db.selectFrom('users').select('id').execute()).toHaveLength(1);
    });

    test('a handler that does not call done ends its job by returning', async () => {
      await using held = await open();
      await using worker = await work(held.jobs, { sweep: async () => {} });
      await add(held);
      await until(async () => worker.ran.length === 1 && (await rows(held)).length === 0);
    });

    test('a job of a transaction that is rolled back does not exist', async () => {
      await using held = await open();
      await using worker = await work(held.jobs, { sweep: async () => {} });
      const rolledBack = transact(held.db, async (tx) => {
        await held.jobs.add(tx, { kind: 'sweep', payload: {} });
        throw new Error('no');
      });
      await expect(rolledBack).rejects.toThrow('no');
      await pause(150);
      expect([worker.ran, await rows(held)]).toEqual([[], []]);
    });

    test('a commit wakes the worker of the process at once; that of another finds the job at its next look', async () => {
      await using held = await open();
      await using worker = await work(held.second, { sweep: async () => {} });
      await add(held);
      await until(async () => worker.ran.length === 1);
    });

    test('a second job with the same key is superfluous while the first waits or runs, and welcome afterwards', async () => {
      await using held = await open();
      await add(held, { dedupe_key: 'k' });
      await add(held, { dedupe_key: 'k' });
      expect(await rows(held)).toHaveLength(1);
      const gate = gateway();
      await using worker = await work(held.jobs, {
        sweep: async (job) => {
          await gate.passed;
          await transact(held.db, async (tx) => {
            await job.done(tx);
            await held.jobs.add(tx, { kind: 'merge-clips', payload: { challenge_id: 'c' }, dedupe_key: 'k' });
          });
        },
        'merge-clips': async () => {},
      });
      await until(async () => worker.ran.length === 1);
      await add(held, { dedupe_key: 'k' });
      expect(await rows(held)).toHaveLength(1);
      gate.open();
      await until(async () => (await rows(held)).length === 0);
      expect(worker.ran).toEqual(['sweep', 'merge-clips']);
    });

    test('higher priority goes first, then the older', async () => {
      await using held = await open();
      const add1 = (id: string, priority: number) => add(held, { kind: 'check-clip', payload: { clip_id: id }, priority });
      await add1('low', -1);
      held.clock.pass(10);
      await add1('older', 0);
      held.clock.pass(10);
      await add1('newer', 0);
      await add1('high', 5);
      held.clock.pass(10);
      const order: string[] = [];
      await using _worker = await work(held.jobs, {
        'check-clip': async ({ payload }) => {
          order.push(payload.clip_id);
        },
      });
      await until(async () => order.length === 4);
      expect(order).toEqual(['high', 'older', 'newer', 'low']);
    });

    test.each([
      [1, 1, 2],
      [2, 1, 2],
      [4, 3, 4],
    ])('with a concurrency of %i at most %i jobs are heavy and %i run at once', async (concurrency, heavyMost, allMost) => {
      await using held = await open();
      const gate = gateway();
      for (let count = 0; count < 6; count += 1) {
        await add(held, { kind: 'check-clip', payload: { clip_id: `${count}` } });
      }
      const handlers = { 'check-clip': () => gate.passed, 'merge-clips': () => gate.passed };
      await using worker = await work(held.jobs, handlers, { concurrency });
      await until(async () => worker.ran.length === heavyMost);
      await pause(120);
      expect(worker.ran).toHaveLength(heavyMost);
      for (let count = 0; count < 6; count += 1) {
        await add(held, { kind: 'merge-clips', payload: { challenge_id: `${count}` }, lane: 'light' });
      }
      await until(async () => worker.ran.length === allMost);
      await pause(120);
      expect(worker.ran).toHaveLength(allMost);
      gate.open();
      await until(async () => (await rows(held)).length === 0);
    });

    test('a merge never waits behind checks, however many wait and run', async () => {
      await using held = await open();
      const gate = gateway();
      await using worker = await work(held.jobs, { 'check-clip': () => gate.passed, 'merge-clips': async () => {} }, { concurrency: 2 });
      for (let count = 0; count < 20; count += 1) {
        await add(held, { kind: 'check-clip', payload: { clip_id: `${count}` }, priority: 9 });
      }
      await until(async () => worker.ran.length === 1);
      await add(held, { kind: 'merge-clips', payload: { challenge_id: 'c' }, lane: 'light' });
      await until(async () => worker.ran.includes('merge-clips'));
      expect(worker.ran).toEqual(['check-clip', 'merge-clips']);
      gate.open();
    });

    test('a light job whose lease ran out is taken up while heavy ones hold every other hand', async () => {
      await using held = await open();
      const gate = gateway();
      await using worker = await work(held.jobs, { 'check-clip': () => gate.passed, 'merge-clips': async () => {} }, { concurrency: 2 });
      await add(held, { kind: 'check-clip', payload: { clip_id: 'c' } });
      await until(async () => worker.ran.length === 1);
      await transact(held.db, async (tx) => {
        await held.jobs.add(tx, { kind: 'merge-clips', payload: { challenge_id: 'c' }, lane: 'light', delay_seconds: 3600 });
        const lease_until = new Date(0).toISOString();
        await tx.updateTable('jobs').set({ status: 'running', worker: 'gone', lease_until }).where('lane', '=', 'light').execute();
      });
      await until(async () => worker.ran.includes('merge-clips'));
      gate.open();
    });

    test('idle work begins when nothing else is there, one job at a time, and takes no hand of the others', async () => {
      await using held = await open();
      const [busy, idle] = [gateway(), gateway()];
      const slim = (id: string) => add(held, { kind: 'slim-video', payload: { challenge_id: id }, lane: 'idle', priority: 9 });
      await slim('a');
      await slim('b');
      await add(held, { kind: 'check-clip', payload: { clip_id: 'first' } });
      const handlers = { 'check-clip': () => busy.passed, 'merge-clips': async () => {}, 'slim-video': () => idle.passed };
      await using worker = await work(held.jobs, handlers, { concurrency: 1 });
      await until(async () => worker.ran.length === 1);
      await pause(120);
      expect(worker.ran).toEqual(['check-clip']);
      busy.open();
      await until(async () => worker.ran.length === 2);
      await add(held, { kind: 'check-clip', payload: { clip_id: 'second' } });
      await add(held, { kind: 'merge-clips', payload: { challenge_id: 'c' }, lane: 'light' });
      await until(async () => worker.ran.length === 4);
      await pause(120);
      expect(worker.ran.filter((kind) => kind === 'slim-video')).toHaveLength(1);
      idle.open();
      await until(async () => (await rows(held)).length === 0);
    });

    test('with one hand for it, players take turns: nobody waits behind the queue of another', async () => {
      await using held = await open();
      const order: string[] = [];
      const gates = new Map<string, ReturnType<typeof gateway>>();
      const check = async (owner: string, count: number) => {
        for (let index = 0; index < count; index += 1) {
          await add(held, { kind: 'check-clip', payload: { clip_id: `${owner}${index}` }, owner });
          held.clock.pass(1);
        }
      };
      await check('anna', 6);
      await using _worker = await work(held.jobs, {
        'check-clip': async ({ payload }) => {
          order.push(payload.clip_id);
          const gate = gateway();
          gates.set(payload.clip_id, gate);
          await gate.passed;
        },
      });
      const ended = (count: number) =>
        until(async () => {
          const last = order.length < count ? order.at(-1) : undefined;
          gates.get(last ?? '')?.open();
          return order.length >= count;
        });
      await ended(3);
      // Anna's third runs: those who come now have their turn before her rest.
      await check('bert', 3);
      await check('cleo', 1);
      await ended(10);
      gates.get(order.at(-1) ?? '')?.open();
      expect(order.slice(0, 3)).toEqual(['anna0', 'anna1', 'anna2']);
      expect(order.slice(3, 5)).toEqual(['bert0', 'cleo0']);
      expect(order.slice(5)).toEqual(['anna3', 'bert1', 'anna4', 'bert2', 'anna5']);
    });

    test('no player holds more than their share of the hands while others wait', async () => {
      await using held = await open();
      const long = gateway();
      const running = new Map<string, number>();
      const seen: number[] = [];
      for (const owner of ['anna', 'bert']) {
        for (let index = 0; index < 8; index += 1) {
          await add(held, { kind: 'check-clip', payload: { clip_id: owner }, owner });
        }
      }
      let done = 0;
      await using _worker = await work(
        held.jobs,
        {
          'check-clip': async ({ payload: { clip_id } }) => {
            running.set(clip_id, (running.get(clip_id) ?? 0) + 1);
            // Anna's take for ever, Bert's a moment: taking turns alone would give her every hand in the end.
            await (clip_id === 'anna' ? long.passed : pause(5));
            running.set(clip_id, (running.get(clip_id) ?? 0) - 1);
            done += 1;
            // As long as Bert still has some that wait.
            if (done <= 6) {
              seen.push(running.get('anna') ?? 0);
            }
          },
        },
        { concurrency: 5 },
      );
      await until(async () => done === 8);
      expect(Math.max(...seen)).toBe(2);
      // Nobody else waits any more: the hands that are free are hers.
      await until(async () => running.get('anna') === 4);
      long.open();
      await until(async () => (await rows(held)).length === 0);
    });

    test('a delayed job waits for its time', async () => {
      await using held = await open();
      await using worker = await work(held.jobs, { sweep: async () => {} });
      await add(held, { delay_seconds: 60 });
      await pause(150);
      expect(worker.ran).toEqual([]);
      held.clock.pass(61 * SECOND);
      await until(async () => worker.ran.length === 1);
    });

    test('a throw is tried again, later each time, and given up in one transaction with the last error', async () => {
      await using held = await open();
      const seen: [number, boolean][] = [];
      const givenUp: unknown[] = [];
      await using _worker = await work(
        held.jobs,
        {
          sweep: async (job) => {
            seen.push([job.attempt, job.is_last_attempt]);
            throw new Error(`failure ${job.attempt}`);
          },
        },
        {
          givenUp: async (tx, job, error) => {
            givenUp.push([job.kind, job.payload, error instanceof Error && error.message]);
            await tx.insertInto('users').values(userRow('told')).execute();
            await held.jobs.add(tx, { kind: 'merge-clips', payload: { challenge_id: 'c' }, dedupe_key: 'k' });
          },
        },
      );
      await add(held, { dedupe_key: 'k', max_attempts: 3 });
      await until(async () => (await rows(held))[0]?.status === 'waiting' && seen.length === 1);
      await pause(150);
      expect(seen).toHaveLength(1);
      held.clock.pass(HOUR);
      await until(async () => seen.length === 2);
      held.clock.pass(HOUR);
      await until(async () => givenUp.length === 1);
      expect(seen).toEqual([
        [1, false],
        [2, false],
        [3, true],
      ]);
      expect(givenUp).toEqual([['sweep', {}, 'failure 3']]);
      await until(async () => (await held.db.selectFrom('users').selectAll().execute()).length === 1);
      const dead = (await rows(held)).find((row) => row.kind === 'sweep');
      expect(dead).toMatchObject({ status: 'dead', dedupe_key: null, attempts: 3 });
      expect(dead?.last_error).toContain('failure 3');
    });

    test('where giving up fails, nothing is lost: it is tried again', async () => {
      await using held = await open();
      let refusals = 1;
      let told = 0;
      await using _worker = await work(
        held.jobs,
        {
          sweep: async () => {
            throw new Error('no');
          },
        },
        {
          givenUp: async (tx) => {
            await tx.insertInto('users').values(userRow('told')).execute();
            if (refusals > 0) {
              refusals -= 1;
              throw new Error('not now');
            }
            told += 1;
          },
        },
      );
      await add(held, { max_attempts: 1 });
      await until(async () => (await rows(held))[0]?.status === 'waiting' && refusals === 0);
      expect(await held.db.selectFrom('users').selectAll().execute()).toEqual([]);
      held.clock.pass(HOUR);
      await until(async () => told === 1 && (await rows(held))[0]?.status === 'dead');
    });

    test('a lease that is renewed is not taken over', async () => {
      await using held = await open();
      const gate = gateway();
      await using one = await work(held.jobs, { sweep: () => gate.passed });
      await add(held);
      await until(async () => one.ran.length === 1);
      await using two = await work(held.second, { sweep: async () => {} });
      for (let count = 0; count < 10; count += 1) {
        const before = (await rows(held))[0]?.lease_until;
        held.clock.pass(5 * SECOND);
        await until(async () => (await rows(held))[0]?.lease_until !== before);
      }
      await pause(120);
      expect(two.ran).toEqual([]);
      gate.open();
      await until(async () => (await rows(held)).length === 0);
    });

    test('a lease that ran out is taken over; the old worker is told, and what it does is rolled back', async () => {
      await using held = await make({ heartbeats: false });
      const oldGate = gateway();
      const newGate = gateway();
      const outcome = Promise.withResolvers<unknown>();
      await using old = await work(held.jobs, {
        sweep: async (job) => {
          await oldGate.passed;
          const ending = transact(held.db, async (tx) => {
            await tx.insertInto('users').values(userRow('old')).execute();
            await job.done(tx);
          });
          outcome.resolve(await ending.catch((error: unknown) => error));
          expect(job.signal.aborted).toBe(true);
          await ending;
        },
      });
      await add(held);
      await until(async () => old.ran.length === 1);
      await using second = await work(held.second, { sweep: () => newGate.passed });
      held.clock.pass(60 * SECOND);
      await until(async () => second.ran.length === 1);
      oldGate.open();
      expect(await outcome.promise).toMatchObject({ name: 'LeaseLost' });
      expect(await held.db.selectFrom('users').selectAll().execute()).toEqual([]);
      await pause(50);
      // The old worker's failure has not touched the job that the second one runs.
      expect(await rows(held)).toMatchObject([{ status: 'running', attempts: 0 }]);
      newGate.open();
      await until(async () => (await rows(held)).length === 0);
    });

    test('who has lost the lease hears of it by the signal', async () => {
      await using held = await open();
      await using worker = await work(held.jobs, {
        sweep: (job) => new Promise((_, reject) => job.signal.addEventListener('abort', () => reject(job.signal.reason))),
      });
      await add(held);
      await until(async () => worker.ran.length === 1);
      await held.db.updateTable('jobs').set({ fence: 99 }).execute();
      await until(async () => worker.failures.length === 1);
      expect(worker.failures[0]).toMatchObject({ name: 'LeaseLost' });
    });

    test('a job that was taken again and again without an end is given up', async () => {
      await using held = await open();
      await add(held);
      await held.db.updateTable('jobs').set({ claims: 20 }).execute();
      const errors: unknown[] = [];
      await using worker = await work(
        held.jobs,
        { sweep: async () => {} },
        {
          givenUp: async (_tx, _job, error) => {
            errors.push(error);
          },
        },
      );
      await until(async () => (await rows(held))[0]?.status === 'dead');
      expect(worker.ran).toEqual([]);
      expect(String(errors[0])).toContain('kill its worker');
    });

    test('progress is kept in the row, within 0 and 100', async () => {
      await using held = await open();
      const seen: (number | undefined)[] = [];
      await using worker = await work(held.jobs, {
        sweep: async (job) => {
          for (const percent of [40.4, 300]) {
            await job.progress(percent);
            seen.push((await rows(held))[0]?.progress);
          }
        },
      });
      await add(held);
      await until(async () => worker.ran.length === 1 && (await rows(held)).length === 0);
      expect(seen).toEqual([40, 100]);
    });

    test('stop waits for what runs and takes nothing more', async () => {
      await using held = await open();
      const gate = gateway();
      await using worker = await work(held.jobs, { sweep: () => gate.passed }, { concurrency: 1 });
      await add(held);
      await add(held);
      await until(async () => worker.ran.length === 1);
      const stopped = worker.stop(5_000);
      await pause(20);
      gate.open();
      await stopped;
      await pause(120);
      expect(worker.ran).toHaveLength(1);
      expect(await rows(held)).toMatchObject([{ status: 'waiting', attempts: 0, claims: 0 }]);
    });

    test('stop does not wait for idle work; it goes back unblamed', async () => {
      await using held = await open();
      await using worker = await work(held.jobs, {
        'slim-video': (job) => new Promise((_, reject) => job.signal.addEventListener('abort', () => reject(job.signal.reason))),
      });
      await add(held, { kind: 'slim-video', payload: { challenge_id: 'c' }, lane: 'idle' });
      await until(async () => worker.ran.length === 1);
      const began = performance.now();
      await worker.stop(5_000);
      expect(performance.now() - began).toBeLessThan(2_000);
      expect(await rows(held)).toMatchObject([{ status: 'waiting', attempts: 0, claims: 0, worker: null }]);
    });

    test('stop aborts what takes too long; the job goes back unblamed', async () => {
      await using held = await open();
      await using worker = await work(held.jobs, {
        sweep: (job) => new Promise((_, reject) => job.signal.addEventListener('abort', () => reject(job.signal.reason))),
      });
      await add(held);
      await until(async () => worker.ran.length === 1);
      await worker.stop(20);
      expect(await rows(held)).toMatchObject([{ status: 'waiting', attempts: 0, claims: 0, worker: null }]);
    });
  });
}

interface WorkOptions {
  concurrency?: number;
  givenUp?: GivenUp;
}

/** Starts to work; kinds without a handler must not turn up. Tells what was run and what the handlers threw. */
async function work(jobs: Jobs, handlers: Partial<JobHandlers>, { concurrency = 1, givenUp = async () => {} }: WorkOptions = {}) {
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
    sweep: watched('sweep'),
  };
  const handle = await jobs.work(all, givenUp, { concurrency });
  return { ran, failures, stop: (graceMs?: number) => handle.stop(graceMs), [Symbol.asyncDispose]: () => handle.stop(0) };
}

function gateway() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { passed: promise, open: () => resolve() };
}

const pause = (ms: number) => new Promise((wake) => setTimeout(wake, ms));

/** Waits until `isSo`; fails the test where it does not become so. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  await expect.poll(isSo, { timeout: 8_000, interval: 10 }).toBe(true);
}
