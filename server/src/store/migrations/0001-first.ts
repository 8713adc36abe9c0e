/**
 * All tables (store/tables.ts says what the columns mean). `strict`, because SQLite otherwise takes a fraction in an integer column.
 * Uploads, events, blob references and idempotency keys outlive what they speak of, so they carry no foreign key: their sweeps end them.
 */
import { type CreateTableBuilder, type Kysely, sql } from 'kysely';

/** Makes every table and index. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await players(db);
  await challenges(db);
  await responses(db);
  await uploadsAndBlobs(db);
  await eventsAndJobs(db);
}

async function players(db: Kysely<unknown>): Promise<void> {
  await table(db, 'users')
    .addColumn('id', 'text', (c) => c.primaryKey().notNull())
    .addColumn('email', 'text')
    .addColumn('email_key', 'text', (c) => c.unique())
    .addColumn('username', 'text', (c) => c.notNull())
    .addColumn('username_key', 'text', (c) => c.notNull().unique())
    .addColumn('password_hash', 'text')
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('terms_accepted_at', 'text')
    .addColumn('birth_year', 'integer')
    .addColumn('tells', 'integer', (c) => c.notNull())
    .addColumn('published_count', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('guess_count', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('correct_count', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('score_sum', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .execute();

  await table(db, 'sessions')
    .addColumn('id', 'text', (c) => c.primaryKey().notNull())
    .addColumn('user_id', 'text', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('user_agent', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('last_used_at', 'text', (c) => c.notNull())
    .addColumn('ended_at', 'text')
    .execute();
  await db.schema.createIndex('idx_sessions_user_id').on('sessions').columns(['user_id', 'id']).execute();

  await table(db, 'refresh_tokens')
    .addColumn('token_hash', 'text', (c) => c.primaryKey().notNull())
    .addColumn('session_id', 'text', (c) => c.notNull().references('sessions.id').onDelete('cascade'))
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('expires_at', 'text', (c) => c.notNull())
    .addColumn('spent_at', 'text')
    .execute();
  await db.schema.createIndex('idx_refresh_tokens_session_id').on('refresh_tokens').column('session_id').execute();
  await db.schema.createIndex('idx_refresh_tokens_expires_at').on('refresh_tokens').column('expires_at').execute();
}

async function challenges(db: Kysely<unknown>): Promise<void> {
  await table(db, 'challenges')
    .addColumn('id', 'text', (c) => c.primaryKey().notNull())
    .addColumn('user_id', 'text', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('prompt', 'text')
    .addColumn('story', 'text')
    .addColumn('statements', 'text', (c) => c.notNull())
    .addColumn('audience', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('video_segments', 'text', (c) => c.notNull())
    .addColumn('merged_video_url', 'text')
    .addColumn('poster_url', 'text')
    .addColumn('ai_analysis', 'text')
    .addColumn('commitment', 'text')
    .addColumn('guess_count', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('failed_step', 'text')
    .addColumn('failed_reason', 'text')
    .addColumn('published_at', 'text')
    .addColumn('clips_until', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .execute();
  // An author's own list, newest first: ids are UUIDv7, so their order is that of `created_at`.
  await db.schema.createIndex('idx_challenges_user_id').on('challenges').columns(['user_id', 'id']).execute();
  await db.schema.createIndex('idx_challenges_status').on('challenges').columns(['status', 'updated_at']).execute();
  // All of the feed's conditions in front of its order: a partial index loses against `idx_challenges_status` and a sort of all that is published.
  await db.schema.createIndex('idx_challenges_feed').on('challenges').columns(['status', 'audience', 'published_at', 'id']).execute();
  await db.schema
    .createIndex('idx_challenges_clips_until')
    .on('challenges')
    .column('clips_until')
    .where(sql<boolean>`clips_until is not null`)
    .execute();

  await table(db, 'answers')
    .addColumn('challenge_id', 'text', (c) => c.primaryKey().notNull().references('challenges.id').onDelete('cascade'))
    .addColumn('lie_index', 'integer', (c) => c.check(sql`lie_index between 0 and 2`))
    .addColumn('nonce', 'text')
    .addColumn('picks_0', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('picks_1', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('picks_2', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();

  await table(db, 'clips')
    .addColumn('id', 'text', (c) => c.primaryKey().notNull())
    .addColumn('challenge_id', 'text', (c) => c.notNull().references('challenges.id').onDelete('cascade'))
    .addColumn('segment_index', 'integer', (c) => c.notNull().check(sql`segment_index between 0 and 2`))
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('source_hash', 'text', (c) => c.notNull())
    .addColumn('canonical_hash', 'text')
    .addColumn('reasons', 'text', (c) => c.notNull())
    .addColumn('notices', 'text', (c) => c.notNull())
    .addColumn('duration_seconds', 'real')
    .addColumn('width', 'integer')
    .addColumn('height', 'integer')
    .addColumn('size_bytes', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .addUniqueConstraint('uq_clips_challenge_id_segment_index', ['challenge_id', 'segment_index'])
    .execute();
  await db.schema.createIndex('idx_clips_status').on('clips').columns(['status', 'updated_at']).execute();
}

async function responses(db: Kysely<unknown>): Promise<void> {
  await table(db, 'challenge_responses')
    .addColumn('id', 'text', (c) => c.primaryKey().notNull())
    .addColumn('challenge_id', 'text', (c) => c.notNull().references('challenges.id').onDelete('cascade'))
    .addColumn('user_id', 'text', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('guess_data', 'text', (c) => c.notNull())
    .addColumn('score', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute();
  // One guess a player and challenge. The name is the specification's, the uniqueness is the rule book's.
  await db.schema
    .createIndex('idx_challenge_responses_challenge_id')
    .unique()
    .on('challenge_responses')
    .columns(['challenge_id', 'user_id'])
    .execute();
  await db.schema.createIndex('idx_challenge_responses_user_id').on('challenge_responses').columns(['user_id', 'challenge_id']).execute();
}

async function uploadsAndBlobs(db: Kysely<unknown>): Promise<void> {
  await table(db, 'uploads')
    .addColumn('id', 'text', (c) => c.primaryKey().notNull())
    .addColumn('user_id', 'text', (c) => c.notNull())
    .addColumn('challenge_id', 'text', (c) => c.notNull())
    .addColumn('segment_index', 'integer', (c) => c.notNull().check(sql`segment_index between 0 and 2`))
    .addColumn('tus', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('expires_at', 'text', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('idx_uploads_expires_at').on('uploads').column('expires_at').execute();
  await db.schema.createIndex('idx_uploads_challenge_id').on('uploads').column('challenge_id').execute();
  await db.schema.createIndex('idx_uploads_user_id').on('uploads').column('user_id').execute();

  await table(db, 'blob_refs')
    .addColumn('owner', 'text', (c) => c.primaryKey().notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('idx_blob_refs_hash').on('blob_refs').column('hash').execute();
}

async function eventsAndJobs(db: Kysely<unknown>): Promise<void> {
  await table(db, 'events')
    // `autoincrement`: an id never comes back after the newest rows were trimmed, so `Last-Event-ID` stays true.
    .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement().notNull())
    .addColumn('challenge_id', 'text', (c) => c.notNull())
    .addColumn('audience', 'text', (c) => c.notNull())
    .addColumn('data', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('idx_events_challenge_id').on('events').columns(['challenge_id', 'id']).execute();
  await db.schema.createIndex('idx_events_created_at').on('events').column('created_at').execute();

  await table(db, 'jobs')
    .addColumn('id', 'text', (c) => c.primaryKey().notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('payload', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('dedupe_key', 'text', (c) => c.unique())
    .addColumn('priority', 'integer', (c) => c.notNull())
    .addColumn('run_at', 'text', (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('claims', 'integer', (c) => c.notNull())
    .addColumn('max_attempts', 'integer', (c) => c.notNull())
    .addColumn('worker', 'text')
    .addColumn('fence', 'integer', (c) => c.notNull())
    .addColumn('lease_until', 'text')
    .addColumn('progress', 'integer', (c) => c.notNull())
    .addColumn('last_error', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('idx_jobs_status').on('jobs').columns(['status', 'priority desc', 'run_at']).execute();

  await table(db, 'idempotency_keys')
    .addColumn('user_id', 'text', (c) => c.notNull())
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('endpoint', 'text', (c) => c.notNull())
    .addColumn('request_hash', 'text', (c) => c.notNull())
    .addColumn('status', 'integer')
    .addColumn('body', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('pk_idempotency_keys', ['user_id', 'key'])
    .execute();
  await db.schema.createIndex('idx_idempotency_keys_created_at').on('idempotency_keys').column('created_at').execute();
}

function table<T extends string>(db: Kysely<unknown>, name: T): CreateTableBuilder<T> {
  return db.schema.createTable(name).modifyEnd(sql`strict`);
}
