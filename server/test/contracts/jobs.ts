/** What every queue of jobs must do. */
import { describe, expect, test } from 'vitest';
import type { RunningJob } from '../../src/ports.ts';
import { transact } from '../../src/store/transact.ts';
import { userRow } from '../rows.ts';
import { addJob, gateway, type JobsUnderTest, jobRows, pause, until, work } from './job-work.ts';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

/** Renewing leases and looking for work must happen within 100 ms in the queues that `make` gives, unless `heartbeats` is false: then leases are never renewed. */
export function jobsContract(name: string, make: (options: { heartbeats: boolean }) => Promise<JobsUnderTest>): void {
  const open = () => make({ heartbeats: true });

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
      await addJob(held, { kind: 'check-clip', payload: { clip_id: 'c1' } });
      await until(async () => (await jobRows(held)).length === 0);
      expect(worker.ran).toEqual(['check-clip']);
      expect(await held.db.selectFrom('users').select('id').execute()).toHaveLength(1);
    });

    test('a handler that does not call done ends its job by returning', async () => {
      await using held = await open();
      await using worker = await work(held.jobs, { sweep: async () => {} });
      await addJob(held);
      await until(async () => worker.ran.length === 1 && (await jobRows(held)).length === 0);
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
      expect([worker.ran, await jobRows(held)]).toEqual([[], []]);
    });

    test('a commit wakes the worker of the process at once; that of another finds the job at its next look', async () => {
      await using held = await open();
      await using worker = await work(held.second, { sweep: async () => {} });
      await addJob(held);
      await until(async () => worker.ran.length === 1);
    });

    test('a second job with the same key is superfluous while the first waits or runs, and welcome afterwards', async () => {
      await using held = await open();
      await addJob(held, { dedupe_key: 'k' });
      await addJob(held, { dedupe_key: 'k' });
      expect(await jobRows(held)).toHaveLength(1);
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
      await addJob(held, { dedupe_key: 'k' });
      expect(await jobRows(held)).toHaveLength(1);
      gate.open();
      await until(async () => (await jobRows(held)).length === 0);
      expect(worker.ran).toEqual(['sweep', 'merge-clips']);
    });

    test('a delayed job waits for its time', async () => {
      await using held = await open();
      await using worker = await work(held.jobs, { sweep: async () => {} });
      await addJob(held, { delay_seconds: 60 });
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
      await addJob(held, { dedupe_key: 'k', max_attempts: 3 });
      await until(async () => (await jobRows(held))[0]?.status === 'waiting' && seen.length === 1);
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
      const dead = (await jobRows(held)).find((row) => row.kind === 'sweep');
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
      await addJob(held, { max_attempts: 1 });
      await until(async () => (await jobRows(held))[0]?.status === 'waiting' && refusals === 0);
      expect(await held.db.selectFrom('users').selectAll().execute()).toEqual([]);
      held.clock.pass(HOUR);
      await until(async () => told === 1 && (await jobRows(held))[0]?.status === 'dead');
    });

    test('a lease that is renewed is not taken over', async () => {
      await using held = await open();
      const gate = gateway();
      await using one = await work(held.jobs, { sweep: () => gate.passed });
      await addJob(held);
      await until(async () => one.ran.length === 1);
      await using two = await work(held.second, { sweep: async () => {} });
      for (let count = 0; count < 10; count += 1) {
        const before = (await jobRows(held))[0]?.lease_until;
        held.clock.pass(5 * SECOND);
        await until(async () => (await jobRows(held))[0]?.lease_until !== before);
      }
      await pause(120);
      expect(two.ran).toEqual([]);
      gate.open();
      await until(async () => (await jobRows(held)).length === 0);
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
      await addJob(held);
      await until(async () => old.ran.length === 1);
      await using second = await work(held.second, { sweep: () => newGate.passed });
      held.clock.pass(60 * SECOND);
      await until(async () => second.ran.length === 1);
      oldGate.open();
      expect(await outcome.promise).toMatchObject({ name: 'LeaseLost' });
      expect(await held.db.selectFrom('users').selectAll().execute()).toEqual([]);
      await pause(50);
      // The old worker's failure has not touched the job that the second one runs.
      expect(await jobRows(held)).toMatchObject([{ status: 'running', attempts: 0 }]);
      newGate.open();
      await until(async () => (await jobRows(held)).length === 0);
    });

    test('who has lost the lease hears of it by the signal', async () => {
      await using held = await open();
      await using worker = await work(held.jobs, {
        sweep: (job) => new Promise((_, reject) => job.signal.addEventListener('abort', () => reject(job.signal.reason))),
      });
      await addJob(held);
      await until(async () => worker.ran.length === 1);
      await held.db.updateTable('jobs').set({ fence: 99 }).execute();
      await until(async () => worker.failures.length === 1);
      expect(worker.failures[0]).toMatchObject({ name: 'LeaseLost' });
    });

    test('a job that was taken again and again without an end is given up', async () => {
      await using held = await open();
      await addJob(held);
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
      await until(async () => (await jobRows(held))[0]?.status === 'dead');
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
            seen.push((await jobRows(held))[0]?.progress);
          }
        },
      });
      await addJob(held);
      await until(async () => worker.ran.length === 1 && (await jobRows(held)).length === 0);
      expect(seen).toEqual([40, 100]);
    });

    test('stop waits for what runs and takes nothing more', async () => {
      await using held = await open();
      const gate = gateway();
      await using worker = await work(held.jobs, { sweep: () => gate.passed }, { concurrency: 1 });
      await addJob(held);
      await addJob(held);
      await until(async () => worker.ran.length === 1);
      const stopped = worker.stop(5_000);
      await pause(20);
      gate.open();
      await stopped;
      await pause(120);
      expect(worker.ran).toHaveLength(1);
      expect(await jobRows(held)).toMatchObject([{ status: 'waiting', attempts: 0, claims: 0 }]);
    });

    test.each([
      ['slim-video', { challenge_id: 'c' }, 'idle'],
      ['analyse-clip', { clip_id: 'c' }, 'last'],
    ] as const)('stop does not wait for %s, which is nobody’s hurry; it goes back unblamed', async (kind, payload, lane) => {
      await using held = await open();
      await using worker = await work(held.jobs, {
        [kind]: (job: RunningJob) => new Promise((_, reject) => job.signal.addEventListener('abort', () => reject(job.signal.reason))),
      });
      await addJob(held, { kind, payload, lane });
      await until(async () => worker.ran.length === 1);
      const began = performance.now();
      await worker.stop(5_000);
      expect(performance.now() - began).toBeLessThan(2_000);
      expect(await jobRows(held)).toMatchObject([{ status: 'waiting', attempts: 0, claims: 0, worker: null }]);
    });

    test('stop aborts what takes too long; the job goes back unblamed', async () => {
      await using held = await open();
      await using worker = await work(held.jobs, {
        sweep: (job) => new Promise((_, reject) => job.signal.addEventListener('abort', () => reject(job.signal.reason))),
      });
      await addJob(held);
      await until(async () => worker.ran.length === 1);
      await worker.stop(20);
      expect(await jobRows(held)).toMatchObject([{ status: 'waiting', attempts: 0, claims: 0, worker: null }]);
    });
  });
}
