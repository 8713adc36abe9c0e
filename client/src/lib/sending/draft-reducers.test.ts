import { describe, expect, jest, test } from '@jest/globals';
import { challengeActions } from './challenge-slice.ts';
import { freshWait, takesOf } from './draft.ts';
import { buildClip, buildDraft, buildServerClip, buildTake } from './test/build-draft.ts';
import { CHECKING, outcome, READY, withClip } from './test/outcome.ts';

jest.mock('@react-native-async-storage/async-storage', () =>
  jest.requireActual('@react-native-async-storage/async-storage/jest/async-storage-mock'),
);

describe('recording', () => {
  const recorded = challengeActions.takeRecorded({ id: 'draft', index: 0, take: buildTake('new'), ended_by: 'author', now_ms: 5 });
  const kept = challengeActions.takeKept({ id: 'draft', now_ms: 6 });

  test('a take is looked at before it counts', () => {
    const draft = outcome(withClip(READY), recorded);
    expect(draft.review).toEqual({ index: 0, take: buildTake('new'), ended_by: 'author' });
    expect(draft.clips[0]?.take_id).toBe('take');
  });

  test('a kept take replaces the one before, from the beginning', () => {
    const seen = challengeActions.clipSeen({ id: 'draft', clip: buildServerClip({ id: 'old-clip' }) });
    const draft = outcome(withClip(CHECKING), seen, recorded, kept);
    expect(draft.clips[0]).toMatchObject({ take_id: 'new', sending: freshWait(), clip_id: null, replaces_clip_id: 'old-clip' });
    expect(draft.review).toBeNull();
  });

  test('news of the replaced clip is not taken for news of the new one', () => {
    const old = buildServerClip({ id: 'old-clip', status: 'refused', reasons: ['damaged'] });
    const seen = challengeActions.clipSeen({ id: 'draft', clip: old });
    const draft = outcome(withClip(CHECKING), seen, recorded, kept, challengeActions.sendDone({ take_id: 'new' }), seen);
    expect(draft.clips[0]?.sending).toEqual(CHECKING);
    const news = challengeActions.clipSeen({ id: 'draft', clip: buildServerClip({ id: 'new-clip' }) });
    expect(outcome(draft, news).clips[0]?.sending).toEqual(READY);
  });

  test.each([
    [
      'recorded over an unkept one',
      [recorded, challengeActions.takeRecorded({ id: 'draft', index: 0, take: buildTake('newer'), ended_by: 'author', now_ms: 7 })],
      ['take', 'newer', 'new'],
    ],
    ['kept', [recorded, kept], ['new', 'take']],
    ['rejected', [recorded, challengeActions.takeRejected({ id: 'draft', now_ms: 7 })], ['take', 'new']],
    ['the challenge was lost', [recorded, kept, challengeActions.challengeLost({ id: 'draft' })], ['new', 'take']],
    [
      'deleted and restored',
      [recorded, challengeActions.draftDeleted({ id: 'draft', now_ms: 7 }), challengeActions.draftRestored({ id: 'draft', now_ms: 8 })],
      ['take', 'new'],
    ],
  ])('no take is forgotten: %s', (_name, actions, takes) => {
    expect(takesOf(outcome(withClip(READY), ...actions))).toEqual(takes);
  });

  test('statements change places with their clips, lines and lie; both are sent again', () => {
    const draft = buildDraft({
      clips: [buildClip('a', READY, { clip_id: 'A' }), buildClip('b', READY, { clip_id: 'B' }), null],
      statements: ['x', 'y', ''],
      lie_index: 0,
    });
    const swapped = outcome(draft, challengeActions.statementsSwapped({ id: 'draft', a: 0, b: 1, now_ms: 1 }));
    expect(swapped.statements).toEqual(['y', 'x', '']);
    expect(swapped.lie_index).toBe(1);
    expect(swapped.clips[0]).toMatchObject({ take_id: 'b', sending: freshWait(), replaces_clip_id: 'A' });
    expect(swapped.clips[1]).toMatchObject({ take_id: 'a', sending: freshWait(), replaces_clip_id: 'B' });
  });
});

test('a draft is begun once', () => {
  const begun = challengeActions.draftBegun({ id: 'draft', now_ms: 9 });
  expect(outcome(buildDraft({ title: 'kept' }), begun).title).toBe('kept');
});
