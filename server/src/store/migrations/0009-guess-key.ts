/** A guess is known by its player and challenge: an index that nobody looks into is not kept, as every guess would write to it. */
import { type Kysely, sql } from 'kysely';

/** Makes the table anew with that pair as its key; `id` stays a column. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('keyed_responses')
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('challenge_id', 'text', (c) => c.notNull().references('challenges.id').onDelete('cascade'))
    .addColumn('user_id', 'text', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('guess_data', 'text', (c) => c.notNull())
    .addColumn('score', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    // In this order a player's guesses lie together: whoever plays on writes to pages that are at hand.
    .addPrimaryKeyConstraint('pk_challenge_responses', ['user_id', 'challenge_id'])
    .modifyEnd(sql`strict`)
    .execute();
  const columns = sql.raw('id, challenge_id, user_id, guess_data, score, created_at');
  await sql`insert into keyed_responses (${columns}) select ${columns} from challenge_responses order by rowid`.execute(db);
  await db.schema.dropTable('challenge_responses').execute();
  await db.schema.alterTable('keyed_responses').renameTo('challenge_responses').execute();
  await db.schema.createIndex('idx_challenge_responses_challenge_id').on('challenge_responses').column('challenge_id').execute();
}
