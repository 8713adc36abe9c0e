import type { GraphModel } from '@tensorflow/tfjs-converter';
import { type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { cut, type Square } from './picture.ts';
import type { Frame } from './types.ts';

/** A face that was seen: its square (turned so that the eyes are level) in pixels of the frame, and how sure that is, 0..1. */
export type Seen = { square: Square; score: number };

const SIZE = 128;
const LEAST_SCORE = 0.5;
/** Two squares that share more than this of their joint area are one face. */
const SAME_FACE = 0.3;

/** Anchors of MediaPipe's short-range face detector: two for each cell of 8 pixels, then six for each cell of 16; centres 0..1. */
const ANCHORS: readonly [number, number][] = [
  [8, 2],
  [16, 6],
].flatMap(([stride, count]) => {
  const cells = SIZE / (stride as number);
  return Array.from({ length: cells * cells * (count as number) }, (_, i): [number, number] => {
    const cell = Math.floor(i / (count as number));
    return [((cell % cells) + 0.5) / cells, (Math.floor(cell / cells) + 0.5) / cells];
  });
});

/** The faces of a frame, best first. The frame is seen whole, on a black square. */
export function detectFaces(model: GraphModel, frame: Frame): Seen[] {
  const whole: Square = { x: frame.width / 2, y: frame.height / 2, side: Math.max(frame.width, frame.height), angle: 0 };
  const pixels = cut(frame, whole, SIZE, 0);
  for (let i = 0; i < pixels.length; i++) {
    pixels[i] = (pixels[i] as number) / 127.5 - 1;
  }
  const rows = tidy(() => (model.predict(tensor(pixels, [1, SIZE, SIZE, 3])) as Tensor).dataSync<'float32'>());
  const seen: Seen[] = [];
  const width = rows.length / ANCHORS.length;
  for (const [i, anchor] of ANCHORS.entries()) {
    const score = 1 / (1 + Math.exp(-(rows[i * width] as number)));
    if (score >= LEAST_SCORE) {
      seen.push({ score, square: squareOf(rows.subarray(i * width, (i + 1) * width), anchor, whole) });
    }
  }
  seen.sort((a, b) => b.score - a.score);
  return seen.filter((face, i) => !seen.slice(0, i).some((better) => overlap(face.square, better.square) > SAME_FACE));
}

/** A row is: score, centre x y, width, height, then x y of right eye, left eye, nose, mouth, two ears; in pixels from the anchor. */
function squareOf(row: Float32Array, [ax, ay]: readonly [number, number], whole: Square): Square {
  const at = (column: number, anchor: number) => ((row[column] as number) / SIZE + anchor - 0.5) * whole.side;
  const angle = Math.atan2(at(8, ay) - at(6, ay), at(7, ax) - at(5, ax));
  const side = (Math.max(row[3] as number, row[4] as number) / SIZE) * whole.side;
  return { x: whole.x + at(1, ax), y: whole.y + at(2, ay), side, angle };
}

/** Shared part of two squares' joint area, 0..1; their turn is left out. */
export function overlap(a: Square, b: Square): number {
  const along = (p: number, q: number) => Math.max(0, Math.min(p + a.side / 2, q + b.side / 2) - Math.max(p - a.side / 2, q - b.side / 2));
  const shared = along(a.x, b.x) * along(a.y, b.y);
  return shared / (a.side ** 2 + b.side ** 2 - shared);
}
