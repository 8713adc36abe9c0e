import type { VoiceFeatures } from './types.ts';
export const STRESS_MODEL = 'none';
export function stressLevel(_features: VoiceFeatures): number {
  return 0.5;
}
