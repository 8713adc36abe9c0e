import type { GraphModel } from '@tensorflow/tfjs-converter';
import { type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { cut, pointIn, type Square } from './picture.ts';
import type { Frame } from './types.ts';

/** 468 points of a face in pixels of the frame; z in the same unit, smaller is nearer. `score`: is it a face at all, 0..1. */
export type Mesh = { points: Float32Array; score: number };

/** Coordinates of one point. */
export type Point = { x: number; y: number; z: number };

const SIZE = 192;
/** The mesh net wants this much of the picture around a face (MediaPipe's face landmark graph: the rectangle times 1.5). */
const AROUND = 1.5;
const POINTS = 468;
/** The mesh and the face flag; the third output, contours, is not computed when not asked for. */
const OUTPUTS = ['Identity_2', 'Identity_1'];
/** Outer corners of the eyes at the left and at the right of the picture. */
export const EYE_LEFT = 33;
export const EYE_RIGHT = 263;

/** Reads the mesh of the face in a square of the frame. */
export function readMesh(model: GraphModel, frame: Frame, face: Square): Mesh {
  const square = { ...face, side: face.side * AROUND };
  const pixels = cut(frame, square, SIZE, 0);
  for (let i = 0; i < pixels.length; i++) {
    pixels[i] = (pixels[i] as number) / 255;
  }
  return tidy(() => {
    const [mesh, flag] = model.execute(tensor(pixels, [1, SIZE, SIZE, 3]), OUTPUTS) as [Tensor, Tensor];
    const raw = mesh.dataSync<'float32'>();
    const points = new Float32Array(POINTS * 3);
    for (let i = 0; i < points.length; i += 3) {
      const { x, y } = pointIn(square, (raw[i] as number) / SIZE, (raw[i + 1] as number) / SIZE);
      points[i] = x;
      points[i + 1] = y;
      points[i + 2] = ((raw[i + 2] as number) / SIZE) * square.side;
    }
    return { points, score: flag.dataSync()[0] as number };
  });
}

/** One point of a mesh by its number in MediaPipe's canonical face. */
export function pointOf({ points }: Mesh, i: number): Point {
  return { x: points[i * 3] as number, y: points[i * 3 + 1] as number, z: points[i * 3 + 2] as number };
}

/** The square around a mesh, level with its eyes: where to look for the same face in the next frame. */
export function squareAround(mesh: Mesh): Square {
  const a = pointOf(mesh, EYE_LEFT);
  const b = pointOf(mesh, EYE_RIGHT);
  const angle = Math.atan2(b.y - a.y, b.x - a.x);
  const cos = Math.cos(-angle);
  const sin = Math.sin(-angle);
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < mesh.points.length; i += 3) {
    const x = (mesh.points[i] as number) * cos - (mesh.points[i + 1] as number) * sin;
    const y = (mesh.points[i] as number) * sin + (mesh.points[i + 1] as number) * cos;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  return { x: x * cos + y * sin, y: y * cos - x * sin, side: Math.max(right - left, bottom - top), angle };
}
