import { describe, expect, test } from 'vitest';
import { summariseFace } from './summarise.ts';
import { EMOTIONS, type Emotion, type EmotionScores, type FaceFrame, type FaceGeometry } from './types.ts';

type Change = Partial<Omit<FaceGeometry, 'pose'>> & Partial<FaceGeometry['pose']> & { emotion?: Emotion; score?: number; faces?: number };

function seen(
  timestamp_seconds: number,
  { emotion = 'neutral', score = 0.9, faces = 1, yaw = 0, pitch = 0, roll = 0, ...rest }: Change = {},
): FaceFrame {
  const scores = Object.fromEntries(EMOTIONS.map((name) => [name, name === emotion ? score : (1 - score) / 6])) as EmotionScores;
  return {
    status: 'face',
    timestamp_seconds,
    faces,
    emotion: { timestamp_seconds, ...scores, confidence: score },
    geometry: {
      centre: { x: 0.5, y: 0.5 },
      size: 0.1,
      eye_openness: 0.3,
      mouth_slant: 0,
      iris: { x: 0, y: 0 },
      ...rest,
      pose: { yaw, pitch, roll },
    },
  };
}
const unseen = (timestamp_seconds: number): FaceFrame => ({ status: 'no_face', timestamp_seconds, faces: 0, reason: 'too_dark' });
const clip = (n: number, perSecond: number, change: (i: number) => Change = () => ({})) =>
  Array.from({ length: n }, (_, i) => seen(i / perSecond, change(i)));

function completed(frames: FaceFrame[]) {
  const segment = summariseFace(frames, 'm');
  if (segment.status !== 'completed') {
    throw new Error(segment.status);
  }
  return segment;
}
const signals = (frames: FaceFrame[]) => completed(frames).signals;

describe('a clip', () => {
  test('mean, dominant and variability of two looks in turn', () => {
    const segment = completed(clip(4, 2, (i) => ({ emotion: i % 2 ? 'happiness' : 'neutral', score: i % 2 ? 1 : 0.8 })));
    expect(segment.mean.happiness).toBeCloseTo((2 * 1 + (2 * 0.2) / 6) / 4, 6);
    expect(EMOTIONS.reduce((sum, name) => sum + segment.mean[name], 0)).toBeCloseTo(1, 6);
    expect(segment.dominant).toBe('happiness');
    expect(segment.variability).toBeCloseTo(0.4833, 3);
    expect(completed(clip(4, 2)).variability).toBeCloseTo(0, 9);
  });

  test('frames are put in order, those without a face left out', () => {
    const { frames, signals } = completed([seen(2), unseen(1), seen(0), seen(3)]);
    expect(frames.map((frame) => frame.timestamp_seconds)).toEqual([0, 2, 3]);
    expect(signals.face_share).toBe(0.75);
    expect(signals.face_seconds).toBe(1);
  });

  test.each([
    ['no frame was looked at', [], { status: 'failed' }],
    ['no face', [unseen(0), unseen(1)], { status: 'no_face', reason: 'too_dark' }],
    ['a face in two of many frames is none', [seen(0), seen(1), unseen(2), unseen(3)], { status: 'no_face' }],
    [
      'a face in a few of very many is none',
      [...clip(5, 2), ...Array.from({ length: 21 }, (_, i) => unseen(3 + i))],
      { status: 'no_face' },
    ],
    ['a clip of one frame', [seen(0)], { status: 'completed' }],
  ])('%s', (_, frames, expected) => {
    expect(summariseFace(frames, 'm')).toMatchObject({ model: 'm', ...expected });
  });
});

describe('signals', () => {
  test('head motion is degrees a second, whatever the frame rate', () => {
    expect(signals(clip(20, 2, (i) => ({ yaw: i * 5 }))).head_motion).toBeCloseTo(10, 6);
    expect(signals(clip(60, 15, (i) => ({ yaw: (i * 10) / 15 }))).head_motion).toBeCloseTo(10, 6);
    expect(signals([seen(0), seen(2, { yaw: 50 }), seen(4)]).head_motion).toBeNull();
  });

  test('blinks are counted at 10 frames a second and not below', () => {
    const blinking = (i: number) => ({ eye_openness: i % 50 === 7 ? 0.1 : 0.3 });
    expect(signals(clip(601, 10, blinking)).blink_rate).toBeCloseTo(12, 1);
    expect(signals(clip(120, 2, blinking)).blink_rate).toBeNull();
    expect(signals(clip(300, 10, (i) => ({ eye_openness: i > 100 && i < 200 ? 0.1 : 0.3 }))).blink_rate).toBe(0);
  });

  test('a look away is away from the usual direction, by head or by eyes', () => {
    const away = (change: Change) => signals(clip(100, 2, (i) => (i < 20 ? change : { yaw: 8 }))).gaze_off_share;
    expect(away({ yaw: 30 })).toBe(0.2);
    expect(away({ yaw: 8, iris: { x: 0.5, y: 0 } })).toBe(0.2);
    expect(away({ yaw: 12 })).toBe(0);
  });

  test('a crooked mouth counts where it smiles, against the usual slant', () => {
    const smile = (slant: number) =>
      signals(clip(10, 2, (i) => (i < 4 ? { emotion: 'happiness', mouth_slant: slant } : { mouth_slant: 0.02 })));
    expect(smile(0.05).smile_asymmetry).toBeCloseTo(0.03, 6);
    expect(smile(0.02).smile_asymmetry).toBeCloseTo(0, 6);
    expect(signals(clip(10, 2)).smile_asymmetry).toBeNull();
  });

  test('changes of expression leave unsure frames out', () => {
    const looks = (scores: [Emotion, number][]) => signals(scores.map(([emotion, score], i) => seen(i / 2, { emotion, score })));
    const changed = looks([
      ['neutral', 0.9],
      ['happiness', 0.5],
      ['neutral', 0.9],
      ['happiness', 0.9],
    ]);
    expect(changed.expression_change_rate).toBeCloseTo(40, 6);
    expect(looks([['neutral', 0.9], ['happiness', 0.9], ...Array(9).fill(['fear', 0.5])]).expression_change_rate).toBeNull();
    expect(changed.unsure_share).toBe(0.25);
    expect(summariseFace([seen(0, { score: 0.8 })], 'm', 0.85)).toMatchObject({ signals: { unsure_share: 1 } });
  });

  test('entropy is 0 when sure and log2(7) when not', () => {
    expect(signals(clip(3, 1, () => ({ score: 1 }))).expression_entropy).toBeCloseTo(0, 9);
    expect(signals(clip(3, 1, () => ({ score: 1 / 7 }))).expression_entropy).toBeCloseTo(Math.log2(7), 9);
  });
});
