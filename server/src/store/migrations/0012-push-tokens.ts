/** Where a player wants to hear of what: one device for each session, gone with it. */
import { type Kysely, sql } from 'kysely';

/** Adds a table. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('push_tokens')
    .addColumn('session_id', 'text', (c) => c.primaryKey().notNull().references('sessions.id').onDelete('cascade'))
    .addColumn('user_id', 'text', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('address', 'text', (c) => c.notNull())
    .addColumn('address_hash', 'text', (c) => c.notNull().unique())
    .addColumn('language', 'text', (c) => c.notNull())
    .addColumn('published', 'integer', (c) => c.notNull())
    .addColumn('failed', 'integer', (c) => c.notNull())
    .addColumn('guessed', 'integer', (c) => c.notNull())
    .addColumn('digest_at', 'text')
    .addColumn('sending', 'text')
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .modifyEnd(sql`strict`)
    .execute();
  await db.schema.createIndex('idx_push_tokens_user_id').on('push_tokens').columns(['user_id', 'updated_at']).execute();
  await db.schema
    .createIndex('idx_push_tokens_digest_at')
    .on('push_tokens')
    .column('digest_at')
    .where(sql<boolean>`digest_at is not null`)
    .execute();
}
