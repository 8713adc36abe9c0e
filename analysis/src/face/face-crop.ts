import { EYE_LEFT, EYE_RIGHT, type Mesh, type Point, pointOf } from './mesh.ts';
import type { Square } from './picture.ts';

const MOUTH = [61, 291] as const;
const FOREHEAD = 10;
const CHIN = 152;

/**
 * The square that shows a face as the training faces show theirs. Median places of the mesh in 222 of them, in pixels of 48: outer eye
 * corners (10.8, 18.3) and (36.8, 17.9), mouth corners (16.5, 36.5) and (31.4, 36.4), forehead (23.6, 4.5), chin (24.2, 47.7).
 */
export function expressionSquare(mesh: Mesh): Square {
  const [left, right] = [pointOf(mesh, EYE_LEFT), pointOf(mesh, EYE_RIGHT)];
  const eyes = between(left, right);
  const mouth = between(pointOf(mesh, MOUTH[0]), pointOf(mesh, MOUTH[1]));
  const [forehead, chin] = [pointOf(mesh, FOREHEAD), pointOf(mesh, CHIN)];
  const height = Math.hypot(chin.x - forehead.x, chin.y - forehead.y);
  const side = (48 / 43.7) * height;
  // The square's centre lies at 24; the eyes at 18.1 and the mouth at 36.4.
  const share = (24 - 18.1) / (36.4 - 18.1);
  return {
    x: eyes.x + (mouth.x - eyes.x) * share,
    y: eyes.y + (mouth.y - eyes.y) * share,
    side,
    angle: Math.atan2(right.y - left.y, right.x - left.x),
  };
}

function between(a: Point, b: Point): { x: number; y: number } {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}
