/** Guests who never guessed are found by their age, so that the sweep need not look at all players. */
import { type Kysely, sql } from 'kysely';

/** Adds an index. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('idx_users_idle_guests')
    .on('users')
    .column('created_at')
    .where(sql<boolean>`role = 'guest' and guess_count = 0`)
    .execute();
}
