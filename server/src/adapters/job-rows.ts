/** The statements of the `jobs` table. Every change of a running job names its fence: who has lost the job changes nothing. */
import { sql } from 'kysely';
import type { Db, Tx } from '../ports.ts';
import type { JobRow } from '../store/tables.ts';

/** Names one taking of a job: the next one has a higher fence. */
export interface Claim {
  id: string;
  fence: number;
}

/** True where a job waits whose time has come, or a lease has run out. Asks the reader, so an idle worker never takes the write lock. */
export async function isWorkThere(db: Db, now: string): Promise<boolean> {
  const waiting = await db
    .selectFrom('jobs')
    .select('id')
    .where('status', '=', 'waiting')
    .where('run_at', '<=', now)
    .limit(1)
    .executeTakeFirst();
  return waiting !== undefined || (await findExpired(db, now)) !== undefined;
}

/** Takes the job whose lease ran out, else the best that waits; undefined where there is none. */
export async function take(tx: Tx, options: { worker: string; now: string; lease_until: string }): Promise<JobRow | undefined> {
  const next =
    (await findExpired(tx, options.now)) ??
    (await tx
      .selectFrom('jobs')
      .select('id')
      .where('status', '=', 'waiting')
      .where('run_at', '<=', options.now)
      .orderBy('priority', 'desc')
      .orderBy('run_at')
      .limit(1)
      .executeTakeFirst());
  if (next === undefined) {
    return undefined;
  }
  return tx
    .updateTable('jobs')
    .set({
      status: 'running',
      worker: options.worker,
      lease_until: options.lease_until,
      fence: sql<number>`fence + 1`,
      claims: sql<number>`claims + 1`,
      progress: 0,
    })
    .where('id', '=', next.id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** False where the job is no longer this claim's. */
export async function change(db: Db | Tx, claim: Claim, values: Partial<Omit<JobRow, 'id' | 'fence'>>): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('jobs')
    .set(values)
    .where('id', '=', claim.id)
    .where('fence', '=', claim.fence)
    .where('status', '=', 'running')
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Ends the job; its dedupe key is free again. False where the job is no longer this claim's. */
export async function remove(db: Db | Tx, claim: Claim): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('jobs')
    .where('id', '=', claim.id)
    .where('fence', '=', claim.fence)
    .where('status', '=', 'running')
    .executeTakeFirstOrThrow();
  return numDeletedRows === 1n;
}

/** Back to the queue without a stain: the worker stops, the job is not to blame. False where the job is no longer this claim's. */
export async function giveBack(db: Db | Tx, claim: Claim): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('jobs')
    .set({ status: 'waiting', worker: null, lease_until: null, claims: sql<number>`claims - 1` })
    .where('id', '=', claim.id)
    .where('fence', '=', claim.fence)
    .where('status', '=', 'running')
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Frees the running jobs of every worker for which `isGone` says so; the number of jobs freed. */
export async function reclaim(tx: Tx, isGone: (worker: string) => boolean): Promise<number> {
  const held = await tx.selectFrom('jobs').select(['id', 'fence', 'worker']).where('status', '=', 'running').execute();
  const freed = held.filter(({ worker }) => worker === null || isGone(worker));
  for (const claim of freed) {
    await change(tx, claim, { status: 'waiting', worker: null, lease_until: null });
  }
  return freed.length;
}

/** Among the running ones, of which there are few. */
function findExpired(db: Db | Tx, now: string): Promise<{ id: string } | undefined> {
  return db
    .selectFrom('jobs')
    .select('id')
    .where('status', '=', 'running')
    .where('lease_until', '<=', now)
    .orderBy('lease_until')
    .limit(1)
    .executeTakeFirst();
}
