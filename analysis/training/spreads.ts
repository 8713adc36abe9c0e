/**
 * `node spreads.ts --data D`: how much the signals of the voice vary between clips of one speaker in one mood, whole and cut off after their first second
 * of speech; clips of `emodb-full` and every fourth of `cremad` below D. One JSON line: standard deviations on the scales of `SIGNALS`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readSound } from '../src/node/read-sound.ts';
import { rowsOfCsv } from '../src/node/rows-of-csv.ts';
import { SIGNALS, scaled, voiceSignals } from '../src/tells/signals.ts';
import { analyseVoice } from '../src/voice/analyse-voice.ts';
import { SAMPLE_RATE } from '../src/voice/types.ts';

/** Of one speaker in one mood, by signal. */
type Values = Record<string, number[]>;

const CORPORA = [
  { corpus: 'emodb', folder: 'emodb-full', every: 1 },
  { corpus: 'cremad', folder: 'cremad', every: 4 },
];
/** Before the first voiced sound: a consonant or two. */
const LEAD_SECONDS = 0.1;
const { values } = parseArgs({ options: { data: { type: 'string' } } });
if (!values.data) {
  throw new Error('--data D');
}
const result: Record<string, Record<string, number>> = {};
for (const { corpus, folder, every } of CORPORA) {
  const rows = rowsOfCsv(readFileSync(join(values.data, folder, 'labels.csv'), 'utf8'), ['file', 'speaker', 'emotion']);
  const [whole, second] = [new Map<string, Values>(), new Map<string, Values>()];
  for (const { file = '', speaker, emotion } of rows.filter((_, i) => i % every === 0)) {
    const samples = await readSound(join(values.data, folder, 'audio', file));
    const voice = await analyseVoice(samples);
    const curves = voice.curves;
    if (curves !== null) {
      const from = curves.pitch_hz.findIndex((hz) => hz !== null) * curves.step_seconds - LEAD_SECONDS;
      const start = Math.max(0, Math.round(from * SAMPLE_RATE));
      add(whole, `${speaker} ${emotion}`, voiceSignals(voice));
      add(second, `${speaker} ${emotion}`, voiceSignals(await analyseVoice(samples.subarray(start, start + SAMPLE_RATE))));
    }
  }
  Object.assign(result, { [`${corpus} whole`]: deviationsIn(whole), [`${corpus} one second`]: deviationsIn(second) });
}
console.log(JSON.stringify(result));

function add(groups: Map<string, Values>, group: string, signals: Record<string, number | null>): void {
  const values = groups.get(group) ?? {};
  groups.set(group, values);
  for (const [name, value] of Object.entries(signals)) {
    if (value !== null && SIGNALS[name]?.source === 'measured') {
      values[name] = [...(values[name] ?? []), scaled(value, SIGNALS[name].scale)];
    }
  }
}

/** Pooled over the groups. */
function deviationsIn(groups: Map<string, Values>): Record<string, number> {
  const names = Object.keys(SIGNALS).filter((name) => SIGNALS[name]?.source === 'measured');
  return Object.fromEntries(
    names.map((name) => {
      let [squares, freedom] = [0, 0];
      for (const values of [...groups.values()].flatMap((group) => (group[name]?.length ? [group[name]] : []))) {
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        squares += values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
        freedom += values.length - 1;
      }
      return [name, Math.round(1e3 * Math.sqrt(squares / freedom)) / 1e3];
    }),
  );
}
