import { stat } from 'node:fs/promises';
import { EMOTION_NAMES } from '@2t1l/contract/analysis';
import { SEGMENT_INDEXES } from '@2t1l/game/challenge';
import type { Analysis, ClipAnalysis, Ports } from '../src/ports.ts';
import { noVoice } from '../src/store/present-analysis.ts';

/** Stands in for the models, which have tests of their own: counts the clips, the bytes of each, and at each comparison the earlier clips by challenge. */
export function countingModels() {
  const seen: { size_bytes: number }[] = [];
  const earlierClips: number[][] = [];
  const analysis: Analysis = {
    model: 'counter-1',
    async analyse({ path }) {
      seen.push({ size_bytes: (await stat(path)).size });
      return clipResult(seen.length);
    },
    combine: (clips, earlier) => {
      earlierClips.push(earlier.map((each) => each.length));
      return {
        segments: SEGMENT_INDEXES.map((index) => ({
          signals: [{ name: 'loudness', unit: 'dB', value: clips[index]?.signals.loudness ?? null, difference: index, effect: index }],
          curves: { pitch_hz: null, energy_db: null, expression_change: null },
        })),
        strongest: { segment_index: 1, name: 'loudness', effect: 2, direction: 'higher' },
      };
    },
  };
  const port: Ports['analysis'] = async () => analysis;
  return { port, seen, earlierClips };
}

function clipResult(loudness: number): ClipAnalysis {
  const scores = Object.fromEntries(EMOTION_NAMES.map((name) => [name, 1 / 7])) as Record<(typeof EMOTION_NAMES)[number], number>;
  return {
    face: { status: 'completed', frames: [], mean: scores, variability: 0, dominant: 'neutral', model: 'counter-1' },
    voice: { ...noVoice('no_speech'), model: 'counter-1' },
    signals: { loudness },
    curves: { pitch_hz: null, energy_db: null, expression_change: null },
    raw: null,
  };
}
