import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { analyseVoice } from '../voice/analyse-voice.ts';
import { STRESS_MODEL, stressAgainstOwnMean } from '../voice/stress.ts';
import type { VoiceFeatures } from '../voice/types.ts';
import { readSound } from './read-sound.ts';
import { rowsOfCsv } from './rows-of-csv.ts';
import { type Scored, scoresOf } from './scores.ts';

/**
 * `--dir D --labels F`: the stress proxy on the sound files below D that the csv F names (columns `file`, `speaker`, `stress_proxy`: 1, 0 or empty). Each speaker's mean
 * over all their given clips is taken off, labelled or not; the figures are over the labelled ones, at 0.5. A clip without speech stays in: it gets what the mean gets.
 * `raw` holds the same figures without the speaker's mean. Throws when a column, a file or every label is missing.
 */
export async function evaluate(args: string[]): Promise<object> {
  const { values } = parseArgs({ args, options: { dir: { type: 'string' }, labels: { type: 'string' } } });
  if (values.dir === undefined || values.labels === undefined) {
    throw new Error('voice needs --dir D and --labels F');
  }
  const rows = rowsOfCsv(await readFile(values.labels, 'utf8'), ['file', 'speaker', 'stress_proxy']);
  const clips: Clip[] = [];
  for (const { file = '', speaker = '', stress_proxy = '' } of rows) {
    clips.push({ speaker, label: labelOf(stress_proxy, file), ...(await heard(join(values.dir, file))) });
  }
  const scored = [...Map.groupBy(clips, (clip) => clip.speaker).values()].flatMap((own) => {
    const against = stressAgainstOwnMean(own.map((clip) => clip.features));
    return own.map((clip, i) => ({ ...clip, against: against[i] ?? 0.5 }));
  });
  const labelled = scored.flatMap(({ label, raw, against }) => (label === null ? [] : [{ label, raw: raw ?? 0.5, against }]));
  if (labelled.length === 0) {
    throw new Error('no row has a stress_proxy of 0 or 1');
  }
  const by = (name: 'raw' | 'against'): Scored[] => labelled.map((clip) => ({ label: clip.label, score: clip[name] }));
  return {
    ...scoresOf(by('against')),
    raw: scoresOf(by('raw')),
    clips: clips.length,
    speakers: new Set(clips.map((clip) => clip.speaker)).size,
    no_speech: clips.filter((clip) => clip.features === null).length,
    model: STRESS_MODEL,
  };
}

interface Clip {
  speaker: string;
  label: 0 | 1 | null;
  features: VoiceFeatures | null;
  raw: number | null;
}

async function heard(path: string): Promise<Pick<Clip, 'features' | 'raw'>> {
  const { features, stress_level } = await analyseVoice(await readSound(path));
  return { features, raw: stress_level };
}

function labelOf(text: string, file: string): 0 | 1 | null {
  const value = text.trim() === '' ? null : Number(text);
  if (value === null || value === 0 || value === 1) {
    return value;
  }
  throw new Error(`stress_proxy of ${file} is neither 0, 1 nor empty: ${text}`);
}
