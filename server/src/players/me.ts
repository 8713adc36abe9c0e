/** What a player is told of themselves. */
import type { Me } from '@2t1l/contract/schemas';
import type { Db } from '../ports.ts';
import { consentsOf } from './consents.ts';

/** The only answer with an e-mail address, and only with the player's own. */
export async function readMe(db: Db, playerId: string): Promise<Me> {
  const row = await db
    .selectFrom('users')
    .select([
      'id',
      'username',
      'email',
      'role',
      'terms_accepted_at',
      'birth_year',
      'tells',
      'created_at',
      'published_count',
      'guess_count',
      'correct_count',
      'score_sum',
    ])
    .where('id', '=', playerId)
    .executeTakeFirstOrThrow();
  return {
    id: row.id,
    username: row.username,
    email: row.email,
    is_guest: row.role === 'guest',
    consents: consentsOf(row),
    created_at: row.created_at,
    stats: { published: row.published_count, guesses: row.guess_count, correct: row.correct_count, score: row.score_sum },
  };
}
