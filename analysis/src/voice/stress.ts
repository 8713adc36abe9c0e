import weights from '../../models/stress/stress.json' with { type: 'json' };
import type { VoiceFeatures } from './types.ts';

/** Name and version of the weights; their card is docs/models/stress.md. */
export const STRESS_MODEL: string = weights.model;

/** A feature further than this many spreads away counts as that far: an outlier is an error of measurement more often than not. */
const FAR = 4;

/** The stress proxy of one clip, 0 to 1: how much it sounds like acted anger or fear and not like calm speech, without knowing the speaker. Calibrated. */
export function stressLevel(features: VoiceFeatures): number {
  return score(features, weights.raw.mean, weights.raw);
}

/**
 * The stress proxy of each clip of one speaker against their mean over `clips` and `earlier` ones, 0 to 1: 0.5 is how they speak on the whole. More to be
 * trusted than `stressLevel`, the more clips there are; of few clips the mean is drawn towards that of all speakers. `null` stays `null`. The order
 * of the clips does not matter.
 */
export function stressAgainstOwnMean(clips: (VoiceFeatures | null)[], earlier: (VoiceFeatures | null)[] = []): (number | null)[] {
  const heard = [...clips, ...earlier].filter((clip) => clip !== null);
  const { prior_clips: prior } = weights.own;
  const middle = weights.features.map((name, i) => {
    const sum = heard.reduce((total, clip) => total + (clip[name] ?? 0), 0);
    return (sum + prior * (weights.raw.mean[i] ?? 0)) / (heard.length + prior);
  });
  return clips.map((clip) => (clip === null ? null : score(clip, middle, weights.own)));
}

function score(features: VoiceFeatures, middle: number[], model: { weights: number[]; bias: number }): number {
  let sum = model.bias;
  for (const [i, name] of weights.features.entries()) {
    const away = ((features[name] ?? 0) - (middle[i] ?? 0)) / (weights.spread[i] ?? 1);
    sum += (model.weights[i] ?? 0) * Math.max(-FAR, Math.min(FAR, away));
  }
  return 1 / (1 + Math.exp(-sum));
}
