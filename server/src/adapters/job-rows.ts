/** The statements of the `jobs` table. Every change of a running job names its fence: who has lost the job changes nothing. */
import { sql } from 'kysely';
import type { Db, JobLane, Tx } from '../ports.ts';
import type { JobRow } from '../store/tables.ts';

/** Names one taking of a job: the next one has a higher fence. */
export interface Claim {
  id: string;
  fence: number;
}

/** True where a job of one of these lanes waits whose time has come, or a lease has run out. Asks the reader, so an idle worker never takes the write lock. */
export async function isWorkThere(db: Db, now: string, lanes: readonly JobLane[]): Promise<boolean> {
  for (const lane of lanes) {
    if ((await topPriority(db, now, lane)) !== undefined) {
      return true;
    }
  }
  return (await findExpired(db, now, lanes)) !== undefined;
}

/** Takes the job whose lease ran out, else the best that waits, of the first lane that has one; undefined where there is none. */
export async function take(
  tx: Tx,
  options: { worker: string; now: string; lease_until: string; lanes: readonly JobLane[] },
): Promise<JobRow | undefined> {
  const next = (await findExpired(tx, options.now, options.lanes)) ?? (await findBest(tx, options.now, options.lanes));
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

/**
 * The turn of a new job: one more than that of its owner's last one, but never one that has passed. So the jobs of a player who
 * queues many lie between those of the others, and nobody waits behind a queue (start-time fair queueing, Goyal et al. 1996).
 */
export async function turnFor(tx: Tx, job: { lane: JobLane; priority: number; owner: string | null }): Promise<number> {
  const alike = tx.selectFrom('jobs').where('lane', '=', job.lane).where('priority', '=', job.priority);
  const { last } = await alike
    .select(({ fn }) => fn.max('turn').as('last'))
    .where('status', '=', 'running')
    .executeTakeFirstOrThrow();
  const { first } = await alike
    .select(({ fn }) => fn.min('turn').as('first'))
    .where('status', '=', 'waiting')
    .executeTakeFirstOrThrow();
  const current = last ?? first ?? 0;
  if (job.owner === null) {
    return current;
  }
  const { own } = await alike
    .select(({ fn }) => fn.max('turn').as('own'))
    .where('owner', '=', job.owner)
    .where('status', '!=', 'dead')
    .executeTakeFirstOrThrow();
  return Math.max(current, own === null ? 0 : own + 1);
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

/** Of the lane's highest priority: of the players with the fewest running jobs the one whose turn it is. */
async function findBest(tx: Tx, now: string, lanes: readonly JobLane[]): Promise<{ id: string } | undefined> {
  for (const lane of lanes) {
    const top = await topPriority(tx, now, lane);
    if (top === undefined) {
      continue;
    }
    for (const busy of await busierAndBusier(tx, lane)) {
      const found = await ready(tx, now, lane)
        .select('id')
        .where('priority', '=', top.priority)
        .$if(busy.length > 0, (query) => query.where((eb) => eb.or([eb('owner', 'is', null), eb('owner', 'not in', busy)])))
        .orderBy('turn')
        .orderBy('run_at')
        .limit(1)
        .executeTakeFirst();
      if (found !== undefined) {
        return found;
      }
    }
  }
  return undefined;
}

/** Whom to pass over: first all that have a job running in the lane, then those with more than one, and so on; in the end nobody. */
async function busierAndBusier(tx: Tx, lane: JobLane): Promise<string[][]> {
  const rows = await tx.selectFrom('jobs').select('owner').where('status', '=', 'running').where('lane', '=', lane).execute();
  const counts = new Map<string, number>();
  for (const { owner } of rows) {
    if (owner !== null) {
      counts.set(owner, (counts.get(owner) ?? 0) + 1);
    }
  }
  const levels = [...new Set([0, ...counts.values()])].sort((a, b) => a - b);
  return levels.map((level) => [...counts].filter(([, count]) => count > level).map(([owner]) => owner));
}

function topPriority(db: Db | Tx, now: string, lane: JobLane): Promise<{ priority: number } | undefined> {
  return ready(db, now, lane).select('priority').orderBy('priority', 'desc').limit(1).executeTakeFirst();
}

function ready(db: Db | Tx, now: string, lane: JobLane) {
  return db.selectFrom('jobs').where('status', '=', 'waiting').where('lane', '=', lane).where('run_at', '<=', now);
}

/** Among the running ones, of which there are few. */
function findExpired(db: Db | Tx, now: string, lanes: readonly JobLane[]): Promise<{ id: string } | undefined> {
  return db
    .selectFrom('jobs')
    .select('id')
    .where('status', '=', 'running')
    .where('lane', 'in', lanes)
    .where('lease_until', '<=', now)
    .orderBy('lease_until')
    .limit(1)
    .executeTakeFirst();
}
