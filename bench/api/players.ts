/** Accounts and guests of the measured server, made through its own API. */
import { API_PREFIX } from '@2t1l/contract/endpoints';

export interface TokenOf {
  player_id: string;
  token: string;
}

export const ACCOUNT = { email: 'bench@example.org', username: 'bench', password: 'a good long passphrase' };
const AT_ONCE = 20;

/** Makes the account that logs in. */
export async function registerAccount(origin: string): Promise<void> {
  await tokensFrom(`${origin}${API_PREFIX}/auth/register`, ACCOUNT);
}

/** Makes `count` guests. */
export async function makeGuests(origin: string, count: number): Promise<TokenOf[]> {
  const guests: TokenOf[] = [];
  const one = async () => {
    for (let left = count / AT_ONCE; left > 0; left--) {
      guests.push(await tokensFrom(`${origin}${API_PREFIX}/auth/guest`));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return guests;
}

async function tokensFrom(url: string, body?: object): Promise<TokenOf> {
  const json = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(url, { method: 'POST', ...json });
  if (response.status !== 201) {
    throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  }
  const { access_token, player } = (await response.json()) as { access_token: string; player: { id: string } };
  return { player_id: player.id, token: access_token };
}
