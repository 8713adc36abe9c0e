import { expect, test } from '@jest/globals';
import type { Draft } from './draft.ts';
import { draftFromElsewhere, draftOf, draftsOnTheirWay, openDraft } from './select-draft.ts';
import { buildClip, buildDraft } from './test/build-draft.ts';

const state = (...drafts: Draft[]) => ({
  drafts: Object.fromEntries(drafts.map((draft) => [draft.id, draft])),
  is_loaded: true,
  is_online: true,
  player: null,
});
const requested = { status: 'requested' } as const;

test.each<[string, Draft[], string | undefined]>([
  ['none', [], undefined],
  ['the newest', [buildDraft({ id: 'old', title: 'x', updated_at_ms: 1 }), buildDraft({ id: 'new', title: 'x', updated_at_ms: 2 })], 'new'],
  [
    'one with something in it',
    [buildDraft({ id: 'full', title: 'x', updated_at_ms: 1 }), buildDraft({ id: 'empty', updated_at_ms: 2 })],
    'full',
  ],
  ['not one on its way', [buildDraft({ id: 'gone', title: 'x', publishing: requested }), buildDraft({ id: 'empty' })], 'empty'],
  ['one that needs its author', [buildDraft({ id: 'needs', publishing: { status: 'needs', problem: 'terms_required' } })], 'needs'],
  ['not a deleted one', [buildDraft({ id: 'deleted', deleted_at_ms: 1 })], undefined],
  ['not one of another device', [buildDraft({ id: 'far', challenge_id: 'far', title: 'x' }), buildDraft({ id: 'empty' })], 'empty'],
  [
    'one of another device once it was recorded for',
    [buildDraft({ id: 'far', challenge_id: 'far', clips: [buildClip('a'), null, null] })],
    'far',
  ],
  ['not a published one', [buildDraft({ id: 'out', publishing: { status: 'done', as: 'published' } })], undefined],
])('the draft being made: %s', (_name, drafts, expected) => {
  expect(openDraft(state(...drafts))?.id).toBe(expected);
});

test.each<[string, Draft[], string | undefined]>([
  [
    'the one changed last, by the server’s word',
    [
      buildDraft({ id: 'new', challenge_id: 'new', title: 'x', server_updated_at: '2026-11-02T12:00:00.000Z' }),
      buildDraft({ id: 'old', challenge_id: 'old', title: 'x', server_updated_at: '2026-11-01T12:00:00.000Z', updated_at_ms: 9 }),
    ],
    'new',
  ],
  ['not an empty one', [buildDraft({ id: 'empty', challenge_id: 'empty' })], undefined],
  ['not one of this device', [buildDraft({ id: 'here', challenge_id: 'challenge', title: 'x' })], undefined],
  ['not one on its way', [buildDraft({ id: 'way', challenge_id: 'way', title: 'x', publishing: requested })], undefined],
])('the draft of another device: %s', (_name, drafts, expected) => {
  expect(draftFromElsewhere(state(...drafts))?.id).toBe(expected);
});

test('a draft is found by its own id and by its challenge, unless it is deleted', () => {
  const drafts = state(buildDraft({ id: 'a', challenge_id: 'c' }), buildDraft({ id: 'b', deleted_at_ms: 1 }));
  expect(draftOf(drafts, 'a')?.id).toBe('a');
  expect(draftOf(drafts, 'c')?.id).toBe('a');
  expect(draftOf(drafts, 'b')).toBeNull();
  expect(draftOf(drafts, 'x')).toBeNull();
});

test('what is on its way, of who plays now', () => {
  const drafts = state(
    buildDraft({ id: 'way', publishing: requested }),
    buildDraft({ id: 'first', deleted_at_ms: 1 }),
    buildDraft({ id: 'other', publishing: requested, owner: { id: 'other', is_guest: false, server: '' } }),
    buildDraft({ id: 'guest', publishing: requested, owner: { id: 'gone', is_guest: true, server: '' } }),
  );
  const player = { id: 'me', is_guest: false, server: '' };
  expect(draftsOnTheirWay({ ...drafts, player }).map((draft) => draft.id)).toEqual(['way', 'guest']);
});
