import { voiceFeatures } from './features.ts';
import { measure } from './measure.ts';
import { evidence } from './speech.ts';
export async function analyseVoice(samples: Float32Array) {
  const m = await measure(samples, () => {});
  return {
    features:
      m.stretches.length && m.nuclei.length
        ? { ...voiceFeatures(m), ...Object.fromEntries(Object.entries(evidence(m)).map(([k, v]) => ['_' + k, v])) }
        : null,
  };
}
