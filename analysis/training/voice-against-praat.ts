/**
 * `node voice-against-praat.ts --dir D [--count N] [--cremad]`: our figures against Praat's (https://praat.org, Debian package `praat`) on N sound
 * files of D, spread evenly over their names; one JSON line of median relative errors. With `--cremad` the syllables are also held against the
 * known number in CREMA-D's twelve sentences.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readSound } from '../src/node/read-sound.ts';
import { analyseVoice } from '../src/voice/analyse-voice.ts';
import { STEP_SECONDS } from '../src/voice/frames.ts';
import { measure } from '../src/voice/measure.ts';
import { voiceQuality } from '../src/voice/quality.ts';
import { quantile } from '../src/voice/statistics.ts';
import { SAMPLE_RATE } from '../src/voice/types.ts';
import { writeWav } from './write-wav.ts';

/** Syllables of "It's eleven o'clock" and so on, counted by hand. */
const SYLLABLES: Record<string, number> = {
  IEO: 6,
  TIE: 8,
  IOM: 8,
  IWW: 8,
  TAI: 7,
  MTI: 9,
  IWL: 8,
  ITH: 10,
  DFA: 6,
  ITS: 7,
  TSI: 5,
  WSI: 9,
};

/**
 * Praat's own analyses with its usual settings; syllables as the script of de Jong and Wempe (2010) counts them (2 dB dip, -25 dB, 64 ms window, sounding
 * from 0.1 s on). That script takes for voiced what has a period at all (30 Hz, strength 0.25), noise too; `usual` are those of its nuclei that Praat's
 * usual pitch calls voiced.
 */
const SCRIPT = `
form Files
  sentence Folder
  integer Count
endform
for file to count
  sound = Read from file: folder$ + "/" + string$ (file) + ".wav"
  seconds = Get total duration
  pitch = To Pitch: 0.01, 75, 600
  median = Get quantile: 0, 0, 0.5, "Hertz"
  frames = Get number of frames
  first = Get time from frame number: 1
  hertz$ = ""
  for frame to frames
    hz = Get value in frame: frame, "Hertz"
    hertz$ = hertz$ + " " + if hz = undefined then "0" else fixed$ (hz, 4) fi
  endfor
  selectObject: sound, pitch
  pulses = To PointProcess (cc)
  jitter = Get jitter (local): 0, 0, 0.0001, 0.02, 1.3
  selectObject: sound, pulses
  shimmer = Get shimmer (local): 0, 0, 0.0001, 0.02, 1.3, 1.6
  selectObject: sound, pitch, pulses
  report$ = Voice report: 0, 0, 75, 600, 1.3, 1.6, 0.03, 0.45
  hnr = extractNumber (report$, "Mean harmonics-to-noise ratio: ")
  selectObject: sound
  intensity = To Intensity: 50, 0, "yes"
  quietest = Get minimum: 0, 0, "Parabolic"
  loudest = Get maximum: 0, 0, "Parabolic"
  nearly = Get quantile: 0, 0, 0.99
  floor = max (nearly - 25, quietest)
  silences = To TextGrid (silences): nearly - 25 - loudest, 0.1, 0.1, "silent", "sounding"
  selectObject: intensity
  matrix = Down to Matrix
  curve = To Sound (slice): 1
  extrema = To PointProcess (extrema): "Left", "yes", "no", "Sinc70"
  maxima = Get number of points
  for i to maxima
    selectObject: extrema
    at[i] = Get time from index: i
  endfor
  peaks = 0
  for i to maxima
    selectObject: curve
    level = Get value at time: at[i], "Cubic"
    if level > floor
      peaks = peaks + 1
      time[peaks] = at[i]
      level[peaks] = level
    endif
  endfor
  selectObject: sound
  rough = To Pitch (ac): 0.02, 30, 4, "no", 0.03, 0.25, 0.01, 0.35, 0.25, 450
  nuclei = 0
  usual = 0
  for peak to peaks - 1
    selectObject: intensity
    dip = Get minimum: time[peak], time[peak + 1], "None"
    selectObject: silences
    interval = Get interval at time: 1, time[peak]
    label$ = Get label of interval: 1, interval
    if level[peak] - dip > 2 and label$ = "sounding"
      selectObject: rough
      voice = Get value at time: time[peak], "Hertz", "Linear"
      nuclei = nuclei + if voice = undefined then 0 else 1 fi
      selectObject: pitch
      voice = Get value at time: time[peak], "Hertz", "Linear"
      usual = usual + if voice = undefined then 0 else 1 fi
    endif
  endfor
  appendInfoLine: seconds, " ", median, " ", jitter, " ", shimmer, " ", hnr, " ", nuclei, " ", usual, " ", first, hertz$
  removeObject: sound, pitch, pulses, intensity, silences, matrix, curve, extrema, rough
endfor
`;

const { values } = parseArgs({ options: { dir: { type: 'string' }, count: { type: 'string' }, cremad: { type: 'boolean' } } });
const all = readdirSync(values.dir ?? '.').sort();
const wanted = Math.min(Number(values.count ?? 200), all.length);
const files = Array.from({ length: wanted }, (_, i) => all[Math.floor((i * all.length) / wanted)] ?? '');
const folder = mkdtempSync(join(tmpdir(), 'praat-'));
const errors: Record<string, number[]> = {};
const note = (name: string, error: number) => {
  errors[name] ??= [];
  errors[name].push(Math.abs(error));
};
const sounds = await Promise.all(files.map((file) => readSound(join(values.dir ?? '.', file))));
try {
  for (const [i, sound] of sounds.entries()) {
    writeWav(join(folder, `${i + 1}.wav`), sound);
  }
  writeFileSync(join(folder, 'measure.praat'), SCRIPT);
  const options = { encoding: 'utf8', maxBuffer: 1 << 28 } as const;
  const lines = execFileSync('praat', ['--run', join(folder, 'measure.praat'), folder, String(files.length)], options)
    .trim()
    .split('\n');
  for (const [i, sound] of sounds.entries()) {
    await compare(sound, (lines[i] ?? '').split(' ').map(Number), files[i] ?? '');
  }
} finally {
  rmSync(folder, { recursive: true });
}
const rounded = (value: number) => Number(value.toPrecision(3));
const medians = Object.entries(errors).map(([name, list]) => [
  name,
  { median: rounded(quantile(list, 0.5)), p90: rounded(quantile(list, 0.9)) },
]);
console.log(JSON.stringify({ files: files.length, ...Object.fromEntries(medians), cpu_ms_a_minute: await cpuOfMinute() }));

/** CPU of a whole analysis of one minute of these voices, by now warm: median of five. */
async function cpuOfMinute(): Promise<number> {
  const minute = new Float32Array(60 * SAMPLE_RATE);
  for (let at = 0, i = 0; at < minute.length; i++) {
    const sound = sounds[i % sounds.length] ?? new Float32Array(1);
    minute.set(sound.subarray(0, minute.length - at), at);
    at += sound.length;
  }
  const costs: number[] = [];
  for (let round = 0; round < 5; round++) {
    const before = process.cpuUsage();
    await analyseVoice(minute);
    const { user, system } = process.cpuUsage(before);
    costs.push((user + system) / 1000);
  }
  return Math.round(quantile(costs, 0.5));
}

async function compare(samples: Float32Array, theirs: number[], file: string): Promise<void> {
  const [seconds = 0, median = 0, jitter = 0, shimmer = 0, hnr = 0, nuclei = 0, usual = 0, first = 0, ...curve] = theirs;
  const ours = await measure(samples, () => {});
  const quality = voiceQuality(samples, ours.marks, ours.pitch);
  const shift = Math.round((first - ours.frames.start_seconds) / STEP_SECONDS);
  let differently = 0;
  for (const [frame, hz] of curve.entries()) {
    const own = ours.pitch.hz[frame + shift] ?? 0;
    differently += own > 0 === hz > 0 ? 0 : 1;
    if (own > 0 && hz > 0) {
      note('pitch_of_frames', own / hz - 1);
    }
  }
  note('voicing_of_frames', differently / curve.length);
  note(
    'pitch_median',
    quantile(
      ours.pitch.hz.filter((hz) => hz > 0),
      0.5,
    ) /
      median -
      1,
  );
  note('jitter', (quality.jitter_ratio ?? 0) / jitter - 1);
  note('shimmer', (quality.shimmer_ratio ?? 0) / shimmer - 1);
  note('hnr_db', (quality.hnr_db ?? 0) - hnr);
  note('syllable_rate', ours.nuclei.length / seconds / (nuclei / seconds) - 1);
  note('syllable_rate_usual_voicing', ours.nuclei.length / seconds / (usual / seconds) - 1);
  const known = SYLLABLES[file.split('_')[1] ?? ''];
  if (values.cremad && known) {
    note('syllables_ours_against_text', ours.nuclei.length / known - 1);
    note('syllables_praat_against_text', nuclei / known - 1);
    note('syllables_praat_usual_against_text', usual / known - 1);
  }
}
