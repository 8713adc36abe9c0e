import { describe, expect, test } from '@jest/globals';
import type { ClipSending, Draft } from './draft.ts';
import { freshWait, takesOf } from './draft.ts';
import { mergeDrafts } from './merge-drafts.ts';
import { buildClip, buildDraft, buildTake } from './test/build-draft.ts';

const READY: ClipSending = { status: 'ready', notices: [] };
const sending = (sent_bytes: number): ClipSending => ({ status: 'sending', upload_url: '/u/1', sent_bytes, attempts: 0 });
const clip = (take: string, state = freshWait()) => buildClip(take, state);
const review = (take: string): Draft['review'] => ({ index: 0, take: buildTake(take), ended_by: 'author' });
const base = buildDraft({ clips: [clip('a', sending(10)), null, null], title: 'x', updated_at_ms: 1, edited_at_ms: 1 });

describe('two tabs change one draft', () => {
  const rows: [string, Partial<Draft>, Partial<Draft>, Partial<Draft>][] = [
    [
      'words here, progress there',
      { title: 'y' },
      { clips: [clip('a', READY), null, null] },
      { title: 'y', clips: [clip('a', READY), null, null] },
    ],
    [
      'a take each',
      { clips: [clip('a', sending(10)), clip('b'), null] },
      { review: review('c') },
      { clips: [clip('a', sending(10)), clip('b'), null], review: review('c') },
    ],
    [
      'the same clip further there',
      { clips: [clip('a', sending(20)), null, null] },
      { clips: [clip('a', READY), null, null] },
      { clips: [clip('a', READY), null, null] },
    ],
    ['a line each', { statements: ['a', '', ''] }, { statements: ['', 'b', ''] }, { statements: ['a', 'b', ''] }],
    ['the same words, later there', { title: 'y', edited_at_ms: 2 }, { title: 'z', edited_at_ms: 3 }, { title: 'z' }],
    ['the same words, later here', { title: 'y', edited_at_ms: 3 }, { title: 'z', edited_at_ms: 2 }, { title: 'y' }],
    [
      'published there, edited here',
      { story: 's', updated_at_ms: 9 },
      { publishing: { status: 'done', as: 'published' } },
      { story: 's', publishing: { status: 'done', as: 'published' } },
    ],
    [
      'recorded twice: the later counts, the other is kept',
      { clips: [clip('m'), null, null], updated_at_ms: 3 },
      { clips: [clip('t'), null, null], updated_at_ms: 2 },
      { clips: [clip('m'), null, null], old_takes: ['t'] },
    ],
  ];

  test.each(rows)('%s', (_name, mine, theirs, expected) => {
    const merged = mergeDrafts(base, { ...base, ...mine }, { ...base, ...theirs });
    expect({ ...merged, old_takes: [...merged.old_takes].sort() }).toMatchObject(expected);
  });
});

test('a draft that was begun anew because the device could not be read keeps its challenge', () => {
  const kept = buildDraft({ challenge_id: 'challenge', clips: [clip('a', READY), null, null], created_at_ms: 5, updated_at_ms: 6 });
  const anew = buildDraft({ review: review('r'), created_at_ms: 9, updated_at_ms: 9 });
  expect(mergeDrafts(null, anew, kept)).toMatchObject({ challenge_id: 'challenge', clips: kept.clips, review: anew.review });
});

test('whatever two tabs do, no take of either is lost, and nothing changes when it is merged again', () => {
  const places = [null, clip('a'), clip('b', READY), clip('c', sending(5))];
  const versions = places.flatMap((one) =>
    [null, review('r'), review('s')].map((looked, index) =>
      buildDraft({ clips: [one, places[index] ?? null, null], review: looked, old_takes: index === 1 ? ['o'] : [], updated_at_ms: index }),
    ),
  );
  for (const before of [null, ...versions]) {
    for (const mine of versions) {
      for (const theirs of versions) {
        const merged = mergeDrafts(before, mine, theirs);
        expect(new Set(takesOf(merged))).toEqual(new Set([...takesOf(mine), ...takesOf(theirs)]));
        expect(mergeDrafts(merged, merged, merged)).toEqual(merged);
      }
    }
  }
});
