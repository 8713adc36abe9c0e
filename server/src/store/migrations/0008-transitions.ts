/** What the merged video shows between two clips, chosen by the author. */
import type { Kysely } from 'kysely';

/** Adds a column; challenges that are there have nothing between their clips. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('challenges')
    .addColumn('transition', 'text', (c) => c.notNull().defaultTo('none'))
    .execute();
}
