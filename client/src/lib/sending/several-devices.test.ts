/** The slice with drafts of other devices, other tabs' ends, other accounts, and takes that a crash has left. */
import { describe, expect, jest, test } from '@jest/globals';
import { baseUrl } from '../base-url.ts';
import { playerChanged } from '../store/auth-slice.ts';
import { challengeActions, challengeReducer } from './challenge-slice.ts';
import type { ChallengeState } from './challenge-state.ts';
import { type ClipSending, type Draft, freshWait, takesOf } from './draft.ts';
import { sortLostTakes } from './find-lost-takes.ts';
import { buildChallenge, buildClip, buildDraft, buildServerClip, buildTake } from './test/build-draft.ts';

jest.mock('@react-native-async-storage/async-storage', () =>
  jest.requireActual('@react-native-async-storage/async-storage/jest/async-storage-mock'),
);

const ME = { id: 'me', is_guest: false, server: baseUrl() };
const READY: ClipSending = { status: 'ready', notices: [] };
const review: Draft['review'] = { index: 2, take: buildTake('r'), ended_by: 'author' };

function run(drafts: Draft[], ...actions: Parameters<typeof challengeReducer>[1][]): Draft[] {
  const state: ChallengeState = {
    drafts: Object.fromEntries(drafts.map((draft) => [draft.id, draft])),
    is_loaded: true,
    is_online: true,
    player: ME,
  };
  return Object.values(actions.reduce(challengeReducer, state).drafts);
}

const takes = (drafts: Draft[]) => drafts.flatMap(takesOf).sort();
const list = (...challenges: ReturnType<typeof buildChallenge>[]) => challengeActions.serverDraftsSeen({ challenges, is_complete: true });
const local = (overrides: Partial<Draft> = {}) => buildDraft({ challenge_id: 'challenge', owner: ME, ...overrides });

describe('the server lists what the player has begun', () => {
  test('a draft of another device comes with its words and its clips, once', () => {
    const seen = list(buildChallenge({ title: 'far', clips: [buildServerClip()] }), buildChallenge({ id: 'out', status: 'published' }));
    const drafts = run([], seen, seen);
    expect(drafts).toHaveLength(1);
    expect(drafts[0]).toMatchObject({
      id: 'challenge',
      title: 'far',
      owner: ME,
      clips: [{ origin: 'elsewhere', sending: READY }, null, null],
    });
  });

  test('it goes when it was deleted there; one with a recording of ours stays', () => {
    const here = local({ id: 'here', challenge_id: 'gone', clips: [buildClip('a'), null, null] });
    expect(takes(run([here], list(buildChallenge({ clips: [buildServerClip()] })), list()))).toEqual(['a']);
  });

  test('a list that is quicker than the answer to "create" makes no second draft', () => {
    const created = challengeActions.challengeCreated({ id: 'draft', challenge_id: 'challenge' });
    const record = challengeActions.takeRecorded({ id: 'challenge', index: 1, take: buildTake('b'), ended_by: 'author', now_ms: 1 });
    const drafts = run([buildDraft({ clips: [buildClip('a'), null, null] })], list(buildChallenge()), record, created);
    expect(drafts.map(({ id }) => id)).toEqual(['draft']);
    expect(takes(drafts)).toEqual(['a', 'b']);
  });

  test('what is published elsewhere leaves our unsent recordings in a draft of their own', () => {
    const draft = local({ clips: [buildClip('a', READY, { clip_id: 'A' }), buildClip('b'), null], review });
    const clips = [buildServerClip({ id: 'A' }), buildServerClip({ id: 'B', segment_index: 1 })];
    const drafts = run([draft], list(buildChallenge({ status: 'published', clips })));
    expect(drafts.map(({ id, publishing }) => [id, publishing.status])).toEqual([
      ['draft', 'done'],
      ['draft-left', 'editing'],
    ]);
    expect(takesOf(drafts[0] as Draft)).toEqual(['a']);
    expect(takesOf(drafts[1] as Draft)).toEqual(['b', 'r']);
  });
});

describe('two recordings of one statement', () => {
  const rival = buildServerClip({ id: 'rival' });
  const contested = local({ clips: [buildClip('a', { status: 'contested', rival }), null, null] });

  test.each<['mine' | 'theirs', Record<string, unknown>, string[]]>([
    ['mine', { take_id: 'a', sending: freshWait(), replaces_clip_id: 'rival' }, ['a']],
    ['theirs', { origin: 'elsewhere', clip_id: 'rival' }, ['a']],
  ])('the author takes %s; the other is kept', (use, clip, kept) => {
    const drafts = run([contested], challengeActions.contestSettled({ id: 'draft', index: 0, use }));
    expect(drafts[0]?.clips[0]).toMatchObject(clip);
    expect(takes(drafts)).toEqual(kept);
  });

  test('what another device has recorded is not moved from here', () => {
    const seen = run([], list(buildChallenge({ clips: [buildServerClip()] })));
    const swapped = run(seen, challengeActions.statementsSwapped({ id: 'challenge', a: 0, b: 1, now_ms: 1 }));
    expect(swapped).toEqual(seen.map((draft) => ({ ...draft, updated_at_ms: 1 })));
  });
});

test.each([
  ['a guest that is gone leaves recordings to who plays next', { id: 'guest', is_guest: true, server: baseUrl() }, null, 1],
  ['an account keeps its own until it is back', { id: 'other', is_guest: false, server: baseUrl() }, 'challenge', 0],
  ['another server gets them anew', { id: 'there', is_guest: false, server: 'https://other' }, null, 1],
])('%s', (_name, owner, challenge_id, generation) => {
  const draft = local({ owner, clips: [buildClip('a', READY), null, null] });
  const [after] = run([draft], playerChanged({ id: 'me', username: 'maya', is_guest: false }));
  expect(after).toMatchObject({ challenge_id, generation, clips: [{ take_id: 'a' }, null, null] });
});

test('a crash leaves: what is offered, what is worth nothing, what is somebody’s', () => {
  const stored = (take_id: string, draft_id: string, duration_seconds = 5) => ({
    draft_id,
    index: 0 as const,
    take: buildTake(take_id, { duration_seconds }),
  });
  const drafts = { busy: buildDraft({ id: 'busy', review }), known: buildDraft({ id: 'known', clips: [buildClip('named'), null, null] }) };
  const kept = [
    stored('named', 'known'),
    stored('held', 'known'),
    stored('late', 'busy'),
    stored('short', 'known', 0.4),
    stored('a', 'known'),
    stored('b', 'known'),
    stored('c', 'lost'),
  ];
  const { offered, worthless } = sortLostTakes(drafts, kept, new Set(['held']));
  expect(offered.map(({ take }) => take.take_id)).toEqual(['a', 'c']);
  expect(worthless.map(({ take }) => take.take_id)).toEqual(['short']);
});
