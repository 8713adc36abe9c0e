/** The models of face and voice behind their port: clips are measured in a process of their own, what three of them say is put together here. */
import type { Compared } from '@2t1l/analysis/tells/tells';
import type { VoiceFeatures } from '@2t1l/analysis/voice/types';
import { SEGMENT_INDEXES } from '@2t1l/game/challenge';
import type { Analysis, ComparedClip, Log } from '../ports.ts';
import type { Raw } from './measure-clip.ts';
import type { TellsSettings } from './tells-process.ts';
import { type TellsProcess, tellsProcess } from './tells-process-host.ts';

/** Ends its process on `dispose`. */
export interface TellsAnalysis {
  load: () => Promise<Analysis | null>;
  dispose: () => Promise<void>;
}

/**
 * `sure_confidence`: a picture below it is unsure, 0 to 1. Nothing is loaded before the first call of `load`; where models are missing or damaged
 * it looks again with every later one, and with the next one after a fault, which may have been theirs.
 */
export function tellsAnalysis(log: Log, settings: TellsSettings): TellsAnalysis {
  const running = tellsProcess(settings);
  let loaded: Promise<Analysis | null> | null = null;
  let isMissing = false;
  const measure: TellsProcess['measure'] = async (...ask) => {
    try {
      return await running.measure(...ask);
    } catch (error) {
      loaded = null;
      throw error;
    }
  };
  const load = async () => {
    try {
      const found = await loadAnalysis(measure, settings);
      isMissing = false;
      return found;
    } catch (error) {
      loaded = null;
      // What it has read may be what is damaged.
      await running.dispose();
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
      return await loaded;
    },
    dispose: running.dispose,
  };
}

function comparedOf(clip: ComparedClip | null): Compared {
  return { signals: clip?.signals ?? {}, seconds: (clip?.raw as Raw | undefined)?.seconds ?? { face: 0, speech: 0, span: 0 } };
}

function featuresOf(clip: ComparedClip | null): VoiceFeatures | null {
  return (clip?.raw as Raw | undefined)?.features ?? null;
}

async function loadAnalysis(measure: TellsProcess['measure'], { sure_confidence }: TellsSettings): Promise<Analysis> {
  const { checkModels } = await import('@2t1l/analysis/node/check-models');
  // First: what is imported stays as it is until the next start.
  const model = await checkModels();
  const [{ SIGNALS_VERSION }, { tellsOf }, { stressAgainstOwnMean }] = await Promise.all([
    import('@2t1l/analysis/tells/signals'),
    import('@2t1l/analysis/tells/tells'),
    import('@2t1l/analysis/voice/stress'),
  ]);
  return {
    // What was measured with another threshold, or as other signals, is not the same.
    model: `${model}, ${SIGNALS_VERSION}, sure from ${sure_confidence}`,
    analyse: (clip, signal) => measure(clip, model, signal),
    combine(clips, earlier) {
      const { segments, strongest } = tellsOf(
        clips.map(comparedOf),
        earlier.map((each) => each.map(comparedOf)),
      );
      const stress = stressAgainstOwnMean(clips.map(featuresOf), earlier.flat().map(featuresOf));
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
}
