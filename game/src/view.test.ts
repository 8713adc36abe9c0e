import { describe, expect, test } from 'vitest';
import { type ChallengeState, STATES, statusOf } from './challenge.ts';
import { type ChallengeFacts, mayReveal, viewFor } from './view.ts';

const AUTHOR = 'author';
const facts = (over: Partial<ChallengeFacts> = {}): ChallengeFacts => ({
  id: 'challenge',
  author: { id: AUTHOR, username: 'maya', is_house: false },
  state: 'published',
  title: 'Jobs',
  prompt: null,
  story: 'The second is a lie.',
  statements: ['a', 'b', 'c'],
  audience: 'public',
  transition: 'none',
  segments: [],
  video_hash: 'f'.repeat(64),
  poster_hash: null,
  commitment: 'c'.repeat(64),
  guess_count: 3,
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-02T00:00:00.000Z',
  published_at: '2026-01-02T00:00:00.000Z',
  failure: null,
  clips: [],
  lie_index: 1,
  ...over,
});
const stranger = { player_id: 'somebody', has_guessed: false };
const guesser = { player_id: 'somebody', has_guessed: true };
const nobody = { player_id: null, has_guessed: false };
const author = { player_id: AUTHOR, has_guessed: false };

describe('viewFor', () => {
  test.each(STATES)('law: a stranger sees a challenge in state %s only where it is published', (state: ChallengeState) => {
    for (const viewer of [stranger, guesser, nobody]) {
      expect(viewFor(facts({ state }), viewer) !== null).toBe(state === 'published');
    }
  });

  test.each(STATES)('law: the author sees state %s unless it was removed', (state: ChallengeState) => {
    const view = viewFor(facts({ state }), author);
    expect(view !== null).toBe(state !== 'removed');
    expect(view === null || view.status === statusOf(state)).toBe(true);
  });

  test('law: what others see is the same whatever the lie, the story and the clips are', () => {
    for (const viewer of [stranger, guesser, nobody]) {
      const views = ([0, 1, 2, null] as const).map((lie_index) =>
        JSON.stringify(viewFor(facts({ lie_index, story: `It was ${lie_index}`, updated_at: `${lie_index}` }), viewer)),
      );
      expect(new Set(views).size).toBe(1);
      expect(Object.keys(viewFor(facts(), viewer) ?? {})).not.toContain('lie_index');
    }
  });

  test('the author sees their lie, clips and failure', () => {
    expect(viewFor(facts(), author)).toMatchObject({ is_author: true, lie_index: 1, clips: [], failure: null, audience: 'public' });
  });
});

describe('mayReveal', () => {
  test.each([
    ['the author', author, 'draft', true],
    ['the author of a removed one', author, 'removed', false],
    ['a guesser', guesser, 'published', true],
    ['a guesser of a hidden one', guesser, 'hidden', false],
    ['somebody who has not guessed', stranger, 'published', false],
    ['nobody', nobody, 'published', false],
  ] as const)('%s', (_name, viewer, state, expected) => {
    expect(mayReveal(facts({ state }), viewer)).toBe(expected);
  });
});
