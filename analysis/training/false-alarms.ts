/**
 * `node false-alarms.ts --data D --features F`: how often three clips of one speaker in one mood show a clear signal. F is what voice-features.ts wrote; one
 * JSON line: the share over 5,000 draws a corpus, all seven measured signals of the voice at once.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { rowsOfCsv } from '../src/node/rows-of-csv.ts';
import { tellsOf } from '../src/tells/tells.ts';
import { stressLevel } from '../src/voice/stress.ts';
import type { VoiceFeatures } from '../src/voice/types.ts';
import { chanceOf } from './degrade.ts';

const DRAWS = 5_000;
const { values } = parseArgs({ options: { data: { type: 'string' }, features: { type: 'string' } } });
if (!values.data || !values.features) {
  throw new Error('--data D --features F');
}
const lines = readFileSync(values.features, 'utf8').trim().split('\n');
const clips: { corpus: string; file: string; way: string; features: VoiceFeatures | null }[] = lines.map((line) => JSON.parse(line));
const shares: Record<string, number> = {};
for (const [corpus, folder] of Object.entries({ emodb: 'emodb-full', cremad: 'cremad' })) {
  const rows = rowsOfCsv(readFileSync(join(values.data, folder, 'labels.csv'), 'utf8'), ['file', 'speaker', 'emotion']);
  const moods = new Map(rows.map(({ file, speaker, emotion }) => [file, `${speaker} ${emotion}`]));
  const heard = clips.flatMap(({ features, ...clip }) =>
    features && clip.corpus === corpus && clip.way === 'clean' ? [{ ...clip, features }] : [],
  );
  const groups = [...Map.groupBy(heard, ({ file }) => moods.get(file)).values()].filter((group) => group.length >= 3);
  const chance = chanceOf(corpus);
  let clear = 0;
  for (let draw = 0; draw < DRAWS; draw++) {
    const group = [...(groups[Math.floor(chance() * groups.length)] ?? [])];
    const three = [0, 1, 2].flatMap(() => group.splice(Math.floor(chance() * group.length), 1));
    clear += tellsOf(three.map(({ features }) => signalsOf(features))).strongest === null ? 0 : 1;
  }
  shares[corpus] = clear / DRAWS;
}
console.log(JSON.stringify(shares));

function signalsOf(features: VoiceFeatures): Record<string, number> {
  const of = (name: string) => features[name] ?? 0;
  return {
    pitch_median_hz: 55 * 2 ** (of('pitch_median') / 12),
    pitch_variance: of('pitch_sd') ** 2,
    speaking_rate: of('speaking_rate'),
    jitter_ratio: Math.exp(of('jitter')),
    shimmer_ratio: Math.exp(of('shimmer')),
    hnr_db: of('hnr'),
    stress_level: stressLevel(features),
  };
}
