/** Lists of challenges, by keyset: the cost of a page does not grow with the table. */
import type { FeedFilter } from '@2t1l/contract/schemas';
import type { ChallengeFacts } from '@2t1l/game/view';
import { sql } from 'kysely';
import type { Db, Keys, Ports, Tx } from '../ports.ts';
import { openCursor, sealCursor } from './cursor.ts';
import { type AuthoredRow, foreignFacts, loadOwnFacts, selectAuthored } from './facts.ts';
import { prepared } from './prepared.ts';
import { guessedAmong } from './responses.ts';

export interface PageOf<T> {
  items: T[];
  next_cursor: string | null;
}

export interface PageAsk {
  limit: number;
  cursor?: string | undefined;
}

/** What is published within this time is new. */
const NEW_MS = 7 * 24 * 60 * 60 * 1000;
/** Rows read for a page at most. A player who has guessed that many in a row gets a shorter page and a cursor to go on from. */
const SCAN_MAX = 1000;
/** More than a page at once, so that a few guessed ones do not cost a second query. */
const SPARE = 10;

/** Public challenges, newest first, without the player's own and those they have guessed. */
export async function feedPage(
  playerId: string | null,
  ask: PageAsk & { filter: FeedFilter },
  { db, keys, clock }: Pick<Ports, 'db' | 'keys' | 'clock'>,
): Promise<PageOf<ChallengeFacts>> {
  const since = ask.filter === 'new' ? new Date(clock.now() - NEW_MS).toISOString() : '';
  const items: AuthoredRow[] = [];
  let after = ask.cursor === undefined ? null : feedKey(openCursor('feed', ask.cursor, 2, keys));
  const step = ask.limit + SPARE;
  for (let scanned = 0; scanned < SCAN_MAX; scanned += step) {
    const rows = await publishedAfter(db, { after, limit: step, since, isUnguessed: ask.filter === 'unguessed' });
    const guessed = playerId === null ? new Set() : await guessedAmong(db, playerId, ids(rows));
    for (const row of rows) {
      if (items.length === ask.limit) {
        return { items: items.map(foreignFacts), next_cursor: seal(after, keys) };
      }
      if (row.user_id !== playerId && !guessed.has(row.id)) {
        items.push(row);
      }
      after = { published_at: row.published_at ?? '', id: row.id };
    }
    if (rows.length < step) {
      return { items: items.map(foreignFacts), next_cursor: null };
    }
  }
  return { items: items.map(foreignFacts), next_cursor: seal(after, keys) };
}

/** A player's own challenges in every state but `removed`, newest first. */
export async function ownPage(db: Db, playerId: string, ask: PageAsk, keys: Keys): Promise<PageOf<ChallengeFacts>> {
  const [before] = ask.cursor === undefined ? [] : openCursor('mine', ask.cursor, 1, keys);
  const rows = await selectAuthored(db)
    .where('challenges.user_id', '=', playerId)
    .where('challenges.status', '!=', 'removed')
    .$if(before !== undefined, (query) => query.where('challenges.id', '<', before ?? ''))
    .orderBy('challenges.id', 'desc')
    .limit(ask.limit + 1)
    .execute();
  const items = rows.slice(0, ask.limit);
  const last = items.at(-1);
  const more = rows.length > ask.limit && last !== undefined;
  return { items: await loadOwnFacts(db, items), next_cursor: more ? sealCursor('mine', [last.id], keys) : null };
}

/** How many public challenges since `since` the player can still guess, up to `most`; of the newest ones, so that a busy week costs no more. */
export async function newForPlayer(db: Db | Tx, playerId: string, since: string, most: number): Promise<number> {
  const rows = await publishedAfter(db, { after: null, limit: 2 * most, since, isUnguessed: false });
  const news = rows.filter((row) => row.user_id !== playerId);
  const guessed = await guessedAmong(db, playerId, ids(news));
  return Math.min(most, news.filter((row) => !guessed.has(row.id)).length);
}

type FeedKey = { published_at: string; id: string };

interface Wanted {
  after: FeedKey | null;
  limit: number;
  /** Published then or later; empty: whenever. */
  since: string;
  isUnguessed: boolean;
}

const publishedPages = new Map<string, ReturnType<typeof preparePages>>();

function preparePages({ limit, isUnguessed }: Wanted) {
  return {
    first: prepared((db, { since }: { since: string }) => selectPublished(db, limit, isUnguessed).where('published_at', '>=', since)),
    later: prepared((db, { since, published_at, id }: FeedKey & { since: string }) =>
      selectPublished(db, limit, isUnguessed)
        .where('published_at', '>=', since)
        .where((eb) => eb(eb.refTuple('challenges.published_at', 'challenges.id'), '<', eb.tuple(published_at, id))),
    ),
  };
}

function publishedAfter(db: Db | Tx, wanted: Wanted): Promise<AuthoredRow[]> {
  const { after, limit, since, isUnguessed } = wanted;
  const shape = `${limit} ${isUnguessed}`;
  const pages = publishedPages.get(shape) ?? preparePages(wanted);
  publishedPages.set(shape, pages);
  return after === null ? pages.first(db, { since }) : pages.later(db, { ...after, since });
}

/** What a player has published for everybody, newest first. */
export async function authorPage(db: Db, authorId: string, ask: PageAsk, keys: Keys): Promise<PageOf<ChallengeFacts>> {
  const after = ask.cursor === undefined ? null : feedKey(openCursor('player', ask.cursor, 2, keys));
  const rows = await selectPublished(db, ask.limit + 1, false)
    .where('challenges.user_id', '=', authorId)
    .$if(after !== null, (query) =>
      query.where((eb) =>
        eb(eb.refTuple('challenges.published_at', 'challenges.id'), '<', eb.tuple(after?.published_at ?? '', after?.id ?? '')),
      ),
    )
    .execute();
  const items = rows.slice(0, ask.limit);
  const last = items.at(-1);
  const more = rows.length > ask.limit && last !== undefined;
  return { items: items.map(foreignFacts), next_cursor: more ? sealCursor('player', [last.published_at ?? '', last.id], keys) : null };
}

/**
 * The conditions stand in the text of the query, as SQLite takes a partial index only then; so does the limit, as SQLite prepares
 * a statement anew for each value of it.
 */
function selectPublished(db: Db | Tx, limit: number, isUnguessed: boolean) {
  return selectAuthored(db)
    .where('challenges.status', '=', sql.lit('published'))
    .where('challenges.audience', '=', sql.lit('public'))
    .$if(isUnguessed, (query) => query.where('challenges.guess_count', '=', sql.lit(0)))
    .orderBy('challenges.published_at', 'desc')
    .orderBy('challenges.id', 'desc')
    .limit(sql.lit(limit));
}

function feedKey([published_at = '', id = '']: string[]): FeedKey {
  return { published_at, id };
}

function seal(key: FeedKey | null, keys: Keys): string | null {
  return key === null ? null : sealCursor('feed', [key.published_at, key.id], keys);
}

function ids(rows: readonly AuthoredRow[]): string[] {
  return rows.map((row) => row.id);
}
