/** What the models find in one clip, in the wire's words. Runs in a process of its own: see tells-process.ts. */
import type { FaceSegment } from '@2t1l/analysis/face/types';
import type { AnalysisPool } from '@2t1l/analysis/node/pool';
import { voiceSeconds, voiceSignals } from '@2t1l/analysis/tells/signals';
import type { Compared } from '@2t1l/analysis/tells/tells';
import type { VoiceAnalysis, VoiceFeatures } from '@2t1l/analysis/voice/types';
import type { ClipAnalysis, ClipFile, FrameSize, Media } from '../ports.ts';

/** Twice a second shows how a face changes over a sentence; half the canvas is enough for a face that fills a third of it. */
const FRAMES: FrameSize = { width: 360, height: 640, fps: 2 };

/** Kept with a clip for `combine`: what it is compared by besides its signals. */
export interface Raw {
  features: VoiceFeatures | null;
  seconds: Compared['seconds'];
}

/** Reads the clip to its end, face and voice at once. What it lacks is a status; throws what `media` throws, and when a thread of the pool fails twice. */
export async function measureClip(
  { path, workDir }: ClipFile,
  ports: { media: Media; pool: AnalysisPool },
  signal: AbortSignal,
): Promise<ClipAnalysis> {
  const { media, pool } = ports;
  const sound = (await media.sound(path, { signal })) ?? new Float32Array();
  const ending = new AbortController();
  const either = AbortSignal.any([signal, ending.signal]);
  const frames = addSize(media.frames(path, workDir, FRAMES, { signal: either }));
  const halves = [pool.face(frames, either), pool.voice(sound, either)] as const;
  const [face, voice] = await Promise.all(halves).catch(async (error: unknown) => {
    // The other half still reads the clip, whose folder goes when this ends.
    ending.abort(error);
    await Promise.allSettled(halves);
    throw error;
  });
  const raw: Raw = {
    features: voice.features,
    seconds: { ...voiceSeconds(voice), ...(face.status === 'completed' && { face: face.signals.face_seconds }) },
  };
  return {
    face: faceOf(face),
    voice: voiceOf(voice),
    signals: { ...voiceSignals(voice), ...faceSignalsOf(face) },
    curves: curvesOf(face, voice),
    raw,
  };
}

async function* addSize(frames: AsyncIterable<{ timestamp_seconds: number; data: Uint8Array }>) {
  for await (const frame of frames) {
    yield { ...frame, width: FRAMES.width, height: FRAMES.height };
  }
}

/** Four digits tell all there is, and keep the answer a third as long. */
function short(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

function faceOf(face: FaceSegment): ClipAnalysis['face'] {
  if (face.status !== 'completed') {
    const reason = face.status === 'no_face' ? face.reason : undefined;
    return { status: face.status, reason, frames: [], mean: null, variability: null, dominant: null, model: face.model };
  }
  const { frames, mean, variability, dominant, model } = face;
  return {
    status: 'completed',
    frames: frames.map((frame) => shortened(frame)),
    mean: shortened(mean),
    variability: short(variability),
    dominant,
    model,
  };
}

function shortened<T extends Record<string, number>>(numbers: T): T {
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, short(value)])) as T;
}

function voiceOf({ features: _, curves: __, speech_seconds: ___, ...voice }: VoiceAnalysis): ClipAnalysis['voice'] {
  return voice;
}

/** What is compared between clips; for how long a face was to be seen is no signal of the person. */
function faceSignalsOf(face: FaceSegment): ClipAnalysis['signals'] {
  if (face.status !== 'completed') {
    return {};
  }
  const { face_seconds: _, face_share: __, several_faces_share: ___, ...signals } = face.signals;
  return signals;
}

function curvesOf(face: FaceSegment, { curves }: VoiceAnalysis): ClipAnalysis['curves'] {
  const sampling = curves && { start_seconds: curves.start_seconds, step_seconds: curves.step_seconds };
  return {
    pitch_hz: curves && sampling && { ...sampling, values: curves.pitch_hz },
    energy_db: curves && sampling && { ...sampling, values: curves.energy_db },
    expression_change: face.status === 'completed' ? changeOf(face.frames) : null,
  };
}

/** How much the seven scores moved since the frame before, 0 to 1; null where one of the two has no face. */
function changeOf(frames: Extract<FaceSegment, { status: 'completed' }>['frames']): ClipAnalysis['curves']['expression_change'] {
  const byIndex = new Map(frames.map((frame) => [Math.round(frame.timestamp_seconds * FRAMES.fps), frame]));
  const last = Math.max(...byIndex.keys());
  const values = Array.from({ length: last + 1 }, (_, index) => {
    const [now, before] = [byIndex.get(index), byIndex.get(index - 1)];
    if (now === undefined || before === undefined) {
      return null;
    }
    const { timestamp_seconds: _t, confidence: _c, ...scores } = now;
    const names = Object.keys(scores) as (keyof typeof scores)[];
    return short(names.reduce((sum, name) => sum + Math.abs(now[name] - before[name]), 0) / 2);
  });
  return { start_seconds: 0, step_seconds: 1 / FRAMES.fps, values };
}
