/** The few clips that wait for models are found without a walk through all that were measured. */
import { type Kysely, sql } from 'kysely';

/** Adds a partial index. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('idx_clip_analyses_without_model')
    .on('clip_analyses')
    .column('model')
    .where(sql<boolean>`model = 'none'`)
    .execute();
}
