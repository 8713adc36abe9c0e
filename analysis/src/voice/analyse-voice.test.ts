import { beforeAll, describe, expect, test } from 'vitest';
import { chance, joined, samplesOf, spoken } from '../../test/voices.ts';
import { voiceSignals } from '../tells/signals.ts';
import { analyseVoice } from './analyse-voice.ts';

const LINE = 'I once met a famous actor in an airport, and he carried my bags to the gate.';
let slt: Float32Array;
let kal: Float32Array;

beforeAll(() => {
  slt = spoken(LINE, 'slt');
  kal = spoken(LINE, 'kal');
});

describe('speech', () => {
  test('has every figure, in its range', async () => {
    const voice = await analyseVoice(slt);
    expect(voice.status).toBe('completed');
    expect(voice.confidence).toBeGreaterThan(0.6);
    expect(voice.stress_level).toBeGreaterThanOrEqual(0);
    expect(voice.stress_level).toBeLessThanOrEqual(1);
    expect(voice.speaking_rate).toBeGreaterThan(3);
    expect(voice.speaking_rate).toBeLessThan(7);
    expect(voice.energy_db).toBeLessThan(0);
    expect(Object.values(voice.features ?? {}).every(Number.isFinite)).toBe(true);
    expect(voice.curves?.pitch_hz).toHaveLength(voice.curves?.energy_db.length ?? -1);
  });

  test('of a man is lower than of a woman', async () => {
    const [man, woman] = [await analyseVoice(kal), await analyseVoice(slt)];
    expect(man.pitch_median_hz).toBeLessThan(110);
    expect(woman.pitch_median_hz).toBeGreaterThan(150);
  });

  test('read 20 dB lower differs in its level alone', async () => {
    const loud = await analyseVoice(slt);
    const soft = await analyseVoice(slt.map((value) => value / 10));
    expect(soft.energy_db).toBeCloseTo((loud.energy_db ?? 0) - 20, 1);
    expect(soft.stress_level).toBeCloseTo(loud.stress_level ?? 0, 3);
    expect(soft.pitch_median_hz).toBeCloseTo(loud.pitch_median_hz ?? 0, 2);
  });

  test('a silence between two lines is one pause, around them none', async () => {
    const gap = (seconds: number) => new Float32Array(seconds * 16_000);
    const line = spoken('My dog can open doors', 'slt');
    const [alone, twice] = [await analyseVoice(line), await analyseVoice(joined(gap(1), line, gap(0.9), line, gap(2)))];
    expect(alone.pause_count).toBe(0);
    expect(twice.pause_count).toBe(1);
    expect(twice.pause_seconds).toBeGreaterThan(0.85);
    expect(twice.pause_seconds).toBeLessThan(1.4);
    const often = await analyseVoice(joined(line, gap(0.9), line, gap(0.9), line, gap(0.9), line));
    expect(often.pause_count).toBe(3);
    // the same way of speaking for twice as long is no difference
    const [short, long] = [voiceSignals(twice), voiceSignals(often)];
    expect((often.pause_seconds ?? 0) / (twice.pause_seconds ?? 0)).toBeGreaterThan(2.5);
    expect((long.pause_share ?? 0) / (short.pause_share ?? 0)).toBeLessThan(1.6);
    expect(short.pause_rate).toBeCloseTo(60 / (twice.speech_seconds ?? 0), 9);
  });

  test('a click does not hide the voice', async () => {
    const clicked = slt.map((value) => value / 8);
    clicked.fill(0.99, 9_000, 9_004);
    const [plain, found] = [await analyseVoice(slt), await analyseVoice(clicked)];
    expect(found.pitch_median_hz).toBeCloseTo(plain.pitch_median_hz ?? 0, -1);
  });

  test('one second is enough for a status, and trusted less; sixty seconds are read whole', async () => {
    const short = await analyseVoice(slt.slice(0, 16_000));
    const long = await analyseVoice(joined(...Array.from({ length: 15 }, () => slt)).slice(0, 60 * 16_000));
    expect(short.status).toBe('completed');
    expect(long.status).toBe('completed');
    expect(long.curves?.energy_db).toHaveLength(1_200);
    expect(long.confidence).toBeGreaterThan(short.confidence + 0.3);
    expect(long.pitch_median_hz).toBeCloseTo((await analyseVoice(slt)).pitch_median_hz ?? 0, -1);
  });
});

describe('no speech', () => {
  const next = chance(5);
  const notes = [220, 262, 330, 392, 440, 349];
  const saw = (hz: number, t: number) => 2 * ((hz * t) % 1) - 1;
  const SOUNDS: Record<string, Float32Array> = {
    'no sound at all': new Float32Array(0),
    'ten milliseconds': new Float32Array(160).fill(0.1),
    silence: new Float32Array(80_000),
    'a constant': new Float32Array(80_000).fill(0.3),
    noise: samplesOf(5, () => 0.3 * (2 * next() - 1)),
    'noise that swells like syllables': samplesOf(8, (t) => 0.2 * (2 * next() - 1) * (1 + Math.sin(8 * Math.PI * t))),
    'a tone': samplesOf(5, (t) => 0.5 * Math.sin(2 * Math.PI * 220 * t)),
    'hum in noise': samplesOf(5, (t) => 0.1 * Math.sin(2 * Math.PI * 100 * t) + 0.02 * next()),
    'a melody': samplesOf(8, (t) => 0.3 * saw(notes[Math.floor(4 * t) % 6] ?? 0, t) * Math.exp(-3 * ((4 * t) % 1))),
    chords: samplesOf(8, (t) => {
      const hz = notes[Math.floor(2 * t) % 6] ?? 0;
      return 0.1 * (saw(hz, t) + saw(1.25 * hz, t) + saw(1.5 * hz, t)) * Math.exp(-2 * ((2 * t) % 1));
    }),
    drums: samplesOf(
      8,
      (t) => 0.5 * (2 * next() - 1) * Math.exp(-20 * ((4 * t) % 1)) + 0.4 * Math.sin(500 * t) * Math.exp(-10 * ((2 * t) % 1)),
    ),
    clicks: samplesOf(5, (t) => (Math.round(t * 16_000) % 4_000 === 0 ? 0.9 : 0)),
  };

  test.each(Object.keys(SOUNDS))('%s is a result without figures', async (name) => {
    const voice = await analyseVoice(SOUNDS[name] ?? new Float32Array(0));
    expect(voice).toMatchObject({ status: 'no_speech', confidence: 0, stress_level: null, pitch_median_hz: null, features: null });
  });

  test('samples that are no numbers are a failure, not an exception', async () => {
    const broken = slt.slice();
    broken[500] = Number.NaN;
    expect(await analyseVoice(broken)).toMatchObject({ status: 'failed', confidence: 0, speaking_rate: null });
  });
});

test('a signal stops it with its own reason, and progress rises to 1', async () => {
  const stop = new AbortController();
  const done: number[] = [];
  const reason = new Error('enough');
  const onProgress = (share: number) => {
    done.push(share);
    stop.abort(reason);
  };
  await expect(analyseVoice(joined(slt, slt), { signal: stop.signal, onProgress })).rejects.toBe(reason);
  expect(done).toHaveLength(1);
  done.length = 0;
  await analyseVoice(slt, { onProgress: (share) => done.push(share) });
  expect(done.at(-1)).toBe(1);
  expect([...done].sort((a, b) => a - b)).toEqual(done);
});
