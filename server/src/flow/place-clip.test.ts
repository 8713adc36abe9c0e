import { STATES } from '@2t1l/game/challenge';
import { expect, test } from 'vitest';
import { acceptsClips, type PlacedClip, placeClip } from './place-clip.ts';

const clip = (segment_index: 0 | 1 | 2, status: PlacedClip['status'] = 'ready', source_hash = `h${segment_index}`): PlacedClip => ({
  id: `c${segment_index}`,
  segment_index,
  status,
  source_hash,
});
const anywhere = { segment_index: null, hash: 'new' };

test('without an index the places are filled in order', () => {
  expect(placeClip('draft', [], anywhere).segment_index).toBe(0);
  expect(placeClip('draft', [clip(0)], anywhere).segment_index).toBe(1);
  expect(placeClip('draft', [clip(0), clip(2)], anywhere).segment_index).toBe(1);
});

test('a refused clip is replaced only when every place was filled once', () => {
  expect(placeClip('draft', [clip(0, 'refused')], anywhere)).toMatchObject({ segment_index: 1, replaces: null });
  const full = [clip(0), clip(1, 'refused'), clip(2)];
  expect(placeClip('draft', full, anywhere)).toMatchObject({ segment_index: 1, replaces: { id: 'c1' } });
});

test('a fourth clip needs an index', () => {
  const full = [clip(0), clip(1), clip(2, 'checking')];
  expect(() => placeClip('draft', full, anywhere)).toThrow(expect.objectContaining({ code: 'too_many_clips' }));
  expect(placeClip('draft', full, { segment_index: 2, hash: 'new' })).toMatchObject({ segment_index: 2, replaces: { id: 'c2' } });
});

test('the same bytes at the same index are no change, in any state', () => {
  for (const state of STATES) {
    expect(placeClip(state, [clip(1)], { segment_index: 1, hash: 'h1' })).toMatchObject({ same: { id: 'c1' }, replaces: null });
  }
});

test('the same bytes without an index are the next clip', () => {
  expect(placeClip('draft', [clip(0)], { segment_index: null, hash: 'h0' })).toMatchObject({ segment_index: 1, same: null });
});

test('other bytes are refused wherever clips are locked', () => {
  for (const state of STATES.filter((state) => !acceptsClips(state))) {
    expect(() => placeClip(state, [clip(1)], { segment_index: 1, hash: 'new' })).toThrow(
      expect.objectContaining({ code: 'challenge_locked' }),
    );
  }
});
