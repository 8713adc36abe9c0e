import { expect, test } from 'vitest';
import { buildBlob, buildChallenge, buildPlayer } from '../../test/factories.ts';
import { buildPorts, fakeClock } from '../../test/ports.ts';
import { findChallenge } from '../store/challenges.ts';
import { findResponse } from '../store/responses.ts';
import { deleteChallenge } from './delete-challenge.ts';
import { revealAnswer } from './reveal-answer.ts';
import { rememberLook, takeGuess } from './take-guess.ts';
import { editChallenge } from './write-challenge.ts';

const ask = (challenge_id: string, player_id: string, guess: 0 | 1 | 2 = 1, confidence?: number) => ({
  challenge_id,
  player_id,
  guess,
  confidence,
});

test('a guess is stored with its distribution and time, scored, counted and revealed', async () => {
  const clock = fakeClock();
  await using ports = await buildPorts({ clock });
  const { id } = await buildChallenge(ports, { status: 'published', lie_index: 1, story: 'so it was' });
  const player = await buildPlayer(ports);
  await rememberLook(id, player.id, ports);
  clock.pass(1000);
  await rememberLook(id, player.id, ports);
  clock.pass(2500);
  const result = await takeGuess(ask(id, player.id, 1, 1), ports);
  expect(result).toMatchObject({ correct: true, score: 100 });
  expect(result.reveal).toMatchObject({ lie_index: 1, story: 'so it was', crowd: { guesses: 1, shares: [0, 1, 0] } });
  expect(await findResponse(ports.db, id, player.id)).toEqual({
    id: expect.any(String),
    score: 100,
    data: { guess: 1, confidence: 1, distribution: [0, 1, 0], hinted: false, response_seconds: 3.5 },
  });
  expect(await revealAnswer({ challenge_id: id, player_id: player.id }, ports.db)).toEqual(result.reveal);
  const totals = await ports.db
    .selectFrom('users')
    .select(['guess_count', 'correct_count', 'score_sum'])
    .where('id', '=', player.id)
    .execute();
  expect(totals).toEqual([{ guess_count: 1, correct_count: 1, score_sum: 100 }]);
  expect((await findChallenge(ports.db, id))?.guess_count).toBe(1);
});

test('a plain wrong pick counts with two thirds, and its time is unknown where nobody saw the look', async () => {
  await using ports = await buildPorts();
  const { id } = await buildChallenge(ports, { status: 'published', lie_index: 0 });
  const player = await buildPlayer(ports);
  const { correct, score } = await takeGuess(ask(id, player.id, 2), ports);
  expect({ correct, score }).toEqual({ correct: false, score: -75 });
  expect((await findResponse(ports.db, id, player.id))?.data.response_seconds).toBeNull();
});

test('of many guesses at once by one player one is counted', async () => {
  await using ports = await buildPorts();
  const { id } = await buildChallenge(ports, { status: 'published' });
  const player = await buildPlayer(ports);
  const results = await Promise.allSettled(Array.from({ length: 5 }, () => takeGuess(ask(id, player.id), ports)));
  const refused = results.filter((result) => result.status === 'rejected');
  expect(refused.map((result) => result.reason.code)).toEqual(Array(4).fill('already_guessed'));
  expect((await findChallenge(ports.db, id))?.guess_count).toBe(1);
  const { crowd } = await revealAnswer({ challenge_id: id, player_id: player.id }, ports.db);
  expect(crowd.guesses).toBe(1);
});

test('no guess on one’s own, on an unpublished or on an unknown challenge', async () => {
  await using ports = await buildPorts();
  const player = await buildPlayer(ports);
  const own = await buildChallenge(ports, { status: 'published' });
  await expect(takeGuess(ask(own.id, own.author_id), ports)).rejects.toMatchObject({ code: 'own_challenge' });
  for (const status of ['draft', 'checking', 'ready', 'held', 'hidden', 'removed'] as const) {
    const { id } = await buildChallenge(ports, { status });
    await expect(takeGuess(ask(id, player.id), ports)).rejects.toMatchObject({ code: 'challenge_not_found' });
  }
  await expect(takeGuess(ask(ports.ids.next(), player.id), ports)).rejects.toMatchObject({ code: 'challenge_not_found' });
});

test('the answer is for the author and for those who have guessed', async () => {
  await using ports = await buildPorts();
  const { id, author_id } = await buildChallenge(ports, { status: 'published', lie_index: 2 });
  const player = await buildPlayer(ports);
  await expect(revealAnswer({ challenge_id: id, player_id: player.id }, ports.db)).rejects.toMatchObject({ code: 'guess_first' });
  expect(await revealAnswer({ challenge_id: id, player_id: author_id }, ports.db)).toMatchObject({
    lie_index: 2,
    own: null,
    crowd: { guesses: 0, shares: [0, 0, 0] },
  });
  const ready = await buildChallenge(ports, { status: 'ready', author_id });
  await expect(revealAnswer({ challenge_id: ready.id, player_id: author_id }, ports.db)).rejects.toMatchObject({ code: 'not_ready' });
});

test('a deleted challenge leaves nothing but a tombstone and the guessers’ own records', async () => {
  await using ports = await buildPorts();
  const { id, author_id } = await buildChallenge(ports, { status: 'published', title: 'secret title', story: 'secret story' });
  await buildBlob(ports, 'clip:other:source');
  const player = await buildPlayer(ports);
  await takeGuess(ask(id, player.id), ports);
  await deleteChallenge({ challenge_id: id, player_id: author_id }, ports);
  const row = await findChallenge(ports.db, id);
  expect(row?.status).toBe('removed');
  expect(JSON.stringify(row)).not.toMatch(/secret|first|blob:/);
  expect(await ports.db.selectFrom('answers').selectAll().execute()).toEqual([]);
  const owners = await ports.db.selectFrom('blob_refs').select('owner').execute();
  expect(owners.map(({ owner }) => owner.split(':')[0]).sort()).toEqual(['clip', 'gone', 'gone']);
  expect(await findResponse(ports.db, id, player.id)).toBeDefined();
  await expect(revealAnswer({ challenge_id: id, player_id: player.id }, ports.db)).rejects.toMatchObject({ code: 'challenge_not_found' });
  await expect(deleteChallenge({ challenge_id: id, player_id: author_id }, ports)).rejects.toMatchObject({ code: 'challenge_not_found' });
});

test('texts and lie are changed until the lie is locked; an empty title is filled', async () => {
  await using ports = await buildPorts({ clock: fakeClock() });
  const { id, author_id } = await buildChallenge(ports, { title: '' });
  const edit = (text: Parameters<typeof editChallenge>[0]['text']) =>
    editChallenge({ challenge_id: id, player_id: author_id, text }, ports);
  expect((await findChallenge(ports.db, id))?.title).toBe('Challenge of 2026-01-01');
  await edit({ title: '', prompt: 'Pets' });
  expect((await findChallenge(ports.db, id))?.title).toBe('Pets');
  await edit({ statements: ['', 'two', null], audience: 'link', story: '' });
  expect(await findChallenge(ports.db, id)).toMatchObject({
    title: 'Pets',
    statements: '[null,"two",null]',
    audience: 'link',
    story: null,
  });
  const published = await buildChallenge(ports, { status: 'published', author_id });
  await expect(editChallenge({ challenge_id: published.id, player_id: author_id, text: { lie_index: 0 } }, ports)).rejects.toMatchObject({
    code: 'challenge_locked',
  });
});
