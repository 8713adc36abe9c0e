import { createApi } from './api/create-api.ts';
import { createSession } from './api/session.ts';
import { baseUrl } from './base-url.ts';
import { withLock } from './tokens/lock.ts';
import { tokenStore } from './tokens/token-store';

const boundFetch: typeof fetch = (input, init) => fetch(input, init);

/** The tokens of whoever plays on this device. */
export const session = createSession({ baseUrl, fetch: boundFetch, store: tokenStore, lock: withLock, now: Date.now });

/** The server, typed by the contract: `api.challenge({ params: { id } })`. */
export const api = createApi({ baseUrl, fetch: boundFetch, session });
