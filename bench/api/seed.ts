/** Fills the database of a stopped server with published challenges and guesses, by `insert ... select`. */
import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

export interface Seed {
  /** Published and public. */
  challenges: number;
  /** Ids of players that exist; each of them has guessed about ten of the newest 40 challenges. */
  readers: readonly string[];
}

const CHALLENGES_PER_AUTHOR = 20;
const GUESSES_PER_CHALLENGE = 3;
const MS_BETWEEN = 61_000;

/** Integers from 1 to `:count`. */
const NUMBERS = 'with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < :count)';
const HASH = 'lower(hex(randomblob(32)))';
const GUESS_DATA = `json_object('guess', pick, 'confidence', 0.75, 'distribution', json_array(0.75, 0.125, 0.125), 'hinted', json('false'),
  'response_seconds', null)`;

/** Writes the seed into the SQLite file at `path`. The order of the ids is that of the publishing, as with every UUIDv7. */
export function seedChallenges(path: string, { challenges, readers }: Seed): void {
  const db = new DatabaseSync(path);
  db.function('commitment_of', commitmentOf);
  // The file is a throw-away: no journal, no waiting for the disk, and room for all of it in memory.
  db.exec('pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -500000; pragma temp_store = memory; begin');
  const authors = Math.max(10, Math.ceil(challenges / CHALLENGES_PER_AUTHOR));
  const firstMs = Date.now() - challenges * MS_BETWEEN;
  insertAuthors(db, authors, firstMs);
  insertChallenges(db, challenges, authors, firstMs);
  insertAnswers(db);
  insertGuesses(db, authors, firstMs);
  insertReadersGuesses(db, readers);
  countGuesses(db);
  db.exec('commit; pragma journal_mode = wal');
  db.close();
}

/** Ids of the seeded challenges, newest first. */
export function challengeIds(path: string): string[] {
  const db = new DatabaseSync(path, { readOnly: true });
  const rows = db.prepare(`select id from challenges where status = 'published' order by published_at desc`).all();
  db.close();
  return rows.map((row) => String(row.id));
}

function insertAuthors(db: DatabaseSync, count: number, ms: number): void {
  db.prepare(
    `${NUMBERS} insert into users (id, email, email_key, username, username_key, password_hash, role, terms_accepted_at, birth_year, tells,
       published_count, created_at, updated_at)
     select ${uuid(':ms + n')}, 'author' || n || '@example.org', 'author' || n || '@example.org', 'Author' || n, 'author' || n, null, 'player',
       ${time(':ms')}, 1990, 0, ${CHALLENGES_PER_AUTHOR}, ${time(':ms')}, ${time(':ms')}
     from numbers`,
  ).run({ count, ms });
  // A number for each author, so that the inserts below can pick one.
  db.exec(`create temp table authors as
     select cast(substr(username_key, 7) as integer) as number, id from users where username_key glob 'author[0-9]*'`);
  db.exec('create unique index temp.authors_number on authors (number)');
}

function insertChallenges(db: DatabaseSync, count: number, authors: number, ms: number): void {
  db.prepare(
    `${NUMBERS} insert into challenges (id, user_id, title, prompt, story, statements, audience, status, video_segments, merged_video_url,
       poster_url, ai_analysis, commitment, guess_count, published_at, clips_until, created_at, updated_at)
     select ${uuid(`:ms + n * ${MS_BETWEEN}`)}, authors.id, 'Two truths and a lie, number ' || n, 'Something that happened abroad',
       'The second one is what happened to my brother; I only watched.',
       json_array('I once missed a train by ' || (n % 60) || ' seconds', 'I have swum with a seal', 'I cannot whistle'),
       'public', 'published',
       json_array(json_object('start_seconds', 0, 'end_seconds', 12.5), json_object('start_seconds', 12.5, 'end_seconds', 31.25),
         json_object('start_seconds', 31.25, 'end_seconds', 47)),
       'blob:' || ${HASH}, 'blob:' || ${HASH}, null, null, 0, ${time(`:ms + n * ${MS_BETWEEN}`)}, null, ${time(`:ms + n * ${MS_BETWEEN}`)},
       ${time(`:ms + n * ${MS_BETWEEN}`)}
     from numbers join temp.authors on authors.number = 1 + numbers.n % :authors`,
  ).run({ count, authors, ms });
}

function insertAnswers(db: DatabaseSync): void {
  db.exec(`insert into answers (challenge_id, lie_index, nonce) select id, abs(random()) % 3, ${HASH} from challenges`);
  db.exec(`update challenges set commitment =
     (select commitment_of(lie_index, nonce) from answers where answers.challenge_id = challenges.id)`);
}

/** Neighbours of the author among the authors have guessed; the pick goes round. */
function insertGuesses(db: DatabaseSync, authors: number, ms: number): void {
  db.prepare(
    `${NUMBERS} insert into challenge_responses (id, challenge_id, user_id, guess_data, score, created_at)
     select ${uuid(`:ms + place * ${MS_BETWEEN}`)}, challenge_id, user_id, ${GUESS_DATA}, case pick when lie_index then 86 else -111 end,
       published_at from (
       select challenges.id as challenge_id, challenges.rowid as place, guesser.id as user_id, challenges.published_at, answers.lie_index,
         (challenges.rowid + numbers.n) % 3 as pick
       from challenges join answers on answers.challenge_id = challenges.id join temp.authors own on own.id = challenges.user_id
       join numbers join temp.authors guesser on guesser.number = 1 + (own.number + numbers.n) % :authors)`,
  ).run({ count: GUESSES_PER_CHALLENGE, authors, ms });
}

function insertReadersGuesses(db: DatabaseSync, readers: readonly string[]): void {
  db.exec('create temp table readers (id text primary key)');
  const insert = db.prepare('insert into temp.readers values (?)');
  for (const id of readers) {
    insert.run(id);
  }
  db.exec(
    `insert into challenge_responses (id, challenge_id, user_id, guess_data, score, created_at)
     select ${uuid('0')}, challenge_id, user_id, ${GUESS_DATA}, case pick when lie_index then 86 else -111 end, published_at from (
       select newest.id as challenge_id, readers.id as user_id, newest.published_at, answers.lie_index, abs(random()) % 3 as pick
       from (select id, published_at from challenges order by published_at desc limit 40) newest
       join answers on answers.challenge_id = newest.id join temp.readers where abs(random()) % 4 = 0)`,
  );
}

function countGuesses(db: DatabaseSync): void {
  db.exec(`create temp table tallies as
     select challenge_id, count(*) as guesses, sum(guess_data ->> 'guess' = 0) as p0, sum(guess_data ->> 'guess' = 1) as p1,
       sum(guess_data ->> 'guess' = 2) as p2 from challenge_responses group by challenge_id`);
  db.exec('create unique index temp.tallies_id on tallies (challenge_id)');
  db.exec('update challenges set guess_count = t.guesses from temp.tallies t where t.challenge_id = challenges.id');
  db.exec(
    'update answers set picks_0 = t.p0, picks_1 = t.p1, picks_2 = t.p2 from temp.tallies t where t.challenge_id = answers.challenge_id',
  );
}

/** A UUIDv7 of the milliseconds that `ms` gives (RFC 9562, 5.7), as an SQL expression. */
function uuid(ms: string): string {
  return `printf('%08x-%04x-7%03x-%04x-%012x', (${ms}) >> 16, (${ms}) & 0xffff, abs(random()) & 0xfff, 0x8000 | (abs(random()) & 0x3fff),
    abs(random()) & 0xffffffffffff)`;
}

function time(ms: string): string {
  return `strftime('%Y-%m-%dT%H:%M:%fZ', (${ms}) / 1000.0, 'unixepoch')`;
}

function commitmentOf(lie: unknown, nonce: unknown): string {
  return createHash('sha256')
    .update(Buffer.from(String(nonce), 'hex'))
    .update(Buffer.from([Number(lie)]))
    .digest('hex');
}
