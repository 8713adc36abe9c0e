/** The three ffmpeg runs that make a clip's halves anew. Time 0 of every output is the clip's first moment. */
import type { ClipFacts } from './check.ts';
import type { AacConfig } from './codec-config.ts';
import { canvasFilter, NO_METADATA, OWN_SOUND, type Preset, pictureArgs, soundArgs, soundFilter } from './encode.ts';
import { openArgs, progressReader, runFfmpeg, type Tools } from './ffmpeg.ts';

/** A run over one clip. */
export interface Transcode {
  input: string;
  output: string;
  facts: ClipFacts;
  tools: Tools;
  signal?: AbortSignal | undefined;
  onProgress?: ((fraction: number) => void) | undefined;
}

/** A minute of the largest picture at 30 a second, the most that is accepted, takes about 50 s of processor time. */
const ENCODE_CPU_SECONDS = 400;
const ENCODE_WALL_SECONDS = 1800;

/** Encodes picture and sound, or silence where there is none, on the canvas. */
export async function encodeAll(run: Transcode, preset: Preset, sound: AacConfig = OWN_SOUND): Promise<void> {
  const { facts } = run;
  const silence = `anullsrc=r=${sound.rate}:cl=${sound.channels === 1 ? 'mono' : 'stereo'}[sound]`;
  const heard = facts.has_sound ? soundFilter(`0:a:${facts.sound_stream}`, sound) : silence;
  await transcode(run, [
    '-filter_complex',
    `${canvasFilter(facts)};${heard}`,
    '-map',
    '[picture]',
    '-map',
    '[sound]',
    ...pictureArgs(preset),
    ...soundArgs(sound),
  ]);
}

/** Encodes the picture alone. */
export async function encodePicture(run: Transcode, preset: Preset): Promise<void> {
  await transcode(run, ['-filter_complex', canvasFilter(run.facts), '-map', '[picture]', ...pictureArgs(preset)]);
}

/** Encodes the sound alone. The clip must have some. */
export async function encodeSound(run: Transcode, sound: AacConfig): Promise<void> {
  await transcode(run, ['-filter_complex', soundFilter(`0:a:${run.facts.sound_stream}`, sound), '-map', '[sound]', ...soundArgs(sound)]);
}

/** Puts the picture of a WebM file into MP4 as it is. */
export async function copyPicture(run: Transcode): Promise<void> {
  await transcode(run, ['-map', '0:v:0', '-c:v', 'copy']);
}

async function transcode({ input, output, facts, tools, signal, onProgress }: Transcode, args: readonly string[]): Promise<void> {
  // a picture with an error is not to be shown: the clip is refused after all
  const before = ['-xerror', '-threads', '2', '-copyts', '-itsoffset', String(-facts.origin_seconds)];
  const after = ['-t', String(facts.duration_seconds), ...NO_METADATA, '-progress', 'pipe:1', '-f', 'mp4', output];
  await runFfmpeg(tools, [...before, ...openArgs(input, facts.container === 'mp4' ? 'mov' : 'matroska'), ...args, ...after], {
    signal,
    cpu_seconds: ENCODE_CPU_SECONDS,
    wall_seconds: ENCODE_WALL_SECONDS,
    onLine: progressReader(facts.duration_seconds, onProgress),
  });
}
