/** A heavy video that a slim one has replaced lives on for its signed time. */
import { type Kysely, sql } from 'kysely';

/** Adds the column and the index by which the sweep finds what is past its time. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('challenges').addColumn('heavy_until', 'text').execute();
  await db.schema
    .createIndex('idx_challenges_heavy_until')
    .on('challenges')
    .column('heavy_until')
    .where(sql<boolean>`heavy_until is not null`)
    .execute();
}
