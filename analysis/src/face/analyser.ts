import type { GraphModel } from '@tensorflow/tfjs-converter';
import { detectFaces, overlap, type Seen } from './detector.ts';
import { buildExpressionModel, type ExpressionFiles, type ExpressionModel } from './expression.ts';
import { expressionSquare } from './face-crop.ts';
import { measureFace } from './geometry.ts';
import { type GraphFiles, loadGraph } from './graph.ts';
import { EYE_LEFT, EYE_RIGHT, type Mesh, pointOf, readMesh, squareAround } from './mesh.ts';
import { brightness, cut, grey, type Square } from './picture.ts';
import { EMOTIONS, type EmotionFrame, type EmotionScores, type FaceFrame, type Frame, type NoFaceReason } from './types.ts';

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
/** Nine in ten pixels darker than this (0..255): too dark. */
const DARK = 30;
/** Pixels between the outer eye corners. */
const LEAST_EYES = 20;
/** More of the mesh than this outside the picture: the face is at its edge. */
const MOST_OUTSIDE = 0.1;

type Track = { square: Square; frames: number; faces: number; timestamp_seconds: number };

/** Loads the nets; `startBackend` comes first. */
export async function createFaceAnalyser(models: FaceModels): Promise<FaceAnalyser> {
  const [detector, mesh] = await Promise.all([loadGraph(models.detector), loadGraph(models.mesh)]);
  const expression = buildExpressionModel(models.expression);
  let track: Track | null = null;
  return {
    model: expression.name,
    analyse: (frame) => {
      assertFrame(frame);
      const found = findFace(detector, mesh, frame, track);
      track = found.track;
      const base = { timestamp_seconds: frame.timestamp_seconds, faces: found.track?.faces ?? 0 };
      if (!found.mesh) {
        return { status: 'no_face', ...base, reason: brightness(frame) < DARK ? 'too_dark' : 'none_found' };
      }
      const reason = unreadable(found.mesh, frame);
      if (reason) {
        return { status: 'no_face', ...base, reason };
      }
      return { status: 'face', ...base, emotion: emotionOf(expression, found.mesh, frame), geometry: measureFace(found.mesh, frame) };
    },
    reset: () => {
      track = null;
    },
    dispose: () => {
      detector.dispose();
      mesh.dispose();
      expression.dispose();
    },
  };
}

function assertFrame({ data, width, height }: Frame): void {
  if (!(width > 0 && height > 0) || data.length !== width * height * 3) {
    throw new RangeError(`a frame of ${width}x${height} has ${data.length} bytes`);
  }
}

/** The mesh of the tracked face where it was, else of the largest and most central face that is seen. */
function findFace(detector: GraphModel, net: GraphModel, frame: Frame, track: Track | null): { track: Track | null; mesh: Mesh | null } {
  const { timestamp_seconds } = frame;
  const age = track ? timestamp_seconds - track.timestamp_seconds : 0;
  if (track && track.frames < DETECT_EVERY && age >= 0 && age < DETECT_AFTER_SECONDS) {
    const mesh = readMesh(net, frame, track.square);
    if (mesh.score >= LEAST_MESH_SCORE) {
      return { mesh, track: { square: squareAround(mesh), frames: track.frames + 1, faces: track.faces, timestamp_seconds } };
    }
  }
  const seen = detectFaces(detector, frame);
  const chosen = choose(seen, frame, track);
  if (!chosen) {
    return { mesh: null, track: null };
  }
  const mesh = readMesh(net, frame, chosen.square);
  const next = { square: squareAround(mesh), frames: 1, faces: seen.length, timestamp_seconds };
  return mesh.score >= LEAST_MESH_SCORE ? { mesh, track: next } : { mesh: null, track: null };
}

/** The face that stands where the tracked one stood; without one, the largest, a face at the border counting half. */
function choose(seen: Seen[], frame: Frame, track: Track | null): Seen | undefined {
  const same = track && seen.find(({ square }) => overlap(square, track.square) > 0.3);
  if (same) {
    return same;
  }
  const weight = ({ square }: Seen) => square.side * (1 - 0.5 * Math.min(1, Math.abs(square.x / frame.width - 0.5) * 2));
  return seen.toSorted((a, b) => weight(b) - weight(a))[0];
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
