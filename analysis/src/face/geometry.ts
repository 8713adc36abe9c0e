import { EYE_LEFT, EYE_RIGHT, type Mesh, type Point, pointOf } from './mesh.ts';
import { cut, grey } from './picture.ts';
import type { FaceGeometry, Frame, HeadPose } from './types.ts';

const DEGREES = 180 / Math.PI;
const FOREHEAD = 10;
const CHIN = 152;
const MOUTH_LEFT = 61;
const MOUTH_RIGHT = 291;
/** Median pitch that the mesh gives for 1,338 faces of the training set: straight ahead, as cameras see it. */
const STRAIGHT_PITCH = -10.6;
/** Eyes less open than this show too little of the iris. */
const SHUT = 0.15;
/** Side of the picture of an eye in which its iris is looked for. */
const EYE_PIXELS = 24;

type Eye = { corners: readonly [number, number]; lids: readonly (readonly [number, number])[] };

/** Each eye: its corners from left to right in the picture, then pairs of points of the upper and the lower lid. */
const EYES: readonly Eye[] = [
  {
    corners: [33, 133],
    lids: [
      [160, 144],
      [159, 145],
      [158, 153],
    ],
  },
  {
    corners: [362, 263],
    lids: [
      [385, 380],
      [386, 374],
      [387, 373],
    ],
  },
];

/** Measures one face; the frame is asked only where its irises are. */
export function measureFace(mesh: Mesh, frame: Frame): FaceGeometry {
  const left = pointOf(mesh, EYE_LEFT);
  const right = pointOf(mesh, EYE_RIGHT);
  const unit = distance(left, right);
  const [a, b] = [pointOf(mesh, MOUTH_LEFT), pointOf(mesh, MOUTH_RIGHT)];
  const openness = (opennessOf(mesh, EYES[0] as Eye) + opennessOf(mesh, EYES[1] as Eye)) / 2;
  // The face's own downward direction in the picture: the line of the eyes, turned by a right angle.
  const width = Math.hypot(right.x - left.x, right.y - left.y) || 1;
  const down = { x: -(right.y - left.y) / width, y: (right.x - left.x) / width };
  return {
    pose: poseOf(mesh),
    centre: { x: (left.x + right.x + a.x + b.x) / 4 / frame.width, y: (left.y + right.y + a.y + b.y) / 4 / frame.height },
    size: width / frame.width,
    eye_openness: openness,
    mouth_slant: ((a.x - b.x) * down.x + (a.y - b.y) * down.y) / unit,
    iris: openness < SHUT ? null : irisOf(mesh, frame),
  };
}

/** Turn of the head from two directions of the mesh: along the eyes and from forehead to chin. */
function poseOf(mesh: Mesh): HeadPose {
  const x = unitVector(minus(pointOf(mesh, EYE_RIGHT), pointOf(mesh, EYE_LEFT)));
  const chin = minus(pointOf(mesh, CHIN), pointOf(mesh, FOREHEAD));
  const along = chin.x * x.x + chin.y * x.y + chin.z * x.z;
  const y = unitVector({ x: chin.x - along * x.x, y: chin.y - along * x.y, z: chin.z - along * x.z });
  // Out of the face: down times right, towards the camera in a straight look (z grows away from it).
  const nose = { x: y.y * x.z - y.z * x.y, y: y.z * x.x - y.x * x.z, z: y.x * x.y - y.y * x.x };
  return {
    yaw: Math.atan2(nose.x, -nose.z) * DEGREES,
    pitch: Math.asin(Math.max(-1, Math.min(1, -nose.y))) * DEGREES - STRAIGHT_PITCH,
    roll: Math.atan2(x.y, x.x) * DEGREES,
  };
}

/** Opening of the lids by the width of the eye (eye aspect ratio, Soukupova and Cech 2016, with three pairs). */
function opennessOf(mesh: Mesh, { corners, lids }: Eye): number {
  const open = lids.reduce((sum, [upper, lower]) => sum + distance(pointOf(mesh, upper), pointOf(mesh, lower)), 0);
  return open / lids.length / (distance(pointOf(mesh, corners[0]), pointOf(mesh, corners[1])) || 1);
}

/** Centre of what is darker than the eye's mean, between the lids; mean of both eyes. */
function irisOf(mesh: Mesh, frame: Frame): { x: number; y: number } | null {
  const places = EYES.map((eye) => irisIn(mesh, frame, eye)).filter((place) => place !== null);
  if (places.length === 0) {
    return null;
  }
  return {
    x: places.reduce((sum, place) => sum + place.x, 0) / places.length,
    y: places.reduce((sum, place) => sum + place.y, 0) / places.length,
  };
}

function irisIn(mesh: Mesh, frame: Frame, { corners, lids }: Eye): { x: number; y: number } | null {
  const [from, to] = [pointOf(mesh, corners[0]), pointOf(mesh, corners[1])];
  const side = Math.hypot(to.x - from.x, to.y - from.y);
  if (side < 8) {
    return null;
  }
  const square = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2, side, angle: Math.atan2(to.y - from.y, to.x - from.x) };
  const pixels = grey(cut(frame, square, EYE_PIXELS, 'edge'));
  const place = (i: number) => {
    const p = pointOf(mesh, i);
    const [cos, sin] = [Math.cos(square.angle), Math.sin(square.angle)];
    const [dx, dy] = [p.x - square.x, p.y - square.y];
    return { x: ((dx * cos + dy * sin) / side + 0.5) * EYE_PIXELS, y: ((dy * cos - dx * sin) / side + 0.5) * EYE_PIXELS };
  };
  const middle = EYE_PIXELS / 2;
  const line = (of: 0 | 1) => [{ x: 0, y: middle }, ...lids.map((pair) => place(pair[of])), { x: EYE_PIXELS, y: middle }];
  const [upper, lower] = [line(0), line(1)];
  const inside: { x: number; y: number; value: number }[] = [];
  for (let x = 1; x < EYE_PIXELS - 1; x++) {
    const [top, bottom] = [heightAt(upper, x + 0.5), heightAt(lower, x + 0.5)];
    for (let y = Math.max(0, Math.ceil(top)); y < Math.min(EYE_PIXELS, bottom); y++) {
      inside.push({ x: x + 0.5, y: y + 0.5, value: pixels[y * EYE_PIXELS + x] as number });
    }
  }
  const average = inside.reduce((sum, { value }) => sum + value, 0) / inside.length;
  let [sum, sumX, sumY] = [0, 0, 0];
  for (const { x, y, value } of inside) {
    const weight = Math.max(0, average - value) ** 2;
    sum += weight;
    sumX += weight * x;
    sumY += weight * y;
  }
  return sum > 0 ? { x: (sumX / sum - middle) / middle, y: (middle - sumY / sum) / middle } : null;
}

/** Height of a line through points that run from left to right. */
function heightAt(points: { x: number; y: number }[], x: number): number {
  const next = Math.max(
    1,
    points.findIndex((point) => point.x >= x),
  );
  const [a, b] = [points[next - 1] as { x: number; y: number }, points[next] as { x: number; y: number }];
  return a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x || 1);
}

function minus(a: Point, b: Point): Point {
  return { x: a.x - b.x, y: a.y - b.y, z: a.z - b.z };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z);
}

function unitVector(v: Point): Point {
  const length = Math.hypot(v.x, v.y, v.z) || 1;
  return { x: v.x / length, y: v.y / length, z: v.z / length };
}
