/** Drawn scenes for the house's own challenges: a figure in a spotlight says a statement. Nothing but ffmpeg draws and speaks. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { NO_METADATA, OWN_SOUND, pictureArgs, soundArgs } from './encode.ts';
import { runFfmpeg, type Tools } from './ffmpeg.ts';
import { type Drawing, drawStage, SCENES } from './scene-graph.ts';
import { captionFilter, findFont, optionValue } from './scene-text.ts';
import { makeWorkDir } from './work-dir.ts';

/** The voices of Debian's flite. */
export const VOICES = ['slt', 'kal', 'rms', 'awb'] as const;
export type Voice = (typeof VOICES)[number];

/** How many different figures there are; `scene` counts on from 0 and starts over. */
export const SCENE_COUNT = SCENES.length;

/** What is said and shown. */
export interface SceneOptions {
  tools: Tools;
  /** Spoken, and shown as a caption where a font is found. */
  lines: readonly string[];
  voice: Voice;
  scene: number;
  /** False: nothing is written on it, because whoever plays it shows the words; true by default. */
  caption?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

/** What was drawn. `has_caption` is false where none was asked for, or this ffmpeg or this machine cannot draw letters. */
export interface DrawnScene {
  duration_seconds: number;
  has_caption: boolean;
}

const RATE = 48_000;
const FPS = 30;
const LEAD_SECONDS = 0.35;
const TAIL_SECONDS = 0.6;
const MIN_SECONDS = 3;
const MAX_SPEECH_SECONDS = 58;

/**
 * Draws a portrait clip of 720x1280 at 30 pictures a second, as long as its speech and a breath, 3 to 60 s, with the parameter sets of all our encodes.
 * Throws FfmpegError (also where this ffmpeg cannot speak), TimeLimitError, DiskFullError, ToolMissingError, ToolBusyError or the abort's reason.
 */
export async function drawScene(
  output: string,
  { tools, lines, voice, scene, caption: isWritten = true, signal }: SceneOptions,
): Promise<DrawnScene> {
  const workDir = await makeWorkDir(dirname(output), '.scene-');
  try {
    const speech = join(workDir, 'speech.raw');
    await speak({ text: lines.join('\n'), voice, workDir, output: speech, tools, signal });
    const samples = await readFile(speech);
    // whole pictures, so that the sound does not outlast the last one
    const duration = Math.ceil(Math.max(MIN_SECONDS, LEAD_SECONDS + samples.length / 2 / RATE + TAIL_SECONDS) * FPS) / FPS;
    const font = isWritten ? await findFont(tools) : null;
    const caption = font === null ? 'null' : await captionFilter(lines, font, workDir);
    const drawing: Drawing = { scene, open_mouth: mouthTimes(samples), caption };
    const drawn = join(workDir, 'drawn.mp4');
    const sound = `[0:a]adelay=${LEAD_SECONDS * 1000}:all=1,aresample=${OWN_SOUND.rate},apad[sound]`;
    const inputs = ['-f', 's16le', '-ar', String(RATE), '-ac', '1', '-i', `file:${speech}`];
    const graph = ['-filter_complex', `${drawStage(drawing)};${sound}`, '-map', '[picture]', '-map', '[sound]'];
    const encoders = [...pictureArgs('superfast'), ...soundArgs(OWN_SOUND), '-t', duration.toFixed(6), ...NO_METADATA];
    await runFfmpeg(tools, ['-filter_complex_threads', '1', ...inputs, ...graph, ...encoders, '-f', 'mp4', drawn], {
      signal,
      cpu_seconds: 120,
    });
    await rename(drawn, output);
    return { duration_seconds: duration, has_caption: font !== null };
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

interface Speech {
  text: string;
  voice: Voice;
  workDir: string;
  output: string;
  tools: Tools;
  signal: AbortSignal | undefined;
}

/** Raw 16-bit mono at 48 kHz, evened out in loudness. */
async function speak({ text, voice, workDir, output, tools, signal }: Speech): Promise<void> {
  const file = join(workDir, 'speech.txt');
  await writeFile(file, `${text}\n`);
  const source = `flite=textfile=${optionValue(file)}:voice=${voice}`;
  const clean = `aresample=${RATE},highpass=f=70,acompressor=threshold=0.1:ratio=3:makeup=2,alimiter=limit=0.9`;
  await runFfmpeg(tools, ['-f', 'lavfi', '-i', source, '-af', clean, '-t', String(MAX_SPEECH_SECONDS), '-ac', '1', '-f', 's16le', output], {
    signal,
    cpu_seconds: 60,
  });
}

/** When the mouth is half and when it is wide open, in seconds of the clip: [from, to) by the loudness of each picture's moment. */
function mouthTimes(samples: Buffer): Record<'half' | 'wide', [number, number][]> {
  const perPicture = RATE / FPS;
  const levels: number[] = [];
  for (let start = 0; start + perPicture <= samples.length / 2; start += perPicture) {
    let sum = 0;
    for (let index = start; index < start + perPicture; index += 4) {
      sum += (samples.readInt16LE(index * 2) / 32768) ** 2;
    }
    levels.push(Math.sqrt(sum / (perPicture / 4)));
  }
  const loud = Math.max(0.02, ...levels);
  const spans = (isIn: (level: number) => boolean): [number, number][] => {
    const found: [number, number][] = [];
    for (const [index, level] of levels.entries()) {
      const from = LEAD_SECONDS + index / FPS;
      const last = found.at(-1);
      if (isIn(level) && last !== undefined && from - last[1] < 0.001) {
        last[1] = from + 1 / FPS;
      } else if (isIn(level)) {
        found.push([from, from + 1 / FPS]);
      }
    }
    return found;
  };
  return { half: spans((level) => level > loud * 0.1 && level <= loud * 0.38), wide: spans((level) => level > loud * 0.38) };
}
