/** Finished and unfinished analyses, for those who show them. */
import type { Analysis } from '@2t1l/contract/analysis';
import { presentAnalysis } from '../src/store/present-analysis.ts';

const CURVES = { pitch_hz: null, energy_db: null, expression_change: null };
/** Three segments that all stand the same, and tells of none. */
export const three = (status: 'pending' | 'declined' | 'failed') => presentAnalysis([{ status }, { status }, { status }]);

/** Three measured clips, of which the second paused more. */
export function buildAnalysis({ strongest = true, seen = true, record = null as NonNullable<Analysis['tells']>['record'] } = {}): Analysis {
  const [face, voice] = [three('declined').emotion_analysis.segments[0], three('declined').voice_analysis.segments[0]];
  const faces = [0, 1, 2].map((index) => ({
    ...face,
    ...(seen || index > 0 ? { status: 'completed' } : { status: 'no_face', reason: 'too_dark' }),
  }));
  const segments = [0.1, 0.3, 0.1].map((value, index) => {
    const difference = index === 1 ? 0.2 : -0.1;
    return { signals: [{ name: 'pause_share', unit: '', value, difference, effect: difference * 16 }], curves: CURVES };
  });
  const mark = { segment_index: 1, name: 'pause_share', effect: 3.2, direction: 'higher' };
  return {
    status: 'completed',
    emotion_analysis: { segments: faces },
    voice_analysis: { segments: [0, 1, 2].map(() => ({ ...voice, status: 'completed' })) },
    tells: { segments, strongest: strongest ? mark : null, record },
  } as Analysis;
}
