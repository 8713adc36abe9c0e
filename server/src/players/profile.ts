/** A player as everybody may see them. */

import type { PlayerPage } from '@2t1l/contract/players';
import { Problem } from '@2t1l/contract/problems';
import { viewFor } from '@2t1l/game/view';
import type { Ports } from '../ports.ts';
import { authorPage, type PageAsk } from '../store/feed.ts';
import { presentPublic } from '../store/present.ts';
import { guessedAmong } from '../store/responses.ts';
import { usernameKey } from './names.ts';

/** Throws `player_not_found`, and `invalid_request` for a cursor that is not of this list. */
export async function readPlayer(
  username: string,
  ask: PageAsk & { viewer_id: string | null },
  ports: Pick<Ports, 'db' | 'blobs' | 'keys'>,
): Promise<PlayerPage> {
  const player = await ports.db
    .selectFrom('users')
    .select(['id', 'username', 'role', 'created_at', 'published_count', 'guess_count'])
    .where('username_key', '=', usernameKey(username))
    .executeTakeFirst();
  if (player === undefined) {
    throw new Problem('player_not_found');
  }
  const { items, next_cursor } = await authorPage(ports.db, player.id, ask, ports.keys);
  const { viewer_id } = ask;
  const ids = items.map(({ id }) => id);
  const guessed = viewer_id === null ? new Set<string>() : await guessedAmong(ports.db, viewer_id, ids);
  // Shown to its author as to everybody else.
  const views = items.map((facts) => viewFor(facts, { player_id: null, has_guessed: guessed.has(facts.id) }));
  return {
    id: player.id,
    username: player.username,
    is_house: player.role === 'house',
    created_at: player.created_at,
    published: player.published_count,
    guesses: player.guess_count,
    challenges: { items: views.filter((view) => view !== null).map((view) => presentPublic(view, ports)), next_cursor },
  };
}
