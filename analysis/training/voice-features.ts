/**
 * `node voice-features.ts --data D --out F`: the features of every clip of `emodb-full` and `cremad` below D, clean and degraded, one JSON line each:
 * `{ corpus, file, way, features }`, `features` null where no speech was found. Every second clip of EmoDB and every
 * eighth of CREMA-D also comes degraded in a way.
 */
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readSound } from '../src/node/read-sound.ts';
import { rowsOfCsv } from '../src/node/rows-of-csv.ts';
import { analyseVoice } from '../src/voice/analyse-voice.ts';
import { SAMPLE_RATE } from '../src/voice/types.ts';
import { chanceOf, DEGRADATIONS } from './degrade.ts';
import { writeWav } from './write-wav.ts';

const { values } = parseArgs({ options: { data: { type: 'string' }, out: { type: 'string' } } });
if (!values.data || !values.out) {
  throw new Error('--data D --out F');
}
const out = values.out;
/** Of each corpus its folder, and of how many clips one is also degraded in a way. */
const CORPORA = [
  { corpus: 'emodb', folder: 'emodb-full', every: 2 },
  { corpus: 'cremad', folder: 'cremad', every: 8 },
];
const CODECS = ['-c:a libopus -b:a 16k -f ogg', '-c:a aac -b:a 24k -f adts', '-c:a aac -b:a 48k -f adts'];
const WAYS = [...Object.keys(DEGRADATIONS), 'codec'];

writeFileSync(out, '');
for (const way of ['clean', ...WAYS]) {
  for (const { corpus, folder, every } of CORPORA) {
    const rows = rowsOfCsv(readFileSync(join(values.data, folder, 'labels.csv'), 'utf8'), ['file']);
    for (const [i, { file = '' }] of rows.entries()) {
      if (way === 'clean' || (i + WAYS.indexOf(way)) % every === 0) {
        const samples = await readSound(join(values.data, folder, 'audio', file));
        await add(corpus, file, way, await sentBy(way, samples, chanceOf(`${file} ${way}`)));
      }
    }
    console.error(`${way} ${corpus}`);
  }
}

async function sentBy(way: string, samples: Float32Array, chance: () => number): Promise<Float32Array> {
  if (way === 'clean') {
    return samples;
  }
  const degrade = DEGRADATIONS[way];
  return degrade ? degrade(samples, chance) : await throughCodec(samples, CODECS[Math.floor(chance() * CODECS.length)] ?? '');
}

async function add(corpus: string, file: string, way: string, samples: Float32Array): Promise<void> {
  const { features } = await analyseVoice(samples);
  appendFileSync(out, `${JSON.stringify({ corpus, file, way, seconds: samples.length / SAMPLE_RATE, features })}\n`);
}

async function throughCodec(samples: Float32Array, codec: string): Promise<Float32Array> {
  const folder = mkdtempSync(join(tmpdir(), 'voice-'));
  try {
    const [from, to] = [join(folder, 'in.wav'), join(folder, 'coded')];
    writeWav(from, samples);
    execFileSync('ffmpeg', ['-nostdin', '-loglevel', 'error', '-i', from, ...codec.split(' '), to]);
    return await readSound(to);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
