import type { FaceFrame } from '@2t1l/analysis/face/types';
import { expect, test } from '@jest/globals';
import { createBlinkWatch } from './blink-watch.ts';
import type { Blinks, PreviewTake } from './preview.types.ts';

const isBlink = (seconds: number) => seconds % 3 >= 1 && seconds % 3 < 1.2;

/** A face that shuts its eyes for a fifth of a second, every three seconds where nothing else is said. */
function faceAt(timestamp_seconds: number, isShut = isBlink(timestamp_seconds)): FaceFrame {
  const geometry = { eye_openness: isShut ? 0.08 : 0.3 };
  return { status: 'face', timestamp_seconds, faces: 1, geometry } as FaceFrame;
}

/** Shows the pictures from one second up to another; what is said of the last. */
function show(
  watch: ReturnType<typeof createBlinkWatch>,
  from: number,
  to: number,
  { perSecond = 15, take = 'running' as PreviewTake } = {},
) {
  let said: Blinks = { status: 'none' };
  for (let i = Math.ceil(from * perSecond); i < to * perSecond; i++) {
    said = watch(faceAt(i / perSecond), take);
  }
  return said;
}

test('a rate stands there from ten seconds of a take on; before it and after it there is none', () => {
  const watch = createBlinkWatch();
  expect(show(watch, 0, 20, { take: 'none' })).toEqual({ status: 'none' });
  expect(show(watch, 20, 29)).toEqual({ status: 'counting' });
  const said = show(watch, 29, 41);
  expect(said).toMatchObject({ status: 'counted' });
  expect(said.status === 'counted' && said.per_minute).toBeCloseTo(20, 0);
  expect(show(watch, 41, 42, { take: 'none' })).toEqual({ status: 'none' });
  expect(show(watch, 42, 43)).toEqual({ status: 'counting' });
});

test('only the newest thirty seconds count, and no pause', () => {
  const watch = createBlinkWatch();
  show(watch, 0, 40);
  const open = (from: number, to: number, take: PreviewTake) => {
    let said: Blinks = { status: 'none' };
    for (let i = from * 15; i < to * 15; i++) {
      said = watch(faceAt(i / 15, false), take);
    }
    return said;
  };
  expect(open(40, 50, 'paused')).toMatchObject({ per_minute: expect.closeTo(20, 0) });
  // Five blinks in the fifteen seconds before the pause, none in the five after it.
  expect(open(50, 55, 'running')).toMatchObject({ per_minute: expect.closeTo(15, 0) });
  expect(open(55, 71, 'running')).toEqual({ status: 'counted', per_minute: 0 });
});

test('under ten pictures a second it says so, and a face that is away is waited for', () => {
  expect(show(createBlinkWatch(), 0, 5, { perSecond: 8 })).toEqual({ status: 'counting' });
  expect(show(createBlinkWatch(), 0, 20, { perSecond: 8 })).toEqual({ status: 'too_slow' });
  const watch = createBlinkWatch();
  show(watch, 0, 3);
  expect(watch({ status: 'no_face', timestamp_seconds: 20, faces: 0, reason: 'none_found' }, 'running')).toEqual({ status: 'counting' });
});
