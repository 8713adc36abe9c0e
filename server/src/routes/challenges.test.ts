import type { SegmentIndex } from '@2t1l/game/challenge';
import { expect, test } from 'vitest';
import { buildTestApp, type TestApp } from '../../test/app.ts';
import { buildChallenge, buildPlayer } from '../../test/factories.ts';
import { fakeClock } from '../../test/ports.ts';

const code = (answer: { statusCode: number; json: () => { code: string } }) => [answer.statusCode, answer.json().code];

test('an empty title is filled in from the idea or the day, and follows them until the author gives one', async () => {
  await using at = await buildTestApp();
  const { access_token: token } = await at.guest();
  const { id, title: day } = (await at.call('POST', '/challenges', { token, body: {} })).json();
  expect(day).toMatch(/^Challenge of \d{4}-\d\d-\d\d$/);
  for (const [body, title] of [
    [{ prompt: 'My worst present' }, 'My worst present'],
    [{ prompt: '' }, day],
    [{ prompt: 'My best present', story: 'x' }, 'My best present'],
    [{ title: 'Mine' }, 'Mine'],
    [{ prompt: 'My first present' }, 'Mine'],
    [{ title: '' }, 'My first present'],
  ]) {
    expect([body, (await at.call('PATCH', `/challenges/${id}`, { token, body })).json().title]).toEqual([body, title]);
  }
});

test('a challenge is begun, read, changed and deleted by its author; nobody else sees the draft', async () => {
  await using at = await buildTestApp();
  const { access_token: token } = await at.guest();
  const { access_token: stranger } = await at.guest();
  const created = await at.call('POST', '/challenges', { token, body: { title: 'Test Challenge', lie_index: 2, transition: 'card' } });
  const { id } = created.json();
  expect([created.statusCode, created.json()]).toMatchObject([
    201,
    { status: 'draft', lie_index: 2, transition: 'card', is_author: true, clips: [], failure: null },
  ]);
  const path = `/challenges/${id}`;
  const patched = await at.call('PATCH', path, {
    token,
    body: { statements: ['a', null, 'c'], lie_index: null, audience: 'link', transition: 'fade' },
  });
  expect(patched.json()).toMatchObject({
    title: 'Test Challenge',
    statements: ['a', null, 'c'],
    lie_index: null,
    audience: 'link',
    transition: 'fade',
  });
  for (const [method, body] of [['GET'], ['PATCH', {}], ['DELETE'], ['POST']] as const) {
    const address = method === 'POST' ? `${path}/process` : path;
    const options = body === undefined ? {} : { body };
    expect(code(await at.call(method, address, { token: stranger, ...options }))).toEqual([404, 'challenge_not_found']);
  }
  expect(code(await at.call('POST', `${path}/publish`, { token: stranger, body: {} }))).toEqual([404, 'challenge_not_found']);
  expect(code(await at.call('GET', path))).toEqual([404, 'challenge_not_found']);
  expect(code(await at.call('POST', `${path}/process`))).toEqual([401, 'unauthenticated']);
  expect(code(await at.call('POST', `${path}/process`, { token }))).toEqual([409, 'clips_missing']);
  expect(code(await at.call('POST', `${path}/publish`, { token, body: { lie_index: 0 } }))).toEqual([409, 'not_ready']);
  expect((await at.call('DELETE', path, { token })).statusCode).toBe(204);
  expect(code(await at.call('GET', path, { token }))).toEqual([404, 'challenge_not_found']);
});

test('malformed calls name the field', async () => {
  await using at = await buildTestApp();
  const { access_token: token } = await at.guest();
  const { id } = (await at.call('POST', '/challenges', { token, body: {} })).json();
  for (const body of [
    { lie_index: 3 },
    { statements: ['a', 'b'] },
    { title: 'a\nb' },
    { audience: 'friends' },
    { transition: 'wipe' },
    { lie: 1 },
  ]) {
    const answer = await at.call('PATCH', `/challenges/${id}`, { token, body });
    expect([answer.statusCode, answer.json().errors[0].pointer]).toEqual([400, expect.stringMatching(Object.keys(body)[0] ?? '')]);
  }
  expect(code(await at.call('GET', '/challenges/nothing', { token }))).toEqual([400, 'invalid_request']);
  expect(code(await at.call('GET', `/challenges/${at.ports.ids.next()}`, { token }))).toEqual([404, 'challenge_not_found']);
  for (const body of [{}, { guess: 3 }, { guess: 1, confidence: 0.2 }, { guess: 1, confidence: 1.01 }]) {
    expect(code(await at.call('POST', `/challenges/${id}/guesses`, { token, body }))).toEqual([400, 'invalid_request']);
  }
});

test('publish, guess and reveal by their addresses', async () => {
  await using at = await buildTestApp();
  const author = await buildPlayer(at.ports);
  const { id } = await buildChallenge(at.ports, { author_id: author.id, status: 'published', lie_index: 2 });
  const { access_token: token } = await at.guest();
  expect(code(await at.call('GET', `/challenges/${id}/reveal`, { token }))).toEqual([403, 'guess_first']);
  expect(code(await at.call('POST', `/challenges/${id}/guesses`, { body: { guess: 1 } }))).toEqual([401, 'unauthenticated']);
  const guess = await at.call('POST', `/challenges/${id}/guesses`, { token, body: { guess: 2, confidence: 1 } });
  expect([guess.statusCode, guess.json()]).toMatchObject([201, { correct: true, score: 100, reveal: { lie_index: 2 } }]);
  expect(code(await at.call('POST', `/challenges/${id}/guesses`, { token, body: { guess: 2 } }))).toEqual([409, 'already_guessed']);
  expect((await at.call('GET', `/challenges/${id}/reveal`, { token })).json()).toEqual(guess.json().reveal);
  expect((await at.call('GET', `/challenges/${id}`, { token })).json()).toMatchObject({ has_guessed: true, guess_count: 1 });
  const ready = await buildChallenge(at.ports, { status: 'ready', lie_index: null });
  expect(code(await at.call('POST', `/challenges/${ready.id}/guesses`, { token, body: { guess: 2 } }))).toEqual([
    404,
    'challenge_not_found',
  ]);
});

test('the feed: public ones, newest first, never one’s own or guessed ones, each exactly once over the pages', async () => {
  const clock = fakeClock(Date.now());
  await using at = await buildTestApp({ clock });
  const { access_token: token, player } = await at.guest();
  const author = await buildPlayer(at.ports);
  const built: string[] = [];
  for (let n = 0; n < 25; n++) {
    clock.pass(n % 3 === 0 ? 0 : 1000);
    built.push((await buildChallenge(at.ports, { author_id: author.id, status: 'published' })).id);
  }
  await buildChallenge(at.ports, { author_id: player.id, status: 'published' });
  await buildChallenge(at.ports, { author_id: author.id, status: 'published', audience: 'link' });
  for (const status of ['ready', 'held', 'hidden', 'removed', 'draft'] as const) {
    await buildChallenge(at.ports, { author_id: author.id, status });
  }
  const [first = '', , third = ''] = built;
  for (const id of [first, third]) {
    await at.call('POST', `/challenges/${id}/guesses`, { token, body: { guess: 0 } });
  }
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const answer: { items: { id: string }[]; next_cursor: string | null } = (
      await at.call('GET', `/challenges?limit=7${cursor === null ? '' : `&cursor=${cursor}`}`, { token })
    ).json();
    seen.push(...answer.items.map((item: { id: string }) => item.id));
    cursor = answer.next_cursor;
    // New ones above the page do not move it.
    await buildChallenge(at.ports, { author_id: author.id, status: 'published', published_at: '2999-01-01T00:00:00.000Z' });
  } while (cursor !== null);
  expect(seen).toEqual(built.filter((id) => id !== first && id !== third).reverse());
  expect((await at.call('GET', '/challenges?limit=50')).json().items.length).toBeGreaterThan(26);
});

test('my challenges: every state but removed, newest first, with the lie; a cursor is of its list and nobody changes it', async () => {
  await using at = await buildTestApp();
  const { access_token: token, player } = await at.guest();
  const built: string[] = [];
  for (const status of ['draft', 'removed', 'failed', 'ready', 'published'] as const) {
    built.push((await buildChallenge(at.ports, { author_id: player.id, status, lie_index: 0 })).id);
  }
  const first = (await at.call('GET', '/api/v1/me/challenges?limit=2', { token })).json();
  const second = (await at.call('GET', `/api/v1/me/challenges?limit=2&cursor=${first.next_cursor}`, { token })).json();
  expect([...first.items, ...second.items].map((item: { id: string }) => item.id)).toEqual([built[4], built[3], built[2], built[0]]);
  expect([first.items[0].lie_index, second.next_cursor]).toEqual([0, null]);
  const [body, ...rest] = first.next_cursor.split('.');
  for (const cursor of [
    'x',
    `${body}A.${rest.join('.')}`,
    `${first.next_cursor.slice(0, -3)}AAA`,
    `${first.next_cursor}.x`,
    '..',
    encodeURIComponent('{"a":1}'),
  ]) {
    expect(code(await at.call('GET', `/api/v1/me/challenges?cursor=${cursor}`, { token }))).toEqual([400, 'invalid_request']);
  }
  expect(code(await at.call('GET', `/challenges?cursor=${first.next_cursor}`, { token }))).toEqual([400, 'invalid_request']);
});

/** Everything that a player who has not guessed can fetch, with ids and addresses replaced. */
async function look(at: TestApp, id: string, author: string, token: string): Promise<string> {
  const answers = [
    await at.call('GET', `/challenges/${id}`, { token }),
    await at.call('GET', `/challenges/${id}`),
    await at.call('GET', '/challenges', { token }),
    await at.call('GET', `/challenges/${id}/reveal`, { token }),
    await at.call('GET', `/challenges/${id}/captions`, { token }),
    await at.call('PATCH', `/challenges/${id}`, { token, body: {} }),
    await at.call('POST', `/challenges/${id}/publish`, { token, body: { lie_index: 0 } }),
    await at.call('POST', `/challenges/${id}/process`, { token }),
  ];
  const text = answers.map(({ statusCode, headers, payload }) => {
    const { date: _, 'x-request-id': __, ...kept } = headers;
    return JSON.stringify([statusCode, kept, payload]);
  });
  return text
    .join('\n')
    .replaceAll(id, 'ID')
    .replaceAll(author, 'AUTHOR')
    .replace(/[0-9a-f]{64}/g, 'HASH')
    .replace(/(exp|sig|kid)=[\w-]+/g, '$1')
    .replace(/urn:2t1l:request:[\w-]+/g, 'REQUEST');
}

test('before the guess nothing differs between three challenges that differ in the lie alone', async () => {
  const seen = new Set<string>();
  for (const lie_index of [0, 1, 2] as SegmentIndex[]) {
    await using at = await buildTestApp({ clock: fakeClock(1_800_000_000_000) });
    const author = await buildPlayer(at.ports, { username: 'author', username_key: 'author' });
    const { id } = await buildChallenge(at.ports, { author_id: author.id, status: 'published', lie_index, title: 'Same' });
    const { access_token: token } = await at.guest();
    const text = await look(at, id, author.id, token);
    expect(text).not.toMatch(/lie_index\\?":\d|nonce|picks|updated_at|crowd/);
    seen.add(text);
  }
  expect(seen.size).toBe(1);
});
