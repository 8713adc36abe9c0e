import type { Tokens } from '@2t1l/contract/schemas';
import type { Api } from './api.ts';

export interface Player {
  id: string;
  username: string;
  email: string | null;
  password: string | null;
  tokens: Tokens;
  api: Api;
}

export const PASSWORD = 'testpassword';
/** Old enough and willing: may publish. */
export const WILLING = { terms: true, birth_year: 1990 } as const;

let made = 0;

/** A new account that may publish, unless `fields` say otherwise. */
export async function registerPlayer(
  api: Api,
  fields: { name?: string; terms?: boolean; birth_year?: number; tells?: boolean } = {},
): Promise<Player> {
  const { name, ...consents } = fields;
  made += 1;
  const username = name ?? `player-${made}-${process.pid}`;
  const email = `${username}@example.com`;
  const body = { ...WILLING, ...consents, email, username, password: PASSWORD };
  const tokens = await api.as(null).call('register', { body });
  return playerOf(api, tokens, email, PASSWORD);
}

export async function guestPlayer(api: Api): Promise<Player> {
  return playerOf(api, await api.as(null).call('guest'), null, null);
}

function playerOf(api: Api, tokens: Tokens, email: string | null, password: string | null): Player {
  const { id, username } = tokens.player;
  return { id, username, email, password, tokens, api: api.as(tokens.access_token) };
}
