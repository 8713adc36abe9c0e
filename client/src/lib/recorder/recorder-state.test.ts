import { describe, expect, test } from '@jest/globals';
import { CAMERA_PROBLEMS, type CameraFacts, type FinishedClip, type RecorderState } from './recorder.types.ts';
import { CLOSED, type RecorderEvent, reduceRecorder, takeProblem } from './recorder-state.ts';

const camera: CameraFacts = { facing: 'front', can_switch: true, can_pause: true, has_torch: false, has_sound: true };
const clip: FinishedClip = {
  source: { kind: 'file', uri: 'file:///a.mp4' },
  media_type: 'video/mp4',
  duration_seconds: 12.4,
  width: 720,
  height: 1280,
  size_bytes: 2_000_000,
};

const STATES: Record<RecorderState['status'], RecorderState> = {
  closed: CLOSED,
  opening: { status: 'opening' },
  blocked: { status: 'blocked', problem: 'denied' },
  live: { status: 'live', camera, refused: null },
  recording: { status: 'recording', camera, elapsed_seconds: 4 },
  paused: { status: 'paused', camera, elapsed_seconds: 4 },
  finishing: { status: 'finishing', camera, elapsed_seconds: 4 },
  finished: { status: 'finished', clip, ended_by: 'author' },
};

const EVENTS: Record<RecorderEvent['type'], RecorderEvent> = {
  opening: { type: 'opening' },
  opened: { type: 'opened', camera },
  blocked: { type: 'blocked', problem: 'unplugged' },
  started: { type: 'started' },
  ticked: { type: 'ticked', elapsed_seconds: 5 },
  paused: { type: 'paused' },
  resumed: { type: 'resumed' },
  stopping: { type: 'stopping' },
  finished: { type: 'finished', clip, ended_by: 'author' },
  take_failed: { type: 'take_failed', problem: 'too_short' },
  released: { type: 'released', camera },
  closed: { type: 'closed' },
};

/** What follows; every pair that is not here changes nothing. */
const MOVES: Partial<Record<RecorderState['status'], Partial<Record<RecorderEvent['type'], RecorderState['status']>>>> = {
  closed: { opening: 'opening', blocked: 'blocked' },
  opening: { opened: 'live', blocked: 'blocked', closed: 'closed' },
  blocked: { opening: 'opening', blocked: 'blocked', closed: 'closed' },
  live: { opening: 'opening', blocked: 'blocked', started: 'recording', take_failed: 'live', closed: 'closed' },
  recording: { ticked: 'recording', paused: 'paused', stopping: 'finishing', finished: 'finished', take_failed: 'live', closed: 'closed' },
  paused: { resumed: 'recording', stopping: 'finishing', finished: 'finished', take_failed: 'live', closed: 'closed' },
  finishing: { finished: 'finished', take_failed: 'live', closed: 'closed' },
  finished: { released: 'live' },
};

describe('reduceRecorder', () => {
  const pairs = Object.values(STATES).flatMap((state) =>
    Object.values(EVENTS).map((event) => [state.status, event.type, state, event] as const),
  );

  test.each(pairs)('%s, %s', (status, type, state, event) => {
    const next = reduceRecorder(state, event);
    const expected = MOVES[status]?.[type];
    if (expected === undefined) {
      expect(next).toEqual(state);
    } else {
      expect(next.status).toBe(expected);
    }
  });

  test.each(CAMERA_PROBLEMS)('a finished clip survives %s', (problem) => {
    expect(reduceRecorder(STATES.finished, { type: 'blocked', problem })).toBe(STATES.finished);
  });

  test('a finished clip survives closing', () => {
    expect(reduceRecorder(STATES.finished, { type: 'closed' })).toBe(STATES.finished);
  });

  test('the clock stays within the limit', () => {
    expect(reduceRecorder(STATES.recording, { type: 'ticked', elapsed_seconds: 60.4 })).toMatchObject({ elapsed_seconds: 60 });
  });

  test('a refused take says why and leaves the camera open', () => {
    expect(reduceRecorder(STATES.finishing, { type: 'take_failed', problem: 'empty' })).toEqual({
      status: 'live',
      camera,
      refused: 'empty',
    });
  });
});

describe('takeProblem', () => {
  test.each<[number, number, string | null]>([
    [0, 10, 'empty'],
    [10, 0.99, 'too_short'],
    [10, 1, null],
    [10, 60, null],
  ])('%i bytes, %f s: %s', (size_bytes, duration_seconds, problem) => {
    expect(takeProblem({ size_bytes, duration_seconds })).toBe(problem);
  });
});
