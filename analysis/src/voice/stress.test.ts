import { expect, test } from 'vitest';
import { joined, pulses, vowel } from '../../test/voices.ts';
import { analyseVoice } from './analyse-voice.ts';
import { STRESS_MODEL, stressAgainstOwnMean, stressLevel } from './stress.ts';
import type { VoiceFeatures } from './types.ts';

/** Six generated syllables a take: low and even, or high, loud at once and wide. */
async function take(kind: 'calm' | 'agitated', seed = 1): Promise<VoiceFeatures> {
  const isCalm = kind === 'calm';
  const part = (i: number) => {
    const seconds = isCalm ? 0.3 : 0.2;
    const hz = (t: number) => (isCalm ? 105 - 10 * t - i : 190 + 60 * Math.sin((Math.PI * t) / seconds) + 8 * i);
    const sound = vowel(seconds, pulses(seconds, hz, { wobble: 0.01, seed: seed + i }));
    // A pressed voice is brighter: the difference of neighbouring samples lifts the upper bands.
    return sound.map((value, k) => {
      const edge = Math.sin((Math.PI * k) / sound.length) ** (isCalm ? 2 : 0.5);
      return edge * (isCalm ? value + (sound[k - 1] ?? 0) : value - 0.7 * (sound[k - 1] ?? 0));
    });
  };
  const gap = new Float32Array(isCalm ? 1_600 : 480);
  const { features } = await analyseVoice(joined(...[0, 1, 2, 3, 4, 5].flatMap((i) => [part(i), gap])));
  return features ?? {};
}

test('the committed weights give what they gave when they were trained', async () => {
  const [calm, agitated] = [await take('calm'), await take('agitated')];
  expect({ model: STRESS_MODEL, calm: stressLevel(calm).toFixed(3), agitated: stressLevel(agitated).toFixed(3) }).toEqual({
    model: 'stress-2',
    calm: '0.328',
    agitated: '0.870',
  });
  expect(stressAgainstOwnMean([calm, calm, agitated, agitated]).map((level) => level?.toFixed(3))).toEqual([
    '0.017',
    '0.017',
    '1.000',
    '1.000',
  ]);
});

test('against the own mean: a constant of the person or the microphone nearly drops out, the order does not matter, no voice stays none', async () => {
  const clips = [await take('calm'), await take('calm', 20), await take('agitated'), await take('agitated', 20)];
  const levels = stressAgainstOwnMean(clips);
  const shifted = clips.map((clip) => ({ ...clip, tilt: (clip.tilt ?? 0) + 0.5, pitch_median: (clip.pitch_median ?? 0) + 1 }));
  for (const [i, level] of stressAgainstOwnMean(shifted).entries()) {
    expect(Math.abs((level ?? 0) - (levels[i] ?? 0))).toBeLessThan(0.15);
  }
  expect(levels[2]).toBeGreaterThan((levels[0] ?? 1) + 0.5);
  expect(stressAgainstOwnMean([...clips].reverse())[0]).toBeCloseTo(levels[3] ?? 0, 9);
  expect(stressAgainstOwnMean([clips[0] ?? {}, null])[1]).toBeNull();
  expect(stressAgainstOwnMean(clips.slice(0, 2), [...clips.slice(2), null])).toEqual(levels.slice(0, 2));
  expect(stressAgainstOwnMean([])).toEqual([]);
});
