import { faceSignals } from './signals.ts';
import { EMOTIONS, type EmotionFrame, type EmotionScores, type FaceFrame, type FaceSegment, type NoFaceReason } from './types.ts';

/** Fewer frames with a face than this, or a smaller share of all, say nothing of a clip. */
const LEAST_FRAMES = 3;
const LEAST_SHARE = 0.2;

/** Sums the frames of one clip up, in any order; `sure` as in `faceSignals`. No frames at all: `failed`, for then nothing was looked at. */
export function summariseFace(frames: FaceFrame[], model: string, sure?: number): FaceSegment {
  if (frames.length === 0) {
    return { status: 'failed', model };
  }
  const ordered = frames.toSorted((a, b) => a.timestamp_seconds - b.timestamp_seconds);
  const signals = faceSignals(ordered, sure);
  const read = ordered.flatMap((frame) => (frame.status === 'face' ? [frame.emotion] : []));
  if (read.length < Math.max(Math.min(LEAST_FRAMES, frames.length), LEAST_SHARE * frames.length)) {
    return { status: 'no_face', reason: commonReason(ordered), model, signals };
  }
  const mean = meanOf(read);
  const dominant = EMOTIONS.reduce((best, emotion) => (mean[emotion] > mean[best] ? emotion : best));
  return { status: 'completed', frames: read, mean, variability: variabilityOf(read, mean), dominant, model, signals };
}

function meanOf(frames: EmotionFrame[]): EmotionScores {
  const of = (emotion: (typeof EMOTIONS)[number]) => frames.reduce((sum, frame) => sum + frame[emotion], 0) / frames.length;
  return Object.fromEntries(EMOTIONS.map((emotion) => [emotion, of(emotion)])) as EmotionScores;
}

function variabilityOf(frames: EmotionFrame[], mean: EmotionScores): number {
  const apart = (frame: EmotionFrame) => EMOTIONS.reduce((sum, emotion) => sum + Math.abs(frame[emotion] - mean[emotion]), 0) / 2;
  return frames.reduce((sum, frame) => sum + apart(frame), 0) / frames.length;
}

function commonReason(frames: FaceFrame[]): NoFaceReason {
  const counts = new Map<NoFaceReason, number>();
  for (const frame of frames) {
    if (frame.status === 'no_face') {
      counts.set(frame.reason, (counts.get(frame.reason) ?? 0) + 1);
    }
  }
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? 'none_found';
}
