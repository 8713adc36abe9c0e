import Constants from 'expo-constants';
import { createApi, type ServerNews } from './api/create-api.ts';
import { createSession } from './api/session.ts';
import { baseUrl } from './base-url.ts';
import { hearServerDate } from './server-clock.ts';
import { withLock } from './tokens/lock.ts';
import { tokenStore } from './tokens/token-store';

const boundFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  hearServerDate(response.headers.get('Date'));
  return response;
};

const listeners = new Set<(news: ServerNews) => void>();

/** Calls `listener` with what each call tells of the server. */
export function onServerNews(listener: (news: ServerNews) => void): void {
  listeners.add(listener);
}

/** The tokens of whoever plays on this device. */
export const session = createSession({ baseUrl, fetch: boundFetch, store: tokenStore, lock: withLock, now: Date.now });

/** The server, typed by the contract: `api.challenge({ params: { id } })`. */
export const api = createApi({
  baseUrl,
  fetch: boundFetch,
  session,
  version: Constants.expoConfig?.version ?? '0.0.0',
  onNews: (news) => {
    for (const listener of listeners) {
      listener(news);
    }
  },
});
