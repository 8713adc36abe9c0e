/** The models of face and voice behind their port: a pool of threads, and the wire's words for what it finds. */
import type { FaceSegment } from '@2t1l/analysis/face/types';
import type { AnalysisPool } from '@2t1l/analysis/node/pool';
import type { VoiceAnalysis, VoiceFeatures } from '@2t1l/analysis/voice/types';
import { SEGMENT_INDEXES } from '@2t1l/game/challenge';
import type { Analysis, ClipAnalysis, FrameSize, Log } from '../ports.ts';

/** Twice a second shows how a face changes over a sentence; half the canvas is enough for a face that fills a third of it. */
const FRAMES: FrameSize = { width: 360, height: 640, fps: 2 };

/** Kept with a clip for `combine`. */
interface Raw {
  features: VoiceFeatures | null;
}

/** Ends its threads on `dispose`. */
export interface TellsAnalysis {
  load: () => Promise<Analysis | null>;
  dispose: () => Promise<void>;
}

/** `sureConfidence`: a picture below it is unsure, 0 to 1. Nothing is loaded before the first call of `load`; where models are missing or damaged it looks again with every later one. */
export function tellsAnalysis(log: Log, sureConfidence: number): TellsAnalysis {
  let loaded: Promise<{ analysis: Analysis; pool: AnalysisPool } | null> | null = null;
  let isMissing = false;
  const load = async () => {
    try {
      const found = await loadAnalysis(sureConfidence);
      isMissing = false;
      return found;
    } catch (error) {
      loaded = null;
      if (!isMissing) {
        isMissing = true;
        const cause = error instanceof Error ? error.message : String(error);
        log.error(
          { cause },
          'the models of face and voice are missing or damaged: clips wait for their tells until they are restored (npm ci, git checkout analysis/models)',
        );
      }
      return null;
    }
  };
  return {
    load: async () => {
      loaded ??= load();
      return (await loaded)?.analysis ?? null;
    },
    dispose: async () => {
      await (await loaded)?.pool[Symbol.asyncDispose]();
    },
  };
}

async function loadAnalysis(sureConfidence: number): Promise<{ analysis: Analysis; pool: AnalysisPool }> {
  const { checkModels } = await import('@2t1l/analysis/node/check-models');
  // First: what is imported damaged stays so until the next start.
  const model = await checkModels();
  const [{ createAnalysisPool }, { tellsOf }, { voiceSignals }, { stressAgainstOwnMean }] = await Promise.all([
    import('@2t1l/analysis/node/pool'),
    import('@2t1l/analysis/tells/tells'),
    import('@2t1l/analysis/tells/signals'),
    import('@2t1l/analysis/voice/stress'),
  ]);
  const pool = createAnalysisPool({ sureConfidence });
  const analysis: Analysis = {
    // What was measured with another threshold is not the same.
    model: `${model}, sure from ${sureConfidence}`,
    frames: FRAMES,
    async analyse({ frames, sound }, signal) {
      const sized = addSize(frames);
      const ending = new AbortController();
      const either = AbortSignal.any([signal, ending.signal]);
      const halves = [pool.face(sized, either), pool.voice(sound ?? new Float32Array(), either)] as const;
      const [face, voice] = await Promise.all(halves).catch(async (error: unknown) => {
        // The other half still reads the clip, whose folder goes when this ends.
        ending.abort(error);
        await Promise.allSettled(halves);
        throw error;
      });
      const { stress_level: _, ...voiced } = voiceSignals(voice);
      const raw: Raw = { features: voice.features };
      return {
        face: faceOf(face),
        voice: voiceOf(voice),
        signals: { ...voiced, ...faceSignalsOf(face) },
        curves: curvesOf(face, voice),
        raw,
      };
    },
    combine(clips) {
      const { segments, strongest } = tellsOf(clips.map((clip) => clip?.signals ?? {}));
      const stress = stressAgainstOwnMean(clips.map((clip) => (clip?.raw as Raw | undefined)?.features ?? null));
      return {
        segments: segments.map(({ signals }, index) => ({
          signals: [
            ...Object.entries(signals).map(([name, tell]) => ({ name, ...tell })),
            { name: 'stress_against_own_mean', unit: '', value: stress[index] ?? null, difference: null, effect: null },
          ],
          curves: clips[index]?.curves ?? { pitch_hz: null, energy_db: null, expression_change: null },
        })),
        strongest: strongest && {
          segment_index: SEGMENT_INDEXES[strongest.segment_index] ?? 0,
          name: strongest.signal,
          effect: strongest.effect,
          direction: strongest.direction,
        },
      };
    },
  };
  return { analysis, pool };
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

function voiceOf({ features: _, curves: __, ...voice }: VoiceAnalysis): ClipAnalysis['voice'] {
  return voice;
}

/** What is compared between clips; how much of the clip showed a face is no signal of the person. */
function faceSignalsOf(face: FaceSegment): ClipAnalysis['signals'] {
  if (face.status !== 'completed') {
    return {};
  }
  const { face_share: _, several_faces_share: __, ...signals } = face.signals;
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
