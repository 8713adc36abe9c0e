/** Sessions and their tokens: an access token of minutes and a refresh token that is spent by its first use. */
import { createHash } from 'node:crypto';
import type { Tokens } from '@2t1l/contract/schemas';
import type { Ports, Tx } from '../ports.ts';
import type { UserRow } from '../store/tables.ts';
import type { AccessTokens } from './access-tokens.ts';

/** What the stories about accounts ask for. */
export type PlayerPorts = Pick<Ports, 'db' | 'cache' | 'limits' | 'clock' | 'ids' | 'chance' | 'passwords' | 'log'>;
export interface TokenPorts extends PlayerPorts {
  tokens: AccessTokens;
  /** A session that is not refreshed for so long is over. */
  session_days: number;
}

export const DAY_MS = 24 * 60 * 60 * 1000;
const USER_AGENT_MAX = 200;

export type TokenUser = Pick<UserRow, 'id' | 'username' | 'role'>;

/** Begins a session of `user` in `tx`. */
export async function openSession(tx: Tx, user: TokenUser, userAgent: string | null, ports: TokenPorts): Promise<Tokens> {
  const now = new Date(ports.clock.now()).toISOString();
  const session_id = ports.ids.next();
  await tx
    .insertInto('sessions')
    .values({
      id: session_id,
      user_id: user.id,
      user_agent: userAgent === null ? null : userAgent.slice(0, USER_AGENT_MAX),
      created_at: now,
      last_used_at: now,
      ended_at: null,
    })
    .execute();
  return giveTokens(tx, user, session_id, ports);
}

/** New tokens for a session that lives. */
export async function giveTokens(tx: Tx, user: TokenUser, sessionId: string, ports: TokenPorts): Promise<Tokens> {
  const now = ports.clock.now();
  const refresh_token = `rt_${Buffer.from(ports.chance.bytes(32)).toString('base64url')}`;
  await tx
    .insertInto('refresh_tokens')
    .values({
      token_hash: refreshTokenHash(refresh_token),
      session_id: sessionId,
      created_at: new Date(now).toISOString(),
      expires_at: new Date(now + ports.session_days * DAY_MS).toISOString(),
      spent_at: null,
    })
    .execute();
  return {
    ...ports.tokens.sign({ id: user.id, session_id: sessionId, role: user.role }),
    token_type: 'bearer',
    refresh_token,
    player: { id: user.id, username: user.username, is_guest: user.role === 'guest' },
  };
}

/** All that is stored of a refresh token: 256 random bits need no salt. */
export function refreshTokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
