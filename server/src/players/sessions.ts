/** Sessions: refreshed by a token that is spent by its use, listed, ended. */

import type { Answer } from '@2t1l/contract/endpoints';
import { Problem } from '@2t1l/contract/problems';
import type { Tokens } from '@2t1l/contract/schemas';
import type { Db, Ports, Tx } from '../ports.ts';
import { openCursor, sealCursor } from '../store/cursor.ts';
import { transact } from '../store/transact.ts';
import type { Player } from './access-tokens.ts';
import { DAY_MS, giveTokens, type PlayerPorts, refreshTokenHash, type TokenPorts } from './open-session.ts';
import { endSessions } from './session-state.ts';

/** New tokens for a refresh token. Throws `refresh_invalid`; `refresh_reused` after it has ended the session of a token spent before. */
export async function refresh(refreshToken: string, ports: TokenPorts): Promise<Tokens> {
  const token_hash = refreshTokenHash(refreshToken);
  const now = new Date(ports.clock.now()).toISOString();
  const outcome = await transact(ports.db, async (tx) => {
    const token = await readToken(tx, token_hash);
    if (token === undefined) {
      return 'refresh_invalid';
    }
    if (token.spent_at !== null) {
      await endSessions(tx, [token.session_id], ports);
      return 'refresh_reused';
    }
    if (token.ended_at !== null || token.expires_at <= now) {
      return 'refresh_invalid';
    }
    const spent = await tx
      .updateTable('refresh_tokens')
      .set({ spent_at: now })
      .where('token_hash', '=', token_hash)
      .where('spent_at', 'is', null)
      .executeTakeFirst();
    if (spent.numUpdatedRows !== 1n) {
      await endSessions(tx, [token.session_id], ports);
      return 'refresh_reused';
    }
    await tx.updateTable('sessions').set({ last_used_at: now }).where('id', '=', token.session_id).execute();
    return giveTokens(tx, { id: token.user_id, username: token.username, role: token.role }, token.session_id, ports);
  });
  // Thrown out here: the end of a reused token's session must be committed.
  if (typeof outcome === 'string') {
    throw new Problem(outcome);
  }
  return outcome;
}

/** A page of the sessions that live, newest first. Throws `invalid_request` for a cursor that is not of this list. */
export async function listSessions(
  player: Player,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
  { db, clock, keys, session_days }: Pick<TokenPorts, 'db' | 'clock' | 'session_days'> & Pick<Ports, 'keys'>,
): Promise<Answer<'sessions'>> {
  const [before] = cursor === undefined ? [] : openCursor('sessions', cursor, 1, keys);
  const rows = await db
    .selectFrom('sessions')
    .select(['id', 'created_at', 'last_used_at', 'user_agent'])
    .where('user_id', '=', player.id)
    .where('ended_at', 'is', null)
    .where('last_used_at', '>', new Date(clock.now() - session_days * DAY_MS).toISOString())
    .$if(before !== undefined, (query) => query.where('id', '<', before ?? ''))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  const items = rows.slice(0, limit).map((row) => ({ ...row, is_current: row.id === player.session_id }));
  const last = items.at(-1);
  return { items, next_cursor: rows.length > limit && last !== undefined ? sealCursor('sessions', [last.id], keys) : null };
}

/** Ends one session of the player. Throws `session_not_found` for one that has ended or is not theirs. */
export async function endSession(player: Player, sessionId: string, ports: PlayerPorts): Promise<void> {
  await transact(ports.db, async (tx) => {
    const row = await tx
      .selectFrom('sessions')
      .select('id')
      .where('id', '=', sessionId)
      .where('user_id', '=', player.id)
      .where('ended_at', 'is', null)
      .executeTakeFirst();
    if (row === undefined) {
      throw new Problem('session_not_found');
    }
    await endSessions(tx, [row.id], ports);
  });
}

/** Ends every session of the player but the one that asks. */
export async function endOtherSessions(player: Player, ports: PlayerPorts): Promise<void> {
  await transact(ports.db, async (tx) => {
    await endSessions(tx, await otherSessions(tx, player), ports);
  });
}

/** Ids of the player's live sessions but the one that asks. */
export async function otherSessions(db: Db, player: Player): Promise<string[]> {
  const rows = await db
    .selectFrom('sessions')
    .select('id')
    .where('user_id', '=', player.id)
    .where('ended_at', 'is', null)
    .where('id', '!=', player.session_id)
    .execute();
  return rows.map((row) => row.id);
}

function readToken(tx: Tx, tokenHash: string) {
  return tx
    .selectFrom('refresh_tokens')
    .innerJoin('sessions', 'sessions.id', 'refresh_tokens.session_id')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select([
      'refresh_tokens.session_id',
      'refresh_tokens.spent_at',
      'refresh_tokens.expires_at',
      'sessions.ended_at',
      'sessions.user_id',
      'users.username',
      'users.role',
    ])
    .where('refresh_tokens.token_hash', '=', tokenHash)
    .executeTakeFirst();
}
