import { expect, test } from 'vitest';
import { buildTestApp, type TestApp } from '../../test/app.ts';
import { buildChallenge, buildPlayer } from '../../test/factories.ts';
import { takeGuess } from '../flow/take-guess.ts';

const API = '/api/v1';

/** Guesses on `count` challenges of their own authors, sure at 0.8; the first `right` of them are right. */
async function playThrough(at: TestApp, player_id: string, { count, right }: { count: number; right: number }): Promise<string[]> {
  const ids: string[] = [];
  const author = await buildPlayer(at.ports);
  for (let index = 0; index < count; index += 1) {
    const { id } = await buildChallenge(at.ports, { status: 'published', lie_index: 1, author_id: author.id, title: `Number ${index}` });
    await takeGuess({ challenge_id: id, player_id, guess: index < right ? 1 : 0, confidence: 0.8 }, at.ports);
    ids.push(id);
  }
  return ids;
}

test('stats: rates with intervals, and a calibration from twenty guesses on', async () => {
  await using at = await buildTestApp();
  const { access_token: token, player } = await at.account();
  const stats = async (bearer = token) => (await at.call('GET', `${API}/me/stats`, { token: bearer })).json();
  expect(await stats()).toEqual({
    caught: { hits: 0, of: 0, share: null, interval: null },
    fooled: { hits: 0, of: 0, share: null, interval: null },
    calibration: null,
    needed: 20,
  });
  const [id = ''] = await playThrough(at, player.id, { count: 19, right: 6 });
  expect(await stats()).toMatchObject({ caught: { hits: 6, of: 19 }, calibration: null });
  await playThrough(at, player.id, { count: 1, right: 0 });
  const again = { token, body: { guess: 0 } };
  expect((await at.call('POST', `${API}/challenges/${id}/guesses`, again)).json().code).toBe('already_guessed');
  const { caught, calibration } = await stats();
  expect(caught).toMatchObject({ hits: 6, of: 20, share: 0.3 });
  expect(calibration).toMatchObject({ guesses: 20, verdict: 'over', bins: [{ from: 0.8, to: 0.9, guesses: 20, correct: 6 }] });
  expect(calibration.mean_confidence).toBeCloseTo(0.8, 9);
  expect((await at.call('GET', `${API}/me/stats`)).json().code).toBe('unauthenticated');
});

test('stats: a wrong guess on my challenge is one that I fooled', async () => {
  await using at = await buildTestApp();
  const { access_token: token, player } = await at.account();
  const { id } = await buildChallenge(at.ports, { status: 'published', lie_index: 1, author_id: player.id });
  for (const guess of [0, 1, 2] as const) {
    await takeGuess({ challenge_id: id, player_id: (await buildPlayer(at.ports)).id, guess, confidence: undefined }, at.ports);
  }
  expect((await at.call('GET', `${API}/me/stats`, { token })).json()).toMatchObject({ fooled: { hits: 2, of: 3 }, caught: { of: 0 } });
});

test('my guesses: newest first, page by page, my own alone; one whose challenge is gone still counts', async () => {
  await using at = await buildTestApp();
  const { access_token: token, player } = await at.account();
  const ids = await playThrough(at, player.id, { count: 3, right: 1 });
  await at.ports.db
    .updateTable('challenges')
    .set({ status: 'removed' })
    .where('id', '=', ids[1] ?? '')
    .execute();
  const page = async (query: string) => (await at.call('GET', `${API}/me/guesses${query}`, { token })).json();
  const { items, next_cursor } = await page('?limit=2');
  expect(items).toMatchObject([
    { challenge: { id: ids[2], title: 'Number 2', author: { is_house: false } }, guess: 0, confidence: 0.8, correct: false, score: -119 },
    { challenge: null, correct: false },
  ]);
  expect(await page(`?limit=2&cursor=${next_cursor}`)).toMatchObject({
    items: [{ challenge: { id: ids[0] }, correct: true, score: 91 }],
    next_cursor: null,
  });
  expect((await page('?cursor=x')).code).toBe('invalid_request');
  const { access_token: other } = await at.account();
  expect((await at.call('GET', `${API}/me/guesses`, { token: other })).json().items).toEqual([]);
});

test('a player’s page: found in any spelling, with public challenges alone, and without anything that tells of a lie', async () => {
  await using at = await buildTestApp();
  const player = await buildPlayer(at.ports, { username: 'Zoë', username_key: 'zoë' });
  const shown = await buildChallenge(at.ports, { status: 'published', author_id: player.id, title: 'On stage' });
  const second = await buildChallenge(at.ports, { status: 'published', author_id: player.id, published_at: '2020-01-01T00:00:00.000Z' });
  await buildChallenge(at.ports, { status: 'published', author_id: player.id, audience: 'link' });
  await buildChallenge(at.ports, { status: 'ready', author_id: player.id });
  await buildChallenge(at.ports, { status: 'hidden', author_id: player.id });
  const read = async (name: string, query = '', token?: string) =>
    (await at.call('GET', `${API}/players/${encodeURIComponent(name)}${query}`, token === undefined ? {} : { token })).json();
  const page = await read('zOË', '?limit=1');
  expect(Object.keys(page).sort()).toEqual(['challenges', 'created_at', 'guesses', 'id', 'is_house', 'published', 'username']);
  expect(page).toMatchObject({ username: 'Zoë', is_house: false, challenges: { items: [{ id: shown.id, has_guessed: false }] } });
  const rest = await read('Zoë', `?cursor=${page.challenges.next_cursor}`);
  expect(rest.challenges).toMatchObject({ items: [{ id: second.id }], next_cursor: null });
  const { access_token: token, player: viewer } = await at.guest();
  await takeGuess({ challenge_id: shown.id, player_id: viewer.id, guess: 0, confidence: undefined }, at.ports);
  expect((await read('Zoë', '', token)).challenges.items.map(({ has_guessed }: { has_guessed: boolean }) => has_guessed)).toEqual([
    true,
    false,
  ]);
  expect(await read('nobody')).toMatchObject({ status: 404, code: 'player_not_found' });
  expect((await read('Zoë', '?limit=0')).code).toBe('invalid_request');
});

test('the feed’s filters: what is a week old at most, and what nobody has guessed', async () => {
  await using at = await buildTestApp();
  const old = await buildChallenge(at.ports, { status: 'published', published_at: '2020-01-01T00:00:00.000Z' });
  const fresh = await buildChallenge(at.ports, { status: 'published' });
  const feed = async (query: string) => {
    const { items } = (await at.call('GET', `${API}/challenges${query}`)).json<{ items: { id: string }[] }>();
    return items.map(({ id }) => id);
  };
  expect(await feed('')).toEqual([fresh.id, old.id]);
  expect(await feed('?filter=new')).toEqual([fresh.id]);
  await takeGuess({ challenge_id: fresh.id, player_id: (await buildPlayer(at.ports)).id, guess: 0, confidence: undefined }, at.ports);
  expect(await feed('?filter=unguessed')).toEqual([old.id]);
  expect((await at.call('GET', `${API}/challenges?filter=hot`)).json()).toMatchObject({
    code: 'invalid_request',
    errors: [{ pointer: '#/query/filter' }],
  });
});
