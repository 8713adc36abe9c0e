import { type Endpoint, endpoints } from '@2t1l/contract/endpoints';
import { PublicChallenge } from '@2t1l/contract/schemas';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { pickerOf } from './picker.ts';

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const TIME = '2026-01-01T00:00:00.000Z';
const challenge = {
  id: ID,
  author: { id: ID, username: 'Zoë', is_house: false },
  status: 'published',
  title: '"quoted"',
  prompt: null,
  statements: ['a', null, 'c'],
  segments: [{ start_seconds: 0, end_seconds: 1.5 }],
  video_url: null,
  poster_url: '/x',
  commitment: null,
  guess_count: 0,
  created_at: TIME,
  published_at: TIME,
  has_guessed: false,
  is_author: false,
};

test('a field that the schema does not name never leaves, at any depth', () => {
  const secret = {
    ...challenge,
    lie_index: 2,
    author: { ...challenge.author, email: 'z@example.org' },
    segments: [{ start_seconds: 0, end_seconds: 1.5, lie: true }],
  };
  expect(pickerOf(PublicChallenge)(secret)).toEqual(challenge);
  expect(pickerOf(endpoints.feed.answer)({ items: [secret], next_cursor: null, more: 1 })).toEqual({
    items: [challenge],
    next_cursor: null,
  });
  expect(pickerOf(endpoints.challenge.answer)(secret)).toEqual(challenge);
});

test.each([
  { guess_count: 0.5 },
  { guess_count: '0' },
  { title: null },
  { title: 1 },
  { has_guessed: 1 },
  { status: 'merging' },
  { is_author: true },
  { author: null },
  { author: { id: ID, username: 'x' } },
  { statements: 'abc' },
  { statements: ['a', 2, 'c'] },
  { segments: [{ start_seconds: Number.NaN, end_seconds: 1 }] },
  { video_url: undefined },
])('a value of another kind throws and is not told: %j', (change) => {
  const pick = pickerOf(PublicChallenge);
  expect(() => pick({ ...challenge, ...change })).toThrow(new RegExp(`does not fit its schema at /${Object.keys(change)[0]}`));
  expect(() => pick(null)).toThrow('does not fit');
});

test('what the picker does not know is left to zod, with all its checks', () => {
  const pick = pickerOf(z.object({ one: z.union([z.literal(0), z.string().min(2)]), two: z.strictObject({ a: z.int() }) }));
  expect(pick({ one: 'ab', two: { a: 1 }, three: 3 })).toEqual({ one: 'ab', two: { a: 1 } });
  expect(() => pick({ one: 'a', two: { a: 1 } })).toThrow();
  expect(() => pick({ one: 0, two: { a: 1, b: 1 } })).toThrow();
});

test('every answer of the contract has a picker', () => {
  for (const { answer } of Object.values<Endpoint>(endpoints)) {
    expect(pickerOf(answer)).toBeTypeOf('function');
  }
});
