import type { GraphModel } from '@tensorflow/tfjs-converter';
import { detectFaces, overlap, type Seen } from './detector.ts';
import { buildExpressionModel, type ExpressionFiles, type ExpressionModel } from './expression.ts';
import { expressionSquare } from './face-crop.ts';
import { measureFace } from './geometry.ts';
import { type GraphFiles, loadGraph } from './graph.ts';
import { EYE_LEFT, EYE_RIGHT, type Mesh, pointOf, readMesh, squareAround } from './mesh.ts';
import { brightness, cut, grey, type Square } from './picture.ts';
import {
  EMOTIONS,
  type EmotionFrame,
  type EmotionScores,
  type FaceFrame,
  type Frame,
  type FrameFaces,
  type NoFaceReason,
} from './types.ts';

/** The three nets: where faces are, their mesh, and how they look. */
export type FaceModels = { detector: GraphFiles; mesh: GraphFiles; expression: ExpressionFiles };

/** Reads the frames of one clip, in their order. */
export type FaceAnalyser = {
  /** Name of the expression net. */
  model: string;
  /**
   * Reads one frame. A picture without a readable face is a result with a reason. Throws a RangeError when `data` is not
   * `width * height * 3` bytes. Synchronous: tens of milliseconds, so it belongs in a worker.
   */
  analyse: (frame: Frame) => FaceFrame;
  /** The same for every face that may be the author's, for who decides over the whole clip (`followFace`). One clip is read by one of the two. */
  analyseAll: (frame: Frame) => FrameFaces;
  /** Forgets the tracked face: the next frame is from another clip. */
  reset: () => void;
  /** Frees the nets. */
  dispose: () => void;
};

/** A face is looked for anew after this many frames, or when the last frame is this old. */
const DETECT_EVERY = 5;
const DETECT_AFTER_SECONDS = 1;
/** Below this the mesh net does not take its square for a face. */
const LEAST_MESH_SCORE = 0.5;
/** Squares that share more than this of their joint area are one face. */
const SAME_PLACE = 0.3;
/** Nine in ten pixels darker than this (0..255): too dark. */
const DARK = 30;
/** Pixels between the outer eye corners. */
const LEAST_EYES = 20;
/** More of the mesh than this outside the picture: the face is at its edge. */
const MOST_OUTSIDE = 0.1;

/** A second face is read beside the most prominent one from this share of its prominence on: one that is smaller is not the author's. */
const PROMINENT = 0.5;
const MOST_READ = 2;

type Track = { squares: Square[]; frames: number; faces: number; timestamp_seconds: number };

/** Loads the nets; `startBackend` comes first. */
export async function createFaceAnalyser(models: FaceModels): Promise<FaceAnalyser> {
  const [detector, mesh] = await Promise.all([loadGraph(models.detector), loadGraph(models.mesh)]);
  const expression = buildExpressionModel(models.expression);
  let track: Track | null = null;
  const read = (frame: Frame, most: number) => {
    assertFrame(frame);
    const found = findFaces(detector, mesh, frame, { track, most });
    track = found.track;
    const faces = found.track?.faces ?? 0;
    const readings = found.meshes.map((each) => readingOf(expression, each, { frame, faces }));
    return { ...found, faces, readings };
  };
  return {
    model: expression.name,
    analyse: (frame) => {
      const { readings, faces } = read(frame, 1);
      return readings[0] ?? { status: 'no_face', timestamp_seconds: frame.timestamp_seconds, faces, reason: reasonOfNone(frame) };
    },
    analyseAll: (frame) => {
      const { meshes, readings, faces } = read(frame, MOST_READ);
      const none = meshes.length === 0 ? reasonOfNone(frame) : 'none_found';
      const sightings = meshes.flatMap((each, i) => {
        const [reading, square] = [readings[i], squareAround(each)];
        return reading ? [{ square, prominence: prominenceOf(square, frame), reading }] : [];
      });
      return { timestamp_seconds: frame.timestamp_seconds, faces, sightings, none };
    },
    reset: () => {
      track = null;
    },
    dispose: () => {
      detector.dispose();
      mesh.dispose();
    },
  };
}

function assertFrame({ data, width, height }: Frame): void {
  if (!(width > 0 && height > 0) || data.length !== width * height * 3) {
    throw new RangeError(`a frame of ${width}x${height} has ${data.length} bytes`);
  }
}

/** The meshes of the tracked faces where they were, else of the most prominent faces that are seen; with `most` 1, of the tracked one rather than another. */
function findFaces(
  detector: GraphModel,
  net: GraphModel,
  frame: Frame,
  { track, most }: { track: Track | null; most: number },
): { track: Track | null; meshes: Mesh[] } {
  const { timestamp_seconds } = frame;
  const age = track ? timestamp_seconds - track.timestamp_seconds : 0;
  if (track && track.frames < DETECT_EVERY && age >= 0 && age < DETECT_AFTER_SECONDS) {
    const meshes = track.squares.map((square) => readMesh(net, frame, square));
    const squares = meshes.map(squareAround);
    // Two tracks that have slid onto one face are one.
    const isOne =
      squares.length > 1 && squares.some((square, i) => squares.slice(0, i).some((other) => overlap(square, other) > SAME_PLACE));
    if (!isOne && meshes.every(({ score }) => score >= LEAST_MESH_SCORE)) {
      return { meshes, track: { squares, frames: track.frames + 1, faces: track.faces, timestamp_seconds } };
    }
  }
  const seen = detectFaces(detector, frame);
  const meshes = choose(seen, frame, { track, most })
    .map(({ square }) => readMesh(net, frame, square))
    .filter(({ score }) => score >= LEAST_MESH_SCORE);
  const next = { squares: meshes.map(squareAround), frames: 1, faces: seen.length, timestamp_seconds };
  return meshes.length > 0 ? { meshes, track: next } : { meshes, track: null };
}

/** One: the face that stands where the tracked one stood, else the most prominent. Several: those that are prominent enough, most prominent first. */
function choose(seen: Seen[], frame: Frame, { track, most }: { track: Track | null; most: number }): Seen[] {
  const [before] = track?.squares ?? [];
  const same = most === 1 && before && seen.find(({ square }) => overlap(square, before) > SAME_PLACE);
  if (same) {
    return [same];
  }
  const weight = ({ square }: Seen) => prominenceOf(square, frame);
  const ranked = seen.toSorted((a, b) => weight(b) - weight(a)).slice(0, most);
  return ranked.filter((each) => ranked[0] && weight(each) >= PROMINENT * weight(ranked[0]));
}

/** The side of a face in pixels, one at the border counting half. */
function prominenceOf(square: Square, { width }: Frame): number {
  return square.side * (1 - 0.5 * Math.min(1, Math.abs(square.x / width - 0.5) * 2));
}

function reasonOfNone(frame: Frame): NoFaceReason {
  return brightness(frame) < DARK ? 'too_dark' : 'none_found';
}

function readingOf(expression: ExpressionModel, mesh: Mesh, { frame, faces }: { frame: Frame; faces: number }): FaceFrame {
  const base = { timestamp_seconds: frame.timestamp_seconds, faces };
  const reason = unreadable(mesh, frame);
  return reason
    ? { status: 'no_face', ...base, reason }
    : { status: 'face', ...base, emotion: emotionOf(expression, mesh, frame), geometry: measureFace(mesh, frame) };
}

/** Why a face that was found is not read, if so. */
function unreadable(mesh: Mesh, { width, height }: Frame): NoFaceReason | null {
  const [a, b] = [pointOf(mesh, EYE_LEFT), pointOf(mesh, EYE_RIGHT)];
  if (Math.hypot(a.x - b.x, a.y - b.y) < LEAST_EYES) {
    return 'too_small';
  }
  let outside = 0;
  for (let i = 0; i < mesh.points.length; i += 3) {
    const [x, y] = [mesh.points[i] as number, mesh.points[i + 1] as number];
    outside += x < 0 || y < 0 || x > width || y > height ? 3 : 0;
  }
  return outside > mesh.points.length * MOST_OUTSIDE ? 'at_edge' : null;
}

function emotionOf(expression: ExpressionModel, mesh: Mesh, frame: Frame): EmotionFrame {
  const pixels = grey(cut(frame, expressionSquare(mesh), expression.size, 'edge'));
  const values = expression.scores(pixels);
  const scores = Object.fromEntries(EMOTIONS.map((emotion, i) => [emotion, values[i]])) as EmotionScores;
  return { timestamp_seconds: frame.timestamp_seconds, ...scores, confidence: Math.max(...values) };
}
