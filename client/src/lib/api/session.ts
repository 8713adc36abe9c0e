import { Problem } from '@2t1l/contract/problems';
import type { Tokens } from '@2t1l/contract/schemas';
import type { TokenStore } from '../tokens/token-store.types.ts';
import { codeOf, NetworkError, problemFrom, UnknownProblem } from './problem.ts';
import { API_PREFIX, ROUTES } from './routes.ts';

/** Refresh a little before the server would refuse. */
const EARLY_MS = 30_000;
const TIMEOUT_MS = 30_000;

export type Player = Tokens['player'];

/** What is kept of the tokens between two starts. */
export interface StoredSession {
  access_token: string;
  refresh_token: string;
  /** By this device's clock. */
  expires_at_ms: number;
  player: Player;
}

export interface Session {
  /** The access token, fresh; null without an account. */
  accessToken(): Promise<string | null>;
  /** A token other than `spent`, got once for all that wait, in this tab and the others. */
  refresh(spent: string): Promise<string>;
  player(): Promise<Player | null>;
  keep(tokens: Tokens): Promise<void>;
  forget(): Promise<void>;
  /** Runs `work` while no other tab runs it. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /** Reads again who plays, and tells: the storage is another one now. */
  reread(): Promise<void>;
  /** Tells of every change of player; null when the session has ended. Answers how to stop. */
  onPlayer(listener: (player: Player | null) => void): () => void;
}

export interface SessionPorts {
  baseUrl: () => string;
  fetch: typeof fetch;
  store: TokenStore;
  /** One holder of a name at a time, across tabs where there are tabs. */
  lock: <T>(name: string, work: () => Promise<T>) => Promise<T>;
  now: () => number;
}

/** Codes after which the refresh token is worth nothing. */
const OVER: readonly string[] = ['refresh_invalid', 'refresh_reused', 'session_ended'];

/** Holds the tokens. A refresh token is single-use and its reuse ends the session, so only one refresh may ever be on its way. */
export function createSession(ports: SessionPorts): Session {
  const listeners = new Set<(player: Player | null) => void>();
  let waiting: Promise<string> | null = null;

  const read = async (): Promise<StoredSession | null> => parse(await ports.store.read());
  const tell = (player: Player | null) => {
    for (const listener of listeners) {
      listener(player);
    }
  };
  const keep = async (tokens: Tokens) => {
    const kept: StoredSession = {
      access_token: tokens.access_token,
      refresh_token: tokens.refresh_token,
      expires_at_ms: ports.now() + tokens.expires_in * 1000,
      player: tokens.player,
    };
    await ports.store.write(JSON.stringify(kept));
    tell(kept.player);
  };
  const forget = async () => {
    await ports.store.clear();
    tell(null);
  };

  const spend = async (spent: string): Promise<string> => {
    // Read again inside the lock: another tab may have refreshed while this one waited.
    const kept = await read();
    if (!kept) {
      throw new Problem('session_ended');
    }
    if (kept.access_token !== spent) {
      return kept.access_token;
    }
    try {
      const tokens = await askForTokens(ports, kept.refresh_token);
      await keep(tokens);
      return tokens.access_token;
    } catch (error) {
      if (OVER.includes(codeOf(error))) {
        await forget();
        throw new Problem('session_ended', { cause: error });
      }
      throw error;
    }
  };

  const refresh = (spent: string): Promise<string> => {
    waiting ??= ports
      .lock('2t1l-refresh', () => spend(spent))
      .finally(() => {
        waiting = null;
      });
    return waiting;
  };

  const reread = async () => tell((await read())?.player ?? null);
  ports.store.onOutsideChange(() => void reread());

  return {
    accessToken: async () => {
      const kept = await read();
      if (!kept) {
        return null;
      }
      return kept.expires_at_ms - EARLY_MS > ports.now() ? kept.access_token : refresh(kept.access_token);
    },
    refresh,
    player: async () => (await read())?.player ?? null,
    keep,
    forget,
    reread,
    exclusively: (work) => ports.lock('2t1l-account', work),
    onPlayer: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

async function askForTokens(ports: SessionPorts, refreshToken: string): Promise<Tokens> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), TIMEOUT_MS);
  try {
    const response = await ports.fetch(`${ports.baseUrl()}${API_PREFIX}${ROUTES.refresh.path}`, {
      method: ROUTES.refresh.method,
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify({ refresh_token: refreshToken }),
      signal: controller.signal,
    });
    if (!response.ok) {
      throw await problemFrom(response);
    }
    return (await response.json()) as Tokens;
  } catch (error) {
    throw error instanceof Problem || error instanceof UnknownProblem
      ? error
      : new NetworkError(controller.signal.aborted ? 'timeout' : 'offline', error);
  } finally {
    clearTimeout(timer);
  }
}

function parse(text: string | null): StoredSession | null {
  try {
    return text ? (JSON.parse(text) as StoredSession) : null;
  } catch {
    return null;
  }
}
