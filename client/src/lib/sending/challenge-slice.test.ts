import { describe, expect, jest, test } from '@jest/globals';
import { playerChanged } from '../store/auth-slice.ts';
import { onlineChanged } from '../store/ui-slice.ts';
import { type ChallengeState, challengeActions, challengeReducer } from './challenge-slice.ts';
import { type ClipSending, type Draft, freshWait, takesOf } from './draft.ts';
import { buildChallenge, buildClip, buildDraft, buildServerClip, buildTake } from './test/build-draft.ts';

jest.mock('@react-native-async-storage/async-storage', () =>
  jest.requireActual('@react-native-async-storage/async-storage/jest/async-storage-mock'),
);

type Action = Parameters<typeof challengeReducer>[1];

const SENDING: ClipSending = { status: 'sending', upload_url: '/u/1', sent_bytes: 400, attempts: 2 };
const WAITING: ClipSending = { status: 'waiting', upload_url: '/u/1', sent_bytes: 400, attempts: 2, retry_at_ms: 90 };
const CHECKING: ClipSending = { status: 'checking' };
const READY: ClipSending = { status: 'ready', notices: [] };
const REFUSED: ClipSending = { status: 'refused', reasons: ['too_short'] };
const BLOCKED: ClipSending = { status: 'blocked', problem: 'clip_too_large' };

function stateWith(draft: Draft): ChallengeState {
  return { drafts: { [draft.id]: draft }, is_loaded: true, is_online: true, player: null };
}

function outcome(draft: Draft, ...actions: Action[]): Draft {
  const next = actions.reduce(challengeReducer, stateWith(draft)).drafts[draft.id];
  if (next === undefined) {
    throw new Error('the draft is gone');
  }
  return next;
}

const withClip = (sending: ClipSending) => buildDraft({ challenge_id: 'challenge', clips: [buildClip('take', sending), null, null] });
const take_id = 'take';

describe('a clip on its way', () => {
  const rows: [string, ClipSending, Action, ClipSending][] = [
    ['started', WAITING, challengeActions.sendStarted({ take_id }), SENDING],
    ['started twice', SENDING, challengeActions.sendStarted({ take_id }), SENDING],
    ['started after it was ready', READY, challengeActions.sendStarted({ take_id }), READY],
    [
      'progress ends the count of failures',
      SENDING,
      challengeActions.sendProgressed({ take_id, sent_bytes: 600, upload_url: null }),
      { status: 'sending', upload_url: '/u/1', sent_bytes: 600, attempts: 0 },
    ],
    [
      'progress that starts over keeps the count',
      SENDING,
      challengeActions.sendProgressed({ take_id, sent_bytes: 0, upload_url: '/u/2' }),
      { status: 'sending', upload_url: '/u/2', sent_bytes: 0, attempts: 2 },
    ],
    ['late progress', WAITING, challengeActions.sendProgressed({ take_id, sent_bytes: 900, upload_url: '/u/9' }), WAITING],
    ['sent', SENDING, challengeActions.sendDone({ take_id }), CHECKING],
    ['failed', SENDING, challengeActions.sendFailed({ take_id, retry_at_ms: 90 }), { ...WAITING, attempts: 3 }],
    ['blocked', SENDING, challengeActions.sendBlocked({ take_id, problem: 'clip_too_large' }), BLOCKED],
    ['tried again', BLOCKED, challengeActions.sendRetried({ take_id }), freshWait()],
    ['offline', SENDING, onlineChanged(false), { ...WAITING, retry_at_ms: 0 }],
    ['offline while checking', CHECKING, onlineChanged(false), CHECKING],
    ['online', WAITING, onlineChanged(true), { ...WAITING, retry_at_ms: 0 }],
    ['foreground', WAITING, challengeActions.woken(), { ...WAITING, retry_at_ms: 0 }],
    ['restarted while sending', SENDING, challengeActions.restarted({ drafts: {} }), { ...WAITING, retry_at_ms: 0 }],
    ['restarted while blocked', BLOCKED, challengeActions.restarted({ drafts: {} }), BLOCKED],
    ['ready', CHECKING, challengeActions.clipSeen({ id: 'draft', clip: buildServerClip() }), READY],
    [
      'ready with a notice',
      CHECKING,
      challengeActions.clipSeen({ id: 'draft', clip: buildServerClip({ notices: ['no_sound'] }) }),
      { status: 'ready', notices: ['no_sound'] },
    ],
    [
      'refused',
      CHECKING,
      challengeActions.clipSeen({ id: 'draft', clip: buildServerClip({ status: 'refused', reasons: ['too_short'] }) }),
      REFUSED,
    ],
    ['news while sending is of another clip', SENDING, challengeActions.clipSeen({ id: 'draft', clip: buildServerClip() }), SENDING],
    ['another take', SENDING, challengeActions.sendDone({ take_id: 'other' }), SENDING],
    [
      'logged in',
      { status: 'blocked', problem: 'session_ended' },
      playerChanged({ id: 'p', username: 'maya', is_guest: false }),
      freshWait(),
    ],
    ['logged in, too large all the same', BLOCKED, playerChanged({ id: 'p', username: 'maya', is_guest: false }), BLOCKED],
  ];

  test.each(rows)('%s', (_name, before, action, expected) => {
    expect(outcome(withClip(before), action).clips[0]?.sending).toEqual(expected);
  });
});

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

describe('publishing', () => {
  const asked = challengeActions.publishAsked({ id: 'draft', now_ms: 1 });
  const seen = (overrides: Parameters<typeof buildChallenge>[0]) =>
    challengeActions.challengeSeen({ id: 'draft', challenge: buildChallenge(overrides) });

  const rows: [string, Action[], Draft['publishing']][] = [
    ['asked', [asked], { status: 'requested' }],
    ['processing', [asked, seen({ status: 'processing' })], { status: 'requested' }],
    ['published', [asked, seen({ status: 'published' })], { status: 'done', as: 'published' }],
    ['held', [asked, seen({ status: 'held' })], { status: 'done', as: 'held' }],
    [
      'a step has failed',
      [asked, seen({ status: 'failed', failure: { step: 'merge-clips', reason: 'disk' } })],
      { status: 'failed', step: 'merge-clips', reason: 'disk' },
    ],
    ['failed, asked again', [asked, seen({ status: 'failed' }), asked], { status: 'requested' }],
    [
      'the terms are missing',
      [asked, challengeActions.publishNeeds({ id: 'draft', problem: 'terms_required' })],
      { status: 'needs', problem: 'terms_required' },
    ],
    ['withdrawn', [asked, challengeActions.publishWithdrawn({ id: 'draft' })], { status: 'editing' }],
    [
      'withdrawn too late',
      [asked, seen({ status: 'processing' }), challengeActions.publishWithdrawn({ id: 'draft' })],
      { status: 'requested' },
    ],
    ['asked after the end', [asked, seen({ status: 'published' }), asked], { status: 'done', as: 'published' }],
  ];

  test.each(rows)('%s', (_name, actions, expected) => {
    expect(outcome(withClip(READY), ...actions).publishing).toEqual(expected);
  });

  test('a clip refused during the merge makes it a draft again that still wants to be published', () => {
    const clip = buildServerClip({ status: 'refused', reasons: ['damaged'] });
    const draft = outcome(withClip(CHECKING), asked, seen({ status: 'processing' }), seen({ status: 'draft', clips: [clip] }));
    expect(draft).toMatchObject({ server_status: 'draft', publishing: { status: 'requested' } });
    expect(draft.clips[0]?.sending).toEqual({ status: 'refused', reasons: ['damaged'] });
  });

  test('clips that the server does not have are sent again', () => {
    const draft = outcome(withClip(READY), challengeActions.clipsFoundMissing({ id: 'draft', challenge: buildChallenge() }));
    expect(draft.clips[0]?.sending).toEqual(freshWait());
  });

  test('a lost challenge is made anew under another key', () => {
    const draft = outcome(withClip(READY), challengeActions.challengeLost({ id: 'draft' }));
    expect(draft).toMatchObject({ challenge_id: null, server_status: null, generation: 1 });
    expect(draft.clips[0]?.sending).toEqual(freshWait());
  });
});

test('drafts of this session stay when the kept ones are read', () => {
  const state = challengeReducer(
    stateWith(buildDraft({ id: 'now' })),
    challengeActions.restarted({ drafts: { before: buildDraft({ id: 'before' }) } }),
  );
  expect(Object.keys(state.drafts).sort()).toEqual(['before', 'now']);
});

test('a draft is begun once', () => {
  const begun = challengeActions.draftBegun({ id: 'draft', now_ms: 9 });
  expect(outcome(buildDraft({ title: 'kept' }), begun).title).toBe('kept');
});
