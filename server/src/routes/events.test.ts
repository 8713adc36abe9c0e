import { EventEmitter } from 'node:events';
import type { ChallengeEvent } from '@2t1l/contract/events';
import { expect, onTestFinished, test } from 'vitest';
import { buildTestApp, type TestApp } from '../../test/app.ts';
import { endSessions } from '../players/session-state.ts';
import type { StoredEvent } from '../ports.ts';
import { transact } from '../store/transact.ts';
import { eventHub } from './event-hub.ts';
import { openPlaces } from './places.ts';

/** What one stream has received so far. */
interface Stream {
  status: number;
  headers: Headers;
  text(): string;
  ids(): number[];
  isClosed(): boolean;
  close(): void;
}

async function open(at: TestApp, id: string, token: string | null, more: { lastId?: string; query?: string } = {}): Promise<Stream> {
  const { port } = at.app.server.address() as { port: number };
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const response = await fetch(`http://127.0.0.1:${port}/challenges/${id}/events${more.query ?? ''}`, {
    signal: abort.signal,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(more.lastId === undefined ? {} : { 'last-event-id': more.lastId }),
    },
  });
  let received = '';
  let isClosed = false;
  const read = async () => {
    for await (const part of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
      received += part;
    }
  };
  read()
    .catch(() => {})
    .finally(() => {
      isClosed = true;
    });
  return {
    status: response.status,
    headers: response.headers,
    text: () => received,
    ids: () => [...received.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1])),
    isClosed: () => isClosed,
    close: () => abort.abort(),
  };
}

async function listening(settings: Record<string, string> = {}): Promise<TestApp & { id: string; token: string; other: string }> {
  const at = await buildTestApp({}, settings);
  await at.app.listen({ port: 0, host: '127.0.0.1' });
  const author = await at.guest();
  const other = await at.guest();
  const { id } = (await at.call('POST', '/challenges', { token: author.access_token, body: { title: 'x' } })).json();
  return Object.assign(at, { id, token: author.access_token, other: other.access_token });
}

const say = (at: TestApp, event: ChallengeEvent, audience: StoredEvent['audience'] = 'author') =>
  transact(at.ports.db, (tx) => at.ports.events.add(tx, event, audience));
const changed = (challenge_id: string, status: 'processing' | 'published' | 'removed' = 'processing'): ChallengeEvent => ({
  type: 'challenge.changed',
  challenge_id,
  status,
});
const publish = (at: TestApp, id: string) =>
  at.ports.db.updateTable('challenges').set({ status: 'published' }).where('id', '=', id).execute();

test('the author hears what happens from now on, as text/event-stream', async () => {
  await using at = await listening();
  await say(at, changed(at.id));
  const stream = await open(at, at.id, at.token);
  expect(stream.status).toBe(200);
  expect(stream.headers.get('content-type')).toContain('text/event-stream');
  await expect.poll(stream.text).toContain('retry:');
  await say(at, { type: 'step.progress', challenge_id: at.id, step: 'merge-clips', segment_index: null, percent: 40 });
  await expect.poll(stream.ids).toHaveLength(1);
  expect(stream.text()).toMatch(/\nid: 2\nevent: step\.progress\ndata: \{"type":"step\.progress",.*"percent":40\}\n\n/);
});

test.each(['header', 'query'])('Last-Event-ID in the %s brings what was missed, in order and once', async (place) => {
  await using at = await listening();
  for (let event = 0; event < 250; event++) {
    await say(at, changed(at.id));
  }
  const stream = await open(at, at.id, at.token, place === 'header' ? { lastId: '3' } : { query: '?last_event_id=3' });
  await say(at, changed(at.id));
  await expect.poll(() => stream.ids().length, { timeout: 5000 }).toBe(248);
  expect(stream.ids()).toEqual(Array.from({ length: 248 }, (_, index) => index + 4));
  const late = await open(at, at.id, at.token, { lastId: '240' });
  await expect.poll(() => late.ids().length).toBe(11);
  const ahead = await open(at, at.id, at.token, { lastId: '999999' });
  await say(at, changed(at.id));
  await expect.poll(ahead.ids).toEqual([252]);
});

test('another player hears what is for everyone and nothing else, and the end when it is removed', async () => {
  await using at = await listening();
  expect((await open(at, at.id, at.other)).status).toBe(404);
  await publish(at, at.id);
  const stream = await open(at, at.id, at.other);
  await say(at, changed(at.id, 'published'), 'author');
  await say(at, changed(at.id, 'published'), 'everyone');
  await expect.poll(stream.ids).toEqual([2]);
  await say(at, changed(at.id, 'removed'), 'everyone');
  await expect.poll(stream.isClosed).toBe(true);
  expect(stream.ids()).toEqual([2, 3]);
});

test('who has guessed hears that the tells have come on, nobody else does', async () => {
  await using at = await listening();
  await publish(at, at.id);
  const guesser = await at.guest();
  const guess = { guess_data: '{"guess":0}', correct: 0, score: 0, created_at: '2026-01-01T00:00:00.000Z' } as const;
  await at.ports.db
    .insertInto('challenge_responses')
    .values({ id: 'guess', challenge_id: at.id, user_id: guesser.player.id, ...guess })
    .execute();
  const streams = [await open(at, at.id, at.token), await open(at, at.id, guesser.access_token), await open(at, at.id, at.other)];
  await say(at, { type: 'analysis.changed', challenge_id: at.id, status: 'completed' }, 'guessed');
  await say(at, changed(at.id, 'published'), 'author');
  await say(at, changed(at.id, 'published'), 'everyone');
  await expect.poll(() => streams.map(({ ids }) => ids())).toEqual([[1, 2, 3], [1, 3], [3]]);
});

test('a stranger who asks for all from the beginning hears it and stays, until the challenge is hidden now', async () => {
  await using at = await listening();
  await say(at, changed(at.id, 'processing'));
  await say(at, changed(at.id, 'published'), 'everyone');
  await publish(at, at.id);
  const stream = await open(at, at.id, at.other, { query: '?last_event_id=0' });
  await expect.poll(stream.ids).toEqual([2]);
  await say(at, changed(at.id, 'published'), 'everyone');
  await expect.poll(stream.ids).toEqual([2, 3]);
  expect(stream.isClosed()).toBe(false);
  await say(at, changed(at.id, 'processing'));
  await expect.poll(stream.isClosed).toBe(true);
});

test('a player has 20 streams and guests of one address 100; each that closes makes room for another', async () => {
  await using at = await listening();
  await publish(at, at.id);
  const openSome = (token: string, count: number) => Promise.all(Array.from({ length: count }, () => open(at, at.id, token)));
  const own = await openSome(at.token, 20);
  expect(own.map(({ status }) => status)).toEqual(Array(20).fill(200));
  const refused = await open(at, at.id, at.token);
  await expect.poll(refused.text).toContain('too_many_streams');
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '15']);
  own[0]?.close();
  await expect.poll(async () => (await open(at, at.id, at.token)).status).toBe(200);

  for (let guests = 0; guests < 4; guests++) {
    await openSome((await at.guest()).access_token, 20);
  }
  expect((await open(at, at.id, at.other)).status).toBe(429);
  // An account is known by itself; whoever shares its address does not count.
  expect((await open(at, at.id, (await at.account()).access_token)).status).toBe(200);
  own[1]?.close();
  await expect.poll(async () => (await open(at, at.id, at.other)).status).toBe(200);
});

test('who is gone before their stream begins holds no place', async () => {
  await using at = await listening();
  const response = Object.assign(new EventEmitter(), { destroyed: true, write: () => expect.unreachable(), end: () => {} });
  const hub = eventHub(at.ports);
  onTestFinished(() => hub.close());
  const player = { session_id: 's', expires_ms: 0 };
  hub.join(at.id, { response: response as never, player, isAuthor: true, mayReveal: true, last_id: 0, seen_id: 0 });
  expect(hub.size()).toBe(0);
  const places = openPlaces({ code: 'too_many_streams', what: 'event streams', retry_after_seconds: 15 });
  for (let count = 0; count < 3; count++) {
    places.take(response as never, [{ key: 'one', most: 1 }]);
  }
});

test('without a token, with a bad id, with a bad event id, for what is not there: each has its problem', async () => {
  await using at = await listening();
  const code = async (path: string, token?: string, headers = {}) =>
    (await at.call('GET', `/challenges/${path}/events`, { ...(token === undefined ? {} : { token }), headers })).json().code;
  expect(await code(at.id)).toBe('unauthenticated');
  expect(await code('x', at.token)).toBe('invalid_request');
  expect(await code(at.id, at.token, { 'last-event-id': 'x' })).toBe('invalid_request');
  expect(await code('0190f5fe-7c00-7a00-8000-000000000000', at.token)).toBe('challenge_not_found');
});

test('a stop of the server ends the streams', async () => {
  await using at = await listening();
  const stream = await open(at, at.id, at.token);
  await at.app.close();
  await expect.poll(stream.isClosed).toBe(true);
});

test('heartbeats go on until the session ends or the token expires', async () => {
  await using at = await listening();
  const written: string[] = [];
  const listener = (expires_ms: number) => {
    const handlers = new Map<string, () => void>();
    const response = {
      writableEnded: false,
      destroyed: false,
      writableLength: 0,
      write: (text: string) => written.push(text),
      end() {
        this.writableEnded = true;
        handlers.get('close')?.();
      },
      on: (name: string, handler: () => void) => handlers.set(name, handler),
    };
    return { response, expires_ms };
  };
  const { session_id } = await at.ports.db.selectFrom('refresh_tokens').select('session_id').executeTakeFirstOrThrow();
  const hub = eventHub(at.ports, 1);
  onTestFinished(() => hub.close());
  const join = ({ response, expires_ms }: ReturnType<typeof listener>) =>
    hub.join(at.id, {
      response: response as never,
      player: { session_id, expires_ms },
      isAuthor: true,
      mayReveal: true,
      last_id: 0,
      seen_id: 0,
    });
  const valid = listener(Date.now() + 60_000);
  const expired = listener(Date.now() - 1);
  join(valid);
  join(expired);
  await expect.poll(() => written.filter((text) => text.startsWith(':')).length).toBeGreaterThan(2);
  expect([valid.response.writableEnded, expired.response.writableEnded]).toEqual([false, true]);
  await transact(at.ports.db, (tx) => endSessions(tx, [session_id], at.ports));
  await expect.poll(() => valid.response.writableEnded).toBe(true);
});

test.each([0, 1, 2, 3, 4, 5, 6, 7])('news that come %i microtasks after the last look are looked for', async (turns) => {
  await using at = await listening();
  let wake = () => {};
  let looks = 0;
  const events = {
    ...at.ports.events,
    listen: (_id: string, listener: () => void) => {
      wake = listener;
      return () => {};
    },
    read: async () => {
      looks += 1;
      if (looks === 1) {
        void afterTurns(turns).then(() => wake());
      }
      return [];
    },
  };
  const hub = eventHub({ ...at.ports, events });
  onTestFinished(() => hub.close());
  const response = { write: () => true, end: () => {}, on: () => {} };
  hub.join(at.id, {
    response: response as never,
    player: { session_id: 's', expires_ms: 0 },
    isAuthor: true,
    mayReveal: true,
    last_id: 0,
    seen_id: 0,
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(looks).toBe(2);
});

async function afterTurns(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    await Promise.resolve();
  }
}

test('a reader who does not read is closed', async () => {
  await using at = await listening();
  const { connect } = await import('node:net');
  const { port } = at.app.server.address() as { port: number };
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  let isClosed = false;
  socket.on('close', () => {
    isClosed = true;
  });
  socket.on('error', () => {});
  socket.write(`GET /challenges/${at.id}/events?last_event_id=0 HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${at.token}\r\n\r\n`);
  await new Promise((resolve) => socket.once('readable', resolve));
  socket.pause();
  const before = at.app.server.getConnections.bind(at.app.server);
  const connections = () => new Promise<number>((resolve) => before((_error, count) => resolve(count)));
  expect(await connections()).toBe(1);
  // More than the kernel's buffers and our own bound together.
  const long = 'x'.repeat(1_000_000);
  for (let event = 0; event < 20 && (await connections()) === 1; event++) {
    await at.ports.db
      .insertInto('events')
      .values({
        challenge_id: at.id,
        audience: 'author',
        data: JSON.stringify({ ...changed(at.id), long }),
        created_at: new Date().toISOString(),
      })
      .execute();
    await say(at, changed(at.id));
  }
  await expect.poll(connections, { timeout: 5000 }).toBe(0);
  socket.resume();
  await expect.poll(() => isClosed).toBe(true);
});
