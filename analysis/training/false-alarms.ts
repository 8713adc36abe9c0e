/**
 * `node false-alarms.ts --data D`: how often three clips of one speaker in one mood show a clear signal, each clip whole or cut off after one second or
 * more by chance; clips of `emodb-full` and every fourth of `cremad` below D. One JSON line: the share over 5,000 draws a corpus, all signals of the voice.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readSound } from '../src/node/read-sound.ts';
import { rowsOfCsv } from '../src/node/rows-of-csv.ts';
import { voiceSeconds, voiceSignals } from '../src/tells/signals.ts';
import { type Compared, tellsOf } from '../src/tells/tells.ts';
import { analyseVoice } from '../src/voice/analyse-voice.ts';
import { SAMPLE_RATE } from '../src/voice/types.ts';
import { chanceOf } from './degrade.ts';

const DRAWS = 5_000;
const CORPORA = [
  { corpus: 'emodb', folder: 'emodb-full', every: 1 },
  { corpus: 'cremad', folder: 'cremad', every: 4 },
];
const { values } = parseArgs({ options: { data: { type: 'string' } } });
if (!values.data) {
  throw new Error('--data D');
}
const shares: Record<string, number> = {};
for (const { corpus, folder, every } of CORPORA) {
  const rows = rowsOfCsv(readFileSync(join(values.data, folder, 'labels.csv'), 'utf8'), ['file', 'speaker', 'emotion']);
  const chance = chanceOf(corpus);
  const groups = new Map<string, Compared[][]>();
  for (const { file = '', speaker, emotion } of rows.filter((_, i) => i % every === 0)) {
    const samples = await readSound(join(values.data, folder, 'audio', file));
    const part = samples.subarray(0, Math.round(SAMPLE_RATE + chance() * Math.max(0, samples.length - SAMPLE_RATE)));
    const clips = [await measured(samples), await measured(part)].filter((clip) => clip !== null);
    if (clips.length > 0) {
      groups.set(`${speaker} ${emotion}`, [...(groups.get(`${speaker} ${emotion}`) ?? []), clips]);
    }
  }
  const several = [...groups.values()].filter(({ length }) => length >= 3);
  let clear = 0;
  for (let draw = 0; draw < DRAWS; draw++) {
    const group = [...(several[Math.floor(chance() * several.length)] ?? [])];
    const three = [0, 1, 2].flatMap(() => group.splice(Math.floor(chance() * group.length), 1));
    clear += tellsOf(three.flatMap((clips) => clips[Math.floor(chance() * clips.length)] ?? [])).strongest === null ? 0 : 1;
  }
  shares[corpus] = clear / DRAWS;
}
console.log(JSON.stringify(shares));

async function measured(samples: Float32Array): Promise<Compared | null> {
  const voice = await analyseVoice(samples);
  return voice.status === 'completed' ? { signals: voiceSignals(voice), seconds: voiceSeconds(voice) } : null;
}
