import { describe, expect, jest, test } from '@jest/globals';
import { playerChanged } from '../store/auth-slice.ts';
import { onlineChanged } from '../store/ui-slice.ts';
import { challengeActions, challengeReducer } from './challenge-slice.ts';
import { type ClipSending, type Draft, freshWait } from './draft.ts';
import { buildChallenge, buildDraft, buildServerClip } from './test/build-draft.ts';
import { type Action, CHECKING, outcome, READY, stateWith, withClip } from './test/outcome.ts';

jest.mock('@react-native-async-storage/async-storage', () =>
  jest.requireActual('@react-native-async-storage/async-storage/jest/async-storage-mock'),
);

const SENDING: ClipSending = { status: 'sending', upload_url: '/u/1', sent_bytes: 400, attempts: 2 };
const WAITING: ClipSending = { status: 'waiting', upload_url: '/u/1', sent_bytes: 400, attempts: 2, retry_at_ms: 90 };
const REFUSED: ClipSending = { status: 'refused', reasons: ['too_short'] };
const BLOCKED: ClipSending = { status: 'blocked', problem: 'clip_too_large' };
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
