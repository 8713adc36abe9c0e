import { fork } from 'node:child_process';
import { once } from 'node:events';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { jobSharesContract } from '../../test/contracts/job-shares.ts';
import { jobsContract } from '../../test/contracts/jobs.ts';
import { buildPorts, fakeClock, silentLog } from '../../test/ports.ts';
import type { JobHandlers } from '../ports.ts';
import { transact } from '../store/transact.ts';
import { dbJobs } from './db-jobs.ts';
import { backoffMs } from './job-run.ts';
import { openSqlite } from './sqlite.ts';
import { isGone, nameWorker } from './worker-name.ts';

async function make({ heartbeats }: { heartbeats: boolean }) {
  const clock = fakeClock();
  const ports = await buildPorts({ clock });
  const { ids, chance } = ports;
  const times = { heartbeat: heartbeats ? 50 : 3_600_000, poll: 50 };
  // Another connection, as another process would have.
  const other = openSqlite(ports.config.database_path);
  return {
    db: ports.db,
    clock,
    jobs: dbJobs({ db: ports.db, clock, ids, chance, log: silentLog }, times),
    second: dbJobs({ db: other, clock, ids, chance, log: silentLog }, times),
    async [Symbol.asyncDispose]() {
      await other.destroy();
      await ports[Symbol.asyncDispose]();
    },
  };
}
jobsContract('database', make);
jobSharesContract('database', () => make({ heartbeats: true }));

const unused = async () => {};
const handlersWith = (sweep: JobHandlers['sweep']): JobHandlers => ({
  'check-clip': unused,
  'merge-clips': unused,
  'analyse-clip': unused,
  'publish-challenge': unused,
  'slim-video': unused,
  push: unused,
  'push-guesses': unused,
  'push-receipt': unused,
  sweep,
});

test('after kill -9 in the middle of a job the next start takes it at once', async () => {
  await using ports = await buildPorts();
  await transact(ports.db, (tx) => ports.jobs.add(tx, { kind: 'sweep', payload: {} }));
  await using child = await hangInJob(ports.data_dir);
  await child.kill();
  expect(await ports.db.selectFrom('jobs').select(['status', 'claims']).execute()).toMatchObject([{ status: 'running', claims: 1 }]);

  const start = performance.now();
  const taken = Promise.withResolvers<number>();
  const worker = await ports.jobs.work(
    handlersWith(async () => taken.resolve(performance.now() - start)),
    unused,
    { concurrency: 1 },
  );
  await using _stopped = { [Symbol.asyncDispose]: () => worker.stop(0) };
  // The lease of the dead one would have lasted ten seconds.
  expect(await taken.promise).toBeLessThan(1_000);
  await worker.stop();
  expect(await ports.db.selectFrom('jobs').selectAll().execute()).toEqual([]);
});

test('a start leaves the jobs of a worker that lives alone', async () => {
  await using ports = await buildPorts();
  await transact(ports.db, (tx) => ports.jobs.add(tx, { kind: 'sweep', payload: {} }));
  await using _child = await hangInJob(ports.data_dir);
  const worker = await ports.jobs.work(handlersWith(unused), unused, { concurrency: 1 });
  await using _stopped = { [Symbol.asyncDispose]: () => worker.stop(0) };
  expect(await ports.db.selectFrom('jobs').select(['status', 'claims']).execute()).toMatchObject([{ status: 'running', claims: 1 }]);
});

test('a worker is gone only where its process is known to be', () => {
  const own = nameWorker();
  const [host, pid, start] = own.split(':');
  expect(isGone(own)).toBe(false);
  expect(isGone(`elsewhere:${pid}:${start}:1`)).toBe(false);
  expect(isGone('nonsense')).toBe(false);
  expect(isGone(`${host}:99999999:1:1`)).toBe(true);
  // The same process id, given out again.
  expect(isGone(`${host}:${pid}:1:1`)).toBe(true);
});

test('the pause before the next run doubles up to five minutes, with up to a half off by chance', () => {
  const longest = { bytes: () => Uint8Array.of(0) };
  const shortest = { bytes: () => Uint8Array.of(255) };
  expect([1, 2, 3, 20].map((attempt) => backoffMs(attempt, longest))).toEqual([1_000, 2_000, 4_000, 300_000]);
  expect([1, 2, 3, 20].map((attempt) => backoffMs(attempt, shortest))).toEqual([500, 1_000, 2_000, 150_000]);
});

test('taking a job costs no walk through the table', async () => {
  await using ports = await buildPorts();
  const plan = async (query: string) =>
    (await sql.raw<{ detail: string }>(`explain query plan ${query}`).execute(ports.db)).rows.map(({ detail }) => detail).join('; ');
  const waiting = await plan(
    "select id from jobs where status = 'waiting' and lane = 'heavy' and run_at <= 'x' and priority = 0 and owner not in ('a', 'b') order by turn, run_at limit 1",
  );
  expect(waiting).toContain('idx_jobs_status');
  expect(waiting).not.toContain('TEMP B-TREE');
  expect(
    await plan(
      "select id from jobs where status = 'running' and lane in ('heavy', 'light') and lease_until <= 'x' order by lease_until limit 1",
    ),
  ).toContain('idx_jobs_status');
});

/** Another process that has taken the job and does not end it. */
async function hangInJob(dataDir: string) {
  const child = fork(new URL('../../test/children/hang-in-job.ts', import.meta.url), [dataDir]);
  const exit = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await exit;
  };
  const [said] = await Promise.race([once(child, 'message'), exit]);
  expect(said).toBe('running');
  return { kill, [Symbol.asyncDispose]: kill };
}
