/** What was measured in the clips, which clips may be measured, and how often the strongest signal pointed at the lie. */
import { type Kysely, sql } from 'kysely';

/** Adds three tables and the author's choice for each clip: measured, where the person allows it at all. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('challenges')
    .addColumn('tell_choices', 'text', (c) => c.notNull().defaultTo('[true,true,true]'))
    .execute();

  await db.schema
    .createTable('clip_analyses')
    .addColumn('clip_id', 'text', (c) => c.primaryKey().notNull())
    .addColumn('challenge_id', 'text', (c) => c.notNull())
    .addColumn('user_id', 'text', (c) => c.notNull())
    .addColumn('source_hash', 'text', (c) => c.notNull())
    .addColumn('model', 'text', (c) => c.notNull())
    .addColumn('result', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .modifyEnd(sql`strict`)
    .execute();
  await db.schema.createIndex('idx_clip_analyses_challenge_id').on('clip_analyses').column('challenge_id').execute();
  await db.schema.createIndex('idx_clip_analyses_user_id').on('clip_analyses').columns(['user_id', 'source_hash']).execute();

  await db.schema
    .createTable('challenge_tells')
    .addColumn('challenge_id', 'text', (c) => c.primaryKey().notNull())
    .addColumn('user_id', 'text', (c) => c.notNull())
    .addColumn('strongest_index', 'integer')
    .addColumn('signals', 'text', (c) => c.notNull())
    .addColumn('counted', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .modifyEnd(sql`strict`)
    .execute();
  await db.schema.createIndex('idx_challenge_tells_user_id').on('challenge_tells').columns(['user_id', 'created_at']).execute();
  await db.schema
    .createIndex('idx_challenge_tells_counted')
    .on('challenge_tells')
    .column('created_at')
    .where(sql<boolean>`counted = 0 and strongest_index is not null`)
    .execute();

  await db.schema
    .createTable('tell_records')
    .addColumn('id', 'integer', (c) => c.primaryKey().notNull())
    .addColumn('challenges', 'integer', (c) => c.notNull())
    .addColumn('pointed', 'integer', (c) => c.notNull())
    .addColumn('guesses', 'integer', (c) => c.notNull())
    .addColumn('correct', 'integer', (c) => c.notNull())
    .modifyEnd(sql`strict`)
    .execute();
}
