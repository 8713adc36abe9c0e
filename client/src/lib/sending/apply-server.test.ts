import type { OwnChallenge } from '@2t1l/contract/schemas';
import { describe, expect, test } from '@jest/globals';
import { applyChallenge, clipFromElsewhere, meetClip } from './apply-server.ts';
import type { ClipSending, Draft, LocalClip } from './draft.ts';
import { freshWait } from './draft.ts';
import { NO_TEXT } from './draft-text.ts';
import { buildChallenge, buildClip, buildDraft, buildServerClip } from './test/build-draft.ts';

const READY: ClipSending = { status: 'ready', notices: [] };
const BEGUN: ClipSending = { status: 'waiting', upload_url: '/u', sent_bytes: 1000, attempts: 1, retry_at_ms: 0 };
const SENDING: ClipSending = { status: 'sending', upload_url: '/u', sent_bytes: 10, attempts: 0 };
const there = buildServerClip({ id: 'there' });
const mine = (sending: ClipSending, overrides: Partial<LocalClip> = {}) => buildClip('take', sending, overrides);

describe('one place on two devices', () => {
  const rows: [string, LocalClip | null, ClipSending['status'] | 'elsewhere' | 'empty'][] = [
    ['nothing here', null, 'elsewhere'],
    ['seen before', clipFromElsewhere(buildServerClip({ id: 'older' })), 'elsewhere'],
    ['a recording that waits', mine(freshWait()), 'contested'],
    ['a recording that is to replace it', mine(freshWait(), { replaces_clip_id: 'there' }), 'waiting'],
    ['on its way: nobody can tell yet', mine(SENDING), 'sending'],
    ['sent to the last byte, the answer lost', mine(BEGUN, { size_bytes: there.size_bytes }), 'ready'],
    ['half sent', mine(BEGUN), 'contested'],
    ['arrived as this one', mine({ status: 'checking' }, { clip_id: 'there' }), 'ready'],
    ['arrived as another one', mine(READY, { clip_id: 'here' }), 'contested'],
    ['arrived, as which one was not said', mine({ status: 'checking' }), 'ready'],
    ['stuck', mine({ status: 'blocked', problem: 'unauthenticated' }), 'contested'],
  ];

  test.each(rows)('the server has a clip; here: %s', (_name, local, expected) => {
    const met = meetClip(local, there);
    expect(met?.origin === 'elsewhere' ? 'elsewhere' : met?.sending.status).toBe(expected);
    // What was recorded here is still the clip of this place, whatever is asked.
    expect(met?.take_id).toBe(local?.origin === 'here' ? 'take' : 'elsewhere-there');
  });

  test('the server has none: what is here stays, what was elsewhere is gone', () => {
    const local = mine(READY, { clip_id: 'here' });
    expect(meetClip(local, null)).toBe(local);
    expect(meetClip(clipFromElsewhere(there), null)).toBeNull();
  });
});

describe('texts on two devices', () => {
  const at = (minute: number) => `2026-11-01T12:0${minute}:00.000Z`;
  const edited = (title: string, minute: number): Partial<Draft> => ({ title, edited_at_ms: Date.parse(at(minute)) });
  const rows: [string, Partial<Draft>, Partial<OwnChallenge>, string][] = [
    ['only there', { title: 'before' }, { title: 'theirs', updated_at: at(5) }, 'theirs'],
    ['only here', edited('mine', 1), { title: 'before', updated_at: at(5) }, 'mine'],
    ['both, later here', edited('mine', 6), { title: 'theirs', updated_at: at(5) }, 'mine'],
    ['both, later there', edited('mine', 4), { title: 'theirs', updated_at: at(5) }, 'theirs'],
    ['both the same', edited('same', 4), { title: 'same', updated_at: at(5) }, 'same'],
    ['a blank that is still being typed', edited('before ', 4), { title: 'before', updated_at: at(5) }, 'before '],
    ['an answer that was overtaken', { ...edited('mine', 4), server_updated_at: at(6) }, { title: 'old', updated_at: at(5) }, 'mine'],
    ['a title that the server has filled in', {}, { title: 'Challenge of 2026-11-01', updated_at: at(5) }, ''],
  ];

  test.each(rows)('changed: %s', (_name, local, server, title) => {
    const draft = buildDraft({ title: 'before', server_text: { ...NO_TEXT, title: 'before' }, ...local });
    applyChallenge(draft, buildChallenge(server));
    expect(draft.title).toBe(title);
  });
});
