/** Who gets the hands of a worker: priority first, light work beside heavy, idle work last, players in turn. */
import { describe, expect, test } from 'vitest';
import { transact } from '../../src/store/transact.ts';
import { addJob, gateway, type JobsUnderTest, jobRows, pause, until, work } from './job-work.ts';

/** As in `jobsContract`: workers look for work within 100 ms. */
export function jobSharesContract(name: string, open: () => Promise<JobsUnderTest>): void {
  describe(`shares of the workers: ${name}`, () => {
    test('higher priority goes first, then the older', async () => {
      await using held = await open();
      const add1 = (id: string, priority: number) => addJob(held, { kind: 'check-clip', payload: { clip_id: id }, priority });
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
        await addJob(held, { kind: 'check-clip', payload: { clip_id: `${count}` } });
      }
      const handlers = { 'check-clip': () => gate.passed, 'merge-clips': () => gate.passed };
      await using worker = await work(held.jobs, handlers, { concurrency });
      await until(async () => worker.ran.length === heavyMost);
      await pause(120);
      expect(worker.ran).toHaveLength(heavyMost);
      for (let count = 0; count < 6; count += 1) {
        await addJob(held, { kind: 'merge-clips', payload: { challenge_id: `${count}` }, lane: 'light' });
      }
      await until(async () => worker.ran.length === allMost);
      await pause(120);
      expect(worker.ran).toHaveLength(allMost);
      gate.open();
      await until(async () => (await jobRows(held)).length === 0);
    });

    test('a merge never waits behind checks, however many wait and run', async () => {
      await using held = await open();
      const gate = gateway();
      await using worker = await work(held.jobs, { 'check-clip': () => gate.passed, 'merge-clips': async () => {} }, { concurrency: 2 });
      for (let count = 0; count < 20; count += 1) {
        await addJob(held, { kind: 'check-clip', payload: { clip_id: `${count}` }, priority: 9 });
      }
      await until(async () => worker.ran.length === 1);
      await addJob(held, { kind: 'merge-clips', payload: { challenge_id: 'c' }, lane: 'light' });
      await until(async () => worker.ran.includes('merge-clips'));
      expect(worker.ran).toEqual(['check-clip', 'merge-clips']);
      gate.open();
    });

    test('work that waits for other people’s servers takes no hand, and no more than four run at once', async () => {
      await using held = await open();
      const gate = gateway();
      await using worker = await work(
        held.jobs,
        { push: () => gate.passed, 'check-clip': () => gate.passed, 'merge-clips': async () => {}, 'slim-video': async () => {} },
        { concurrency: 2 },
      );
      for (let count = 0; count < 6; count += 1) {
        const payload = { session_id: `${count}`, news: 'test' as const, challenge_id: null, count: 0 };
        await addJob(held, { kind: 'push', payload, lane: 'outside' });
      }
      await until(async () => worker.ran.length === 4);
      await addJob(held, { kind: 'slim-video', payload: { challenge_id: 'c' }, lane: 'idle' });
      await until(async () => worker.ran.includes('slim-video'));
      await addJob(held, { kind: 'check-clip', payload: { clip_id: 'c' } });
      await addJob(held, { kind: 'merge-clips', payload: { challenge_id: 'c' }, lane: 'light' });
      await until(async () => worker.ran.includes('check-clip') && worker.ran.includes('merge-clips'));
      expect(worker.ran.filter((kind) => kind === 'push')).toHaveLength(4);
      gate.open();
      await until(async () => worker.ran.filter((kind) => kind === 'push').length === 6);
    });

    test('a light job whose lease ran out is taken up while heavy ones hold every other hand', async () => {
      await using held = await open();
      const gate = gateway();
      await using worker = await work(held.jobs, { 'check-clip': () => gate.passed, 'merge-clips': async () => {} }, { concurrency: 2 });
      await addJob(held, { kind: 'check-clip', payload: { clip_id: 'c' } });
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
      const slim = (id: string) => addJob(held, { kind: 'slim-video', payload: { challenge_id: id }, lane: 'idle', priority: 9 });
      await slim('a');
      await slim('b');
      await addJob(held, { kind: 'check-clip', payload: { clip_id: 'first' } });
      const handlers = { 'check-clip': () => busy.passed, 'merge-clips': async () => {}, 'slim-video': () => idle.passed };
      await using worker = await work(held.jobs, handlers, { concurrency: 1 });
      await until(async () => worker.ran.length === 1);
      await pause(120);
      expect(worker.ran).toEqual(['check-clip']);
      busy.open();
      await until(async () => worker.ran.length === 2);
      await addJob(held, { kind: 'check-clip', payload: { clip_id: 'second' } });
      await addJob(held, { kind: 'merge-clips', payload: { challenge_id: 'c' }, lane: 'light' });
      await until(async () => worker.ran.length === 4);
      await pause(120);
      expect(worker.ran.filter((kind) => kind === 'slim-video')).toHaveLength(1);
      idle.open();
      await until(async () => (await jobRows(held)).length === 0);
    });

    test('work that comes last takes no hand of the others, and has as many at once as heavy work', async () => {
      await using held = await open();
      const gate = gateway();
      const handlers = { 'analyse-clip': () => gate.passed, 'check-clip': async () => {}, 'slim-video': async () => {} };
      await using worker = await work(held.jobs, handlers, { concurrency: 3 });
      await addJob(held, { kind: 'slim-video', payload: { challenge_id: 'c' }, lane: 'idle', delay_seconds: 1 });
      for (let count = 0; count < 4; count += 1) {
        await addJob(held, { kind: 'analyse-clip', payload: { clip_id: `${count}` }, lane: 'last' });
      }
      await until(async () => worker.ran.length === 2);
      held.clock.pass(1000);
      await addJob(held, { kind: 'check-clip', payload: { clip_id: 'c' } });
      await until(async () => worker.ran.includes('check-clip'));
      await pause(120);
      expect(worker.ran).toEqual(['analyse-clip', 'analyse-clip', 'check-clip']);
      gate.open();
      await until(async () => (await jobRows(held)).length === 0);
    });

    test('with one hand for it, players take turns: nobody waits behind the queue of another', async () => {
      await using held = await open();
      const order: string[] = [];
      const gates = new Map<string, ReturnType<typeof gateway>>();
      const check = async (owner: string, count: number) => {
        for (let index = 0; index < count; index += 1) {
          await addJob(held, { kind: 'check-clip', payload: { clip_id: `${owner}${index}` }, owner });
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
          await addJob(held, { kind: 'check-clip', payload: { clip_id: owner }, owner });
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
      await until(async () => (await jobRows(held)).length === 0);
    });
  });
}
