import { describe, expect, test } from '@jest/globals';
import type { ClipSending, Draft } from './draft.ts';
import { NO_TEXT } from './draft-text.ts';
import { needsFollowing, planNext } from './plan.ts';
import { buildClip, buildDraft, buildServerClip } from './test/build-draft.ts';

const NOW = 1_000_000;
const READY: ClipSending = { status: 'ready', notices: [] };
const waiting = (retry_at_ms = 0): ClipSending => ({ status: 'waiting', upload_url: null, sent_bytes: 0, attempts: 0, retry_at_ms });
const clip = (name: string, sending: ClipSending) => buildClip(name, sending);
const three = (a: ClipSending, b: ClipSending, c: ClipSending): Draft['clips'] => [clip('a', a), clip('b', b), clip('c', c)];
const base = { challenge_id: 'challenge', server_status: 'draft' } as const;
const requested = { status: 'requested' } as const;

function plan(...drafts: Draft[]) {
  return planNext(
    {
      drafts: Object.fromEntries(drafts.map((draft) => [draft.id, draft])),
      is_loaded: true,
      is_online: true,
      player: { id: 'me', is_guest: false, server: '' },
    },
    NOW,
  );
}

function word(planned: ReturnType<typeof planNext>): string {
  if (planned.job === null) {
    return planned.look_at_ms === null ? 'rest' : `look at ${planned.look_at_ms - NOW}`;
  }
  return planned.job.kind === 'send' ? `send ${planned.job.clip.take_id}` : planned.job.kind;
}

describe('planNext', () => {
  const rows: [string, Partial<Draft>, string][] = [
    ['nothing recorded', {}, 'rest'],
    ['only looked at', { review: { index: 0, take: clip('a', waiting()), ended_by: 'author' } }, 'rest'],
    ['the first clip kept', { clips: [clip('a', waiting()), null, null] }, 'create'],
    ['creating has failed', { clips: [clip('a', waiting()), null, null], retry_at_ms: NOW + 500 }, 'look at 500'],
    ['a clip waits', { ...base, clips: [null, clip('b', waiting()), null] }, 'send b'],
    ['the lower statement first', { ...base, clips: three(waiting(), waiting(), waiting()) }, 'send a'],
    [
      'the one that may go now before one that sits out a failure',
      { ...base, clips: three(waiting(NOW + 900), waiting(), READY) },
      'send b',
    ],
    ['all sit out a failure', { ...base, clips: three(waiting(NOW + 900), waiting(NOW + 300), READY) }, 'look at 300'],
    ['all ready, not asked to publish', { ...base, clips: three(READY, READY, READY) }, 'rest'],
    ['asked with a clip still to send', { ...base, publishing: requested, clips: three(READY, READY, waiting()) }, 'send c'],
    ['asked with a clip missing', { ...base, publishing: requested, clips: [clip('a', READY), clip('b', READY), null] }, 'rest'],
    [
      'asked with a clip refused',
      { ...base, publishing: requested, clips: three(READY, READY, { status: 'refused', reasons: ['damaged'] }) },
      'rest',
    ],
    ['asked with a clip in check', { ...base, publishing: requested, clips: three(READY, READY, { status: 'checking' }) }, 'process'],
    [
      'asked after a failed step',
      { ...base, server_status: 'failed', publishing: requested, clips: three(READY, READY, READY) },
      'process',
    ],
    ['the server is at work', { ...base, server_status: 'processing', publishing: requested, clips: three(READY, READY, READY) }, 'rest'],
    ['merged', { ...base, server_status: 'ready', publishing: requested, clips: three(READY, READY, READY) }, 'publish'],
    [
      'merged, publishing has failed',
      { ...base, server_status: 'ready', publishing: requested, retry_at_ms: NOW + 70, clips: three(READY, READY, READY) },
      'look at 70',
    ],
    [
      'the terms are missing',
      { ...base, server_status: 'ready', publishing: { status: 'needs', problem: 'terms_required' }, clips: three(READY, READY, READY) },
      'rest',
    ],
    ['words that the server has not heard', { ...base, title: 'x', edited_at_ms: NOW - 5000 }, 'text'],
    ['words still being written', { ...base, title: 'x', edited_at_ms: NOW - 500 }, 'look at 1500'],
    ['words that it knows', { ...base, title: 'x ', server_text: { ...NO_TEXT, title: 'x' }, edited_at_ms: NOW - 5000 }, 'rest'],
    ['words wait for a clip', { ...base, title: 'x', clips: [clip('a', waiting()), null, null] }, 'send a'],
    [
      'a clip that another device has filled',
      { ...base, clips: [clip('a', { status: 'contested', rival: buildServerClip() }), null, null] },
      'rest',
    ],
    ['a backoff from before the clock was set back', { ...base, clips: [clip('a', waiting(NOW + 1e9)), null, null] }, 'send a'],
    [
      'another account plays here',
      { ...base, owner: { id: 'other', is_guest: false, server: '' }, clips: [clip('a', waiting()), null, null] },
      'rest',
    ],
    ['published', { ...base, publishing: { status: 'done', as: 'published' } }, 'clean'],
    ['published and cleaned', { ...base, publishing: { status: 'done', as: 'published' }, is_cleaned: true }, 'rest'],
    ['just deleted', { ...base, deleted_at_ms: NOW }, 'look at 10000'],
    ['deleted, the time for an undo is over', { ...base, deleted_at_ms: NOW - 10_000 }, 'erase'],
  ];

  test.each(rows)('%s: %#', (_name, overrides, expected) => {
    expect(word(plan(buildDraft(overrides)))).toBe(expected);
  });

  test('what the author waits for comes first, then the oldest', () => {
    const waitingDraft = (id: string, overrides: Partial<Draft>) =>
      buildDraft({ ...base, id, clips: [clip(id, waiting()), null, null], ...overrides });
    const old = waitingDraft('old', { created_at_ms: 1 });
    const young = waitingDraft('young', { created_at_ms: 2 });
    expect(word(plan(young, old))).toBe('send old');
    expect(word(plan({ ...young, publishing: requested }, old))).toBe('send young');
  });

  test.each([
    ['offline', { is_loaded: true, is_online: false, player: null }],
    ['before the kept drafts were read', { is_loaded: false, is_online: true, player: null }],
  ])('%s nothing is sent', (_name, flags) => {
    const draft = buildDraft({ ...base, clips: [clip('a', waiting()), null, null] });
    expect(planNext({ drafts: { draft }, ...flags }, NOW)).toEqual({ job: null, look_at_ms: null });
  });
});

describe('needsFollowing', () => {
  test.each<[string, Partial<Draft>, boolean]>([
    ['no challenge yet', { clips: three({ status: 'checking' }, READY, READY) }, false],
    ['a clip in check', { ...base, clips: three({ status: 'checking' }, READY, READY) }, true],
    ['all ready', { ...base, clips: three(READY, READY, READY) }, false],
    ['processing', { ...base, server_status: 'processing' }, true],
    ['published', { ...base, server_status: 'processing', publishing: { status: 'done', as: 'published' } }, false],
    ['deleted', { ...base, server_status: 'processing', deleted_at_ms: 1 }, false],
  ])('%s: %s', (_name, overrides, expected) => {
    expect(needsFollowing(buildDraft(overrides))).toBe(expected);
  });
});
