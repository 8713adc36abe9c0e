/** A guest without scripts: their session is found by the refresh token that a cookie keeps, which is looked at and not spent. */
import { Problem } from '@2t1l/contract/problems';
import type { Tokens } from '@2t1l/contract/schemas';
import type { Db, Ports } from '../ports.ts';
import { transact } from '../store/transact.ts';
import { giveTokens, refreshTokenHash, type TokenPorts } from './open-session.ts';

export interface KeptGuest {
  id: string;
  username: string;
  session_id: string;
}

/** The guest whose token this is; null where it was spent, has expired or its session is over, and for every other player. */
export async function findKeptGuest(refreshToken: string, { db, clock }: { db: Db } & Pick<Ports, 'clock'>): Promise<KeptGuest | null> {
  const row = await db
    .selectFrom('refresh_tokens')
    .innerJoin('sessions', 'sessions.id', 'refresh_tokens.session_id')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select(['users.id', 'users.username', 'sessions.id as session_id'])
    .where('refresh_tokens.token_hash', '=', refreshTokenHash(refreshToken))
    .where('refresh_tokens.spent_at', 'is', null)
    .where('refresh_tokens.expires_at', '>', new Date(clock.now()).toISOString())
    .where('sessions.ended_at', 'is', null)
    .where('users.role', '=', 'guest')
    .executeTakeFirst();
  return row ?? null;
}

/**
 * Tokens of the same session for a script that takes over. The cookie's own stays good until it expires or the guest makes an account:
 * where this answer is lost, the next try finds it. Throws `session_ended`.
 */
export async function takeOverGuest(refreshToken: string, ports: TokenPorts): Promise<Tokens> {
  const guest = await findKeptGuest(refreshToken, ports);
  if (guest === null) {
    throw new Problem('session_ended');
  }
  return transact(ports.db, (tx) => giveTokens(tx, { ...guest, role: 'guest' }, guest.session_id, ports));
}
