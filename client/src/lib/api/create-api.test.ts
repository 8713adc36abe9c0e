import { Problem } from '@2t1l/contract/problems';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { withLock } from '../tokens/lock.ts';
import type { TokenStore } from '../tokens/token-store.types.ts';
import { createApi, type ServerNews } from './create-api.ts';
import { NetworkError } from './problem.ts';
import { createSession, type StoredSession } from './session.ts';

const HOUR = 3_600_000;
const player = { id: '018f0000-0000-7000-8000-000000000001', username: 'maya', is_guest: false };

/** A server that takes one access token, and each refresh token once. */
class FakeServer {
  valid = 'access-2';
  refreshes: string[] = [];
  calls: { path: string; token: string | null }[] = [];

  fetch = jest.fn(async (input: unknown, init?: RequestInit) => {
    const path = String(input).replace('/api/v1', '');
    const token = (init?.headers as Record<string, string> | undefined)?.Authorization?.replace('Bearer ', '') ?? null;
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (path === '/auth/refresh') {
      return this.refresh(JSON.parse(String(init?.body)).refresh_token as string);
    }
    this.calls.push({ path, token });
    return token === this.valid ? answer(200, { items: [], next_cursor: null }) : problem(401, 'token_expired');
  });

  private refresh(spent: string): Response {
    if (this.refreshes.includes(spent)) {
      return problem(401, 'refresh_reused');
    }
    this.refreshes.push(spent);
    return answer(200, { access_token: this.valid, token_type: 'bearer', expires_in: 1800, refresh_token: `${spent}+`, player });
  }
}

function answer(status: number, body: unknown): Response {
  return { ok: status < 400, status, headers: new Map(), json: async () => body } as unknown as Response;
}
function problem(status: number, code: string): Response {
  return answer(status, { type: `urn:2t1l:problem:${code}`, title: code, status, code });
}

class MemoryStore implements TokenStore {
  text: string | null = null;
  read = async () => this.text;
  write = async (text: string) => {
    this.text = text;
  };
  clear = async () => {
    this.text = null;
  };
  onOutsideChange = () => {};
}

let server: FakeServer;
let store: MemoryStore;
let now: number;
let news: ServerNews[];

/** One tab: its own session and client over the shared store. */
function tab() {
  const fetch = server.fetch as unknown as typeof globalThis.fetch;
  const session = createSession({ baseUrl: () => '', fetch, store, lock: withLock, now: () => now });
  return { session, api: createApi({ baseUrl: () => '', fetch, session, version: '1.2.3', onNews: (word) => news.push(word) }) };
}

beforeEach(() => {
  server = new FakeServer();
  store = new MemoryStore();
  now = 1_000_000;
  news = [];
  const kept: StoredSession = { access_token: 'access-1', refresh_token: 'refresh-1', expires_at_ms: now + HOUR, player };
  store.text = JSON.stringify(kept);
});

describe('an expired token', () => {
  it('is refreshed once for all calls that wait', async () => {
    const { api } = tab();
    await Promise.all([api.feed(), api.myChallenges(), api.sessions(), api.feed()]);
    expect(server.refreshes).toEqual(['refresh-1']);
    expect(server.calls.filter((call) => call.token === 'access-2')).toHaveLength(4);
  });

  it('is refreshed once for two tabs', async () => {
    const [one, two] = [tab(), tab()];
    await Promise.all([one.api.feed(), two.api.feed(), two.api.me()]);
    expect(server.refreshes).toEqual(['refresh-1']);
  });

  it('is refreshed ahead of time where the clock knows it', async () => {
    now += HOUR;
    await tab().api.feed();
    expect(server.calls).toEqual([{ path: '/challenges', token: 'access-2' }]);
  });

  it('that stays refused is not asked for again and again', async () => {
    server.valid = 'access-1000';
    const { api } = tab();
    server.fetch.mockImplementation(async (input) =>
      String(input).endsWith('/auth/refresh')
        ? answer(200, { access_token: 'x', token_type: 'bearer', expires_in: 1800, refresh_token: 'y', player })
        : problem(401, 'token_expired'),
    );
    await expect(api.feed()).rejects.toMatchObject({ code: 'token_expired' });
    expect(server.fetch).toHaveBeenCalledTimes(3);
  });
});

describe('a spent refresh token', () => {
  it('ends the session and says so', async () => {
    server.refreshes.push('refresh-1');
    const { api, session } = tab();
    const heard: unknown[] = [];
    session.onPlayer((who) => heard.push(who));
    await expect(api.me()).rejects.toMatchObject({ code: 'session_ended' });
    expect(store.text).toBeNull();
    expect(heard).toEqual([null]);
  });
});

describe('a session that was ended elsewhere', () => {
  it('is forgotten at the first call, not when its token expires', async () => {
    server.fetch.mockImplementation(async (input) =>
      problem(401, String(input).endsWith('/auth/refresh') ? 'refresh_invalid' : 'session_ended'),
    );
    const { api, session } = tab();
    const heard: unknown[] = [];
    session.onPlayer((who) => heard.push(who));
    await expect(api.me()).rejects.toMatchObject({ code: 'session_ended' });
    expect(store.text).toBeNull();
    expect(heard).toEqual([null]);
  });

  it('leaves the one alone that another tab has begun since', async () => {
    const { api } = tab();
    server.fetch.mockImplementationOnce(async () => {
      store.text = JSON.stringify({ access_token: 'access-2', refresh_token: 'refresh-2', expires_at_ms: now + HOUR, player });
      return problem(401, 'session_ended');
    });
    await expect(api.feed()).resolves.toBeDefined();
    expect(server.refreshes).toEqual([]);
  });
});

describe('a call', () => {
  it('fills its path and query', async () => {
    server.valid = 'access-1';
    const { api } = tab();
    await api.challenge({ params: { id: 'a b' } });
    await api.feed({ query: { limit: 2, cursor: 'x/y' } });
    expect(server.calls.map((call) => call.path)).toEqual(['/challenges/a%20b', '/challenges?limit=2&cursor=x%2Fy']);
  });

  it('throws the problem of the server', async () => {
    server.fetch.mockImplementation(async () => problem(409, 'already_guessed'));
    const failing = tab().api.guess({ params: { id: player.id }, body: { guess: 1 } });
    await expect(failing).rejects.toBeInstanceOf(Problem);
    await expect(failing).rejects.toMatchObject({ code: 'already_guessed' });
  });

  it('says which version of the app asks, and hears that it is too old', async () => {
    server.fetch.mockImplementation(async () => problem(426, 'update_required'));
    await expect(tab().api.login({ body: { email: 'a@b.de', password: 'x' } })).rejects.toMatchObject({ code: 'update_required' });
    expect(server.fetch.mock.calls[0]?.[1]?.headers).toMatchObject({ 'X-Client-Version': '1.2.3' });
    expect(news).toEqual(['update_required']);
  });

  it.each([
    // what a newer server answers, what this app takes it for
    [409, 'gone_swimming', 'unknown'],
    [403, 'wrong_hat', 'unknown'],
    [426, 'newer_still', 'update_required'],
    [503, 'tea_break', 'busy'],
    [500, 'new_bug', 'internal'],
    [404, 'moved_out', 'not_found'],
  ])('takes %d %s for %s', async (status, code, taken) => {
    server.fetch.mockImplementation(async () => problem(status, code));
    await expect(tab().api.login({ body: { email: 'a@b.de', password: 'x' } })).rejects.toMatchObject({ code: taken });
  });

  it('names a server that cannot be reached', async () => {
    server.fetch.mockImplementation(async () => {
      throw new TypeError('fetch failed');
    });
    await expect(tab().api.login({ body: { email: 'a@b.de', password: 'x' } })).rejects.toMatchObject({ code: 'offline' });
    expect(news).toEqual(['silent']);
  });

  it('gives up after its time', async () => {
    server.fetch.mockImplementation(
      (_input, init) => new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(new Error('aborted')))),
    );
    const late = tab().api.login({ body: { email: 'a@b.de', password: 'x' } }, { timeoutMs: 20 });
    await expect(late).rejects.toBeInstanceOf(NetworkError);
    await expect(late).rejects.toMatchObject({ code: 'timeout' });
  });
});
