/** Every player gets a share of the workers (lane, owner and turn of a job) and of the space, and a repeated request finds what the first one made. */
import { type Kysely, sql } from 'kysely';

/** Adds columns and indexes; jobs that wait already count as heavy and nobody's. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('jobs')
    .addColumn('lane', 'text', (c) => c.notNull().defaultTo('heavy'))
    .execute();
  await db.schema.alterTable('jobs').addColumn('owner', 'text').execute();
  await db.schema
    .alterTable('jobs')
    .addColumn('turn', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema.dropIndex('idx_jobs_status').execute();
  await db.schema.createIndex('idx_jobs_status').on('jobs').columns(['status', 'lane', 'priority desc', 'turn', 'run_at']).execute();
  await db.schema.createIndex('idx_jobs_owner').on('jobs').columns(['owner', 'turn']).where(sql<boolean>`owner is not null`).execute();

  // What a player has not published yet, however much they have published.
  await db.schema.createIndex('idx_challenges_user_status').on('challenges').columns(['user_id', 'status']).execute();

  await db.schema.alterTable('idempotency_keys').addColumn('resource_id', 'text').execute();
}
