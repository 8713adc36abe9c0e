/** The newest clips of a person are found without a walk through all that were measured of them. */
import type { Kysely } from 'kysely';

/** Adds an index. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('idx_clip_analyses_newest').on('clip_analyses').columns(['user_id', 'created_at']).execute();
}
