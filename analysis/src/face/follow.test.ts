import { describe, expect, test } from 'vitest';
import { followFace } from './follow.ts';
import type { FaceFrame, FrameFaces } from './types.ts';

/** A face at x with a side; the reading carries its name in the timestamp's place, so that it can be told. */
interface Seen {
  who: number;
  x: number;
  side: number;
}

function picture(at: number, faces: Seen[]): FrameFaces {
  const sightings = faces.map(({ who, x, side }) => {
    const reading: FaceFrame = { status: 'no_face', timestamp_seconds: at, faces: who, reason: 'too_small' };
    return { square: { x, y: 100, side, angle: 0 }, prominence: side, reading };
  });
  return { timestamp_seconds: at, faces: faces.length, sightings, none: 'none_found' };
}

const clip = (count: number, faces: (i: number) => Seen[]) => Array.from({ length: count }, (_, i) => picture(i / 2, faces(i)));
/** Who was read in each picture; the reason where nobody was. */
const whoIn = (frames: FrameFaces[]) =>
  followFace(frames).map((each) =>
    each.status === 'no_face' && each.reason === 'too_small' ? each.faces : 'reason' in each && each.reason,
  );

const author = { who: 1, x: 100, side: 80 };
const other = { who: 2, x: 260, side: 50 };

describe('the author’s face', () => {
  test('is the most prominent over the whole clip, also where another one leads for a while', () => {
    const frames = clip(40, (i) =>
      i < 12
        ? [
            { ...other, side: 75 },
            { ...author, side: 60 },
          ]
        : [author, other],
    );
    expect(new Set(whoIn(frames))).toEqual(new Set([1]));
    expect(whoIn(frames.toReversed())).toEqual(whoIn(frames));
  });

  test('stays the author’s where both move and one leaves', () => {
    const frames = clip(40, (i) => [...(i >= 10 && i < 13 ? [] : [{ ...author, x: 100 + 2 * i }]), { ...other, x: 260 - i }]);
    expect(whoIn(frames)).toEqual(frames.map((_, i) => (i >= 10 && i < 13 ? 'none_found' : 1)));
  });

  test('may jump: a face that is never seen beside it is the author’s', () => {
    expect(new Set(whoIn(clip(20, (i) => [{ ...author, x: i < 12 ? 100 : 300 }])))).toEqual(new Set([1]));
  });

  test('cannot be told from another one that is as prominent: no figure is made up', () => {
    expect(new Set(whoIn(clip(20, () => [author, { ...other, side: 75 }])))).toEqual(new Set(['several_faces']));
    expect(new Set(whoIn(clip(20, (i) => (i < 8 ? [author, { ...other, side: 75 }] : [author]))))).toEqual(new Set([1]));
  });
});

test('no pictures, and pictures of nobody', () => {
  expect(followFace([])).toEqual([]);
  expect(whoIn(clip(2, () => []))).toEqual(['none_found', 'none_found']);
});
