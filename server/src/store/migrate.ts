/** Brings a database to the state that this program expects. */
import { type Migration, Migrator } from 'kysely/migration';
import type { Db } from '../ports.ts';
import * as first from './migrations/0001-first.ts';
import * as shares from './migrations/0002-shares.ts';
import * as tells from './migrations/0005-tells.ts';
import * as slimVideos from './migrations/0006-slim-videos.ts';
import * as idleGuests from './migrations/0007-idle-guests.ts';
import * as transitions from './migrations/0008-transitions.ts';
import * as guessKey from './migrations/0009-guess-key.ts';
import * as playStats from './migrations/0010-play-stats.ts';
import * as clipsWithoutModel from './migrations/0011-clips-without-model.ts';
import * as pushTokens from './migrations/0012-push-tokens.ts';
import * as earlierClips from './migrations/0013-earlier-clips.ts';

/** In this order, for ever: a released migration is never changed, a new one comes after it. */
const MIGRATIONS: Record<string, Migration> = {
  '0001-first': first,
  '0002-shares': shares,
  '0005-tells': tells,
  '0006-slim-videos': slimVideos,
  '0007-idle-guests': idleGuests,
  '0008-transitions': transitions,
  '0009-guess-key': guessKey,
  '0010-play-stats': playStats,
  '0011-clips-without-model': clipsWithoutModel,
  '0012-push-tokens': pushTokens,
  '0013-earlier-clips': earlierClips,
};

/**
 * Runs what has not run yet, in one transaction: two processes that start at once do it once. Throws where the database was
 * written by a later version of this program.
 */
export async function migrate(db: Db): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
  const { error } = await migrator.migrateToLatest();
  if (error instanceof Error && error.message.startsWith('corrupted migrations')) {
    throw new Error('The database was written by another version of this program; start that version, or restore a copy', { cause: error });
  }
  if (error !== undefined) {
    throw error;
  }
}
