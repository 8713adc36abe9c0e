/** What a person's other clips are compared with is found at little cost, the newest first. */
import type { Kysely } from 'kysely';

/** Adds a column, null for what was measured before, and an index. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('clip_analyses').addColumn('compared', 'text').execute();
  await db.schema.createIndex('idx_clip_analyses_newest').on('clip_analyses').columns(['user_id', 'created_at']).execute();
}
