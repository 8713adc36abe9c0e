/** A player's own statistics are counted as guesses come in, and their guesses are found in the order they were made. */
import { type Kysely, sql } from 'kysely';

/** Adds the counts, and counts what is there. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('challenge_responses')
    .addColumn('correct', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  // The answers of deleted challenges are gone; of their guesses the score tells, but for an even split.
  await sql`update challenge_responses set correct = coalesce(
    (select json_extract(guess_data, '$.guess') = lie_index from answers where answers.challenge_id = challenge_responses.challenge_id and lie_index is not null),
    score > 0)`.execute(db);
  // Ids are UUIDv7: their order is that of `created_at`.
  await db.schema.createIndex('idx_challenge_responses_user_id').on('challenge_responses').columns(['user_id', 'id']).execute();

  await db.schema
    .createTable('calibration_bins')
    .addColumn('user_id', 'text', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('bin', 'integer', (c) => c.notNull())
    .addColumn('guesses', 'integer', (c) => c.notNull())
    .addColumn('correct', 'integer', (c) => c.notNull())
    .addColumn('confidence', 'real', (c) => c.notNull())
    .addPrimaryKeyConstraint('pk_calibration_bins', ['user_id', 'bin'])
    .modifyEnd(sql`strict`)
    .execute();
  await sql`insert into calibration_bins (user_id, bin, guesses, correct, confidence)
    select user_id, max(0, min(6, cast((confidence + 1e-9) * 10 as integer) - 3)) as bin, count(*), sum(correct), sum(confidence)
    from (select user_id, correct, json_extract(guess_data, '$.confidence') as confidence from challenge_responses)
    group by user_id, bin`.execute(db);

  // The feed's columns again, so that this one is taken for the feed of those whom nobody has guessed; only a first guess writes to it.
  await db.schema
    .createIndex('idx_challenges_unguessed')
    .on('challenges')
    .columns(['status', 'audience', 'published_at', 'id'])
    .where(sql<boolean>`guess_count = 0`)
    .execute();
  // What one author has published for everybody.
  await db.schema
    .createIndex('idx_challenges_author')
    .on('challenges')
    .columns(['user_id', 'published_at', 'id'])
    .where(sql<boolean>`status = 'published' and audience = 'public'`)
    .execute();
}
