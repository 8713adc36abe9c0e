/** What the wire says of a challenge's analysis, from the clips' rows. */
import type { Analysis, EmotionSegment, VoiceSegment } from '@2t1l/contract/analysis';
import { SEGMENT_INDEXES } from '@2t1l/game/challenge';
import type { ClipAnalysis } from '../ports.ts';
import type { MeasuredClip } from './analyses.ts';
import type { Clip } from './clips.ts';

/** Where one clip's measuring stands. */
export type Measured = { status: 'pending' | 'declined' | 'failed' } | { status: 'done'; result: ClipAnalysis };

/**
 * The three segments in order. A clip that its author keeps out is `declined` before it is there, so that nothing waits for it; what the
 * person has not consented to counts once the clip is there, so that an empty draft is no finished analysis.
 */
export function measuredSegments(
  clips: readonly Clip[],
  analyses: readonly MeasuredClip[],
  may: { person: boolean; choices: readonly boolean[] },
): Measured[] {
  return SEGMENT_INDEXES.map((index) => {
    if (may.choices[index] !== true) {
      return { status: 'declined' };
    }
    const clip = clips.find((one) => one.segment_index === index);
    if (clip?.status !== 'ready') {
      return { status: 'pending' };
    }
    if (!may.person) {
      return { status: 'declined' };
    }
    const row = analyses.find((one) => one.clip_id === clip.id);
    if (row === undefined) {
      return { status: 'pending' };
    }
    return row.result === null ? { status: 'failed' } : { status: 'done', result: row.result };
  });
}

/** The answer without tells. `failed` where nothing of what might be measured could be. */
export function presentAnalysis(segments: readonly Measured[]): Analysis {
  const has = (status: Measured['status']) => segments.some((segment) => segment.status === status);
  const status = has('pending') ? (has('done') ? 'running' : 'pending') : has('failed') && !has('done') ? 'failed' : 'completed';
  return {
    status,
    emotion_analysis: { segments: segments.map((segment) => (segment.status === 'done' ? segment.result.face : noFace(segment.status))) },
    voice_analysis: { segments: segments.map((segment) => (segment.status === 'done' ? segment.result.voice : noVoice(segment.status))) },
    tells: null,
  };
}

function noFace(status: EmotionSegment['status']): EmotionSegment {
  return { status, frames: [], mean: null, variability: null, dominant: null, model: null };
}

/** A voice of which nothing was measured. */
export function noVoice(status: VoiceSegment['status']): VoiceSegment {
  return {
    status,
    stress_level: null,
    pitch_median_hz: null,
    pitch_variance: null,
    speaking_rate: null,
    voice_quality: { jitter_ratio: null, shimmer_ratio: null, hnr_db: null },
    energy_db: null,
    pause_count: null,
    pause_seconds: null,
    confidence: 0,
    model: null,
  };
}
