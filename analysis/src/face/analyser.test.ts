import { memory } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoPicture, mirrored, part } from '../../test/pictures.ts';
import { readFaceModels, startNodeBackend } from '../node/face-models.ts';
import { createFaceAnalyser, type FaceAnalyser } from './analyser.ts';
import { EMOTIONS, type FaceFrame, type Frame } from './types.ts';

/** One smiling face, looking at the camera, in the third demo picture. */
const SMILE = { x: 389, y: 126, side: 200, angle: 0 };
const isLong = process.env.TEST_LONG === '1';

let face: FaceAnalyser;
let picture: Frame;
let smile: Frame;
beforeAll(async () => {
  await startNodeBackend();
  face = await createFaceAnalyser(await readFaceModels());
  picture = demoPicture(3);
  smile = part(picture, SMILE, 240);
});
afterAll(() => face.dispose());

function look(frame: Frame): FaceFrame {
  face.reset();
  return face.analyse(frame);
}

function read(frame: Frame): Extract<FaceFrame, { status: 'face' }> {
  const result = look(frame);
  if (result.status !== 'face') {
    throw new Error(`no face: ${result.reason}`);
  }
  return result;
}

describe('a face', () => {
  test('a smile is happiness, and the scores sum to 1', () => {
    const { emotion, faces } = read(smile);
    expect(faces).toBe(1);
    expect(emotion.happiness).toBeGreaterThan(0.8);
    expect(emotion.confidence).toBe(Math.max(...EMOTIONS.map((name) => emotion[name])));
    expect(EMOTIONS.reduce((sum, name) => sum + emotion[name], 0)).toBeCloseTo(1, 5);
  });

  test.each([-20, 15])('turned by %i degrees, roll follows and the scores stay', (degrees) => {
    const turned = read(part(picture, { ...SMILE, angle: (degrees / 180) * Math.PI }, 240));
    expect(turned.geometry.pose.roll - read(smile).geometry.pose.roll).toBeCloseTo(-degrees, -1);
    expect(turned.emotion.happiness).toBeGreaterThan(0.8);
  });

  test('in a mirror, what has a side changes it', () => {
    const [plain, other] = [read(smile).geometry, read(mirrored(smile)).geometry];
    expect(Math.abs(plain.pose.yaw)).toBeGreaterThan(8);
    expect(Math.abs(plain.pose.yaw + other.pose.yaw)).toBeLessThan(6);
    expect(Math.abs(plain.pose.pitch - other.pose.pitch)).toBeLessThan(6);
    expect(plain.centre.x + other.centre.x).toBeCloseTo(1, 1);
  });

  test('tracked from frame to frame, it is the same face as found anew', () => {
    face.reset();
    const tracked = [0, 0.1, 0.2].map((timestamp_seconds, i) =>
      face.analyse({ ...part(picture, { ...SMILE, x: SMILE.x + i * 6 }, 240), timestamp_seconds }),
    );
    const anew = read(part(picture, { ...SMILE, x: SMILE.x + 12 }, 240));
    const last = tracked[2] as typeof anew;
    expect(last.status).toBe('face');
    expect(last.geometry.centre.x).toBeCloseTo(anew.geometry.centre.x, 1);
    expect(last.emotion.happiness).toBeCloseTo(anew.emotion.happiness, 1);
  });

  test('of several, the one that is tracked is read', () => {
    const { faces, geometry } = read(picture);
    expect(faces).toBe(2);
    expect(geometry.centre.x).toBeCloseTo(0.61, 1);
  });
});

describe('no face is a result', () => {
  test('nothing there', () => {
    const data = Uint8Array.from({ length: 160 * 120 * 3 }, (_, i) => (i * 37) % 251);
    expect(look({ data, width: 160, height: 120, timestamp_seconds: 1 })).toEqual({
      status: 'no_face',
      timestamp_seconds: 1,
      faces: 0,
      reason: 'none_found',
    });
  });

  test('too dark', () => {
    expect(look(part(picture, SMILE, 240, 0.02))).toMatchObject({ status: 'no_face', reason: 'too_dark' });
  });

  test('too small', () => {
    expect(look(part(picture, { ...SMILE, side: 300 }, 90))).toMatchObject({ status: 'no_face', reason: 'too_small' });
  });

  test('at the edge', () => {
    expect(look(part(picture, { ...SMILE, y: SMILE.y + 80 }, 240))).toMatchObject({ status: 'no_face', reason: 'at_edge' });
  });

  test('a picture of one pixel', () => {
    expect(look({ data: new Uint8Array(3), width: 1, height: 1, timestamp_seconds: 0 })).toMatchObject({ reason: 'too_dark' });
  });
});

test('bytes that are not the picture are an error', () => {
  expect(() => look({ data: new Uint8Array(10), width: 2, height: 2, timestamp_seconds: 0 })).toThrow(RangeError);
});

test('tensors are given back, frame after frame', () => {
  const frames = [smile, part(picture, SMILE, 240, 0.02), part(picture, { ...SMILE, side: 300 }, 90)];
  for (const frame of frames) {
    look(frame);
  }
  const { numTensors, numBytes } = memory();
  for (let i = 0; i < (isLong ? 1000 : 60); i++) {
    face.analyse({ ...(frames[i % 10 < 8 ? 0 : (i % 2) + 1] as Frame), timestamp_seconds: i / 10 });
  }
  expect(memory()).toMatchObject({ numTensors, numBytes });
});
