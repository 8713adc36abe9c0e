import { describe, expect, test } from 'vitest';
import { chance, joined, pulses, samplesOf, vowel } from '../../test/voices.ts';
import { type Measured, measure } from './measure.ts';
import { voiceQuality } from './quality.ts';
import { quantile } from './statistics.ts';

const measured = (samples: Float32Array) => measure(samples, () => {});
const voiced = ({ pitch }: Measured) => Array.from(pitch.hz).filter((hz) => hz > 0);

describe('pitch', () => {
  test.each([80, 117.3, 220, 401, 580])('a steady vowel at %f Hz is read to a thousandth', async (hz) => {
    const read = voiced(
      await measured(
        vowel(
          1,
          pulses(1, () => hz),
        ),
      ),
    );
    expect(read.length).toBeGreaterThan(80);
    expect(Math.abs(quantile(read, 0.5) / hz - 1)).toBeLessThan(0.001);
  });

  test('a glide over an octave is followed without a jump', async () => {
    const { pitch, frames } = await measured(
      vowel(
        2,
        pulses(2, (t) => 110 * 2 ** (t / 2)),
      ),
    );
    for (const [i, hz] of pitch.hz.entries()) {
      const t = frames.start_seconds + i * 0.01;
      if (t > 0.05 && t < 1.95) {
        expect(Math.abs(hz / (110 * 2 ** (t / 2)) - 1), `at ${t} s`).toBeLessThan(0.01);
      }
    }
  });

  test('noise has none', async () => {
    const next = chance(3);
    const { pitch } = await measured(samplesOf(3, () => 0.4 * (next() - 0.5)));
    expect(pitch.hz.filter((hz) => hz > 0).length / pitch.hz.length).toBeLessThan(0.02);
  });
});

describe('voice quality', () => {
  const qualityOf = async (sound: Float32Array) => {
    const { samples, marks, pitch } = await measured(sound);
    return voiceQuality(samples, marks, pitch);
  };

  test('an even voice has next to no jitter and shimmer', async () => {
    const quality = await qualityOf(
      vowel(
        2,
        pulses(2, () => 130),
      ),
    );
    expect(quality.jitter_ratio).toBeLessThan(0.001);
    expect(quality.shimmer_ratio).toBeLessThan(0.01);
    expect(quality.hnr_db).toBeGreaterThan(30);
  });

  test.each([0.005, 0.01, 0.02])('jitter is the mean difference of neighbouring periods: wobble %f', async (wobble) => {
    const list = pulses(4, () => 120, { wobble });
    const periods = list.slice(1).map(({ at }, i) => at - (list[i]?.at ?? 0));
    const differences = periods.slice(1).map((period, i) => Math.abs(period - (periods[i] ?? 0)));
    const jitter = mean(differences) / mean(periods);
    const read = (await qualityOf(vowel(4, list))).jitter_ratio ?? 0;
    expect(Math.abs(read / jitter - 1)).toBeLessThan(0.1);
  });

  test.each([0.05, 0.15])('shimmer is the mean difference of neighbouring levels: flutter %f', async (flutter) => {
    const list = pulses(4, () => 120, { flutter });
    const differences = list.slice(1).map(({ level }, i) => Math.abs(level - (list[i]?.level ?? 0)));
    const shimmer = mean(differences) / mean(list.map(({ level }) => level));
    const read = (await qualityOf(vowel(4, list))).shimmer_ratio ?? 0;
    expect(Math.abs(read / shimmer - 1)).toBeLessThan(0.1);
  });

  test.each([10, 20])('noise %d dB under a voice gives that HNR', async (db) => {
    const sound = vowel(
      2,
      pulses(2, () => 200),
    );
    const next = chance(9);
    const power = mean(Array.from(sound, (value) => value * value));
    // Noise of -1 to 1 has a power of one third.
    const level = Math.sqrt((3 * power) / 10 ** (db / 10));
    const read = (await qualityOf(sound.map((value) => value + level * (2 * next() - 1)))).hnr_db ?? 0;
    expect(Math.abs(read - db)).toBeLessThan(1);
  });

  test('none without voice', async () => {
    expect(await qualityOf(new Float32Array(16_000))).toEqual({ jitter_ratio: null, shimmer_ratio: null, hnr_db: null });
  });
});

describe('syllables and pauses', () => {
  const syllables = (count: number, perSecond: number) => {
    const seconds = count / perSecond;
    const sound = vowel(
      seconds,
      pulses(seconds, (t) => 120 + 10 * Math.sin(3 * t)),
    );
    return sound.map((value, i) => value * (0.04 + 0.96 * Math.sin((Math.PI * perSecond * i) / 16_000) ** 2));
  };

  test.each([
    [6, 2],
    [12, 4],
    [18, 6],
  ])('of %d syllables at %d a second all but the last are counted, as the published script does', async (count, perSecond) => {
    expect((await measured(syllables(count, perSecond))).nuclei).toHaveLength(count - 1);
  });

  test('a gap of 0.6 s is a pause, one of 0.12 s is not', async () => {
    const gap = (seconds: number) => new Float32Array(seconds * 16_000);
    const sound = joined(gap(0.5), syllables(4, 4), gap(0.6), syllables(4, 4), gap(0.12), syllables(4, 4), gap(0.5));
    const { stretches } = await measured(sound);
    expect(stretches).toHaveLength(2);
    const [first, second] = stretches;
    expect((second?.from ?? 0) - (first?.to ?? 0)).toBeGreaterThan(0.5);
    expect((second?.from ?? 0) - (first?.to ?? 0)).toBeLessThan(0.7);
  });
});

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
