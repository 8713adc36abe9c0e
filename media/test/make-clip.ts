/** Small clips of moving bars and a tone. */
import { runFfmpeg, type Tools } from '../src/ffmpeg.ts';

/** What a clip is made of; `picture`, `sound` and `more` are ffmpeg's arguments. */
export interface Recipe {
  size?: string;
  fps?: number;
  seconds?: number;
  rate?: number;
  channels?: number;
  silent?: boolean;
  sound_seconds?: number;
  picture?: string;
  sound?: string;
  more?: string;
}

/** Arguments of an encoder that is quick and what phones write. */
export const X264 = '-c:v libx264 -preset ultrafast -pix_fmt yuv420p';

/** Writes a clip of moving test bars and a tone. */
export async function makeClip(path: string, tools: Tools, recipe: Recipe = {}): Promise<void> {
  const { size = '720x1280', fps = 30, seconds = 1.2, rate = 48_000, channels = 2, silent = false } = recipe;
  const { picture = X264, sound = '-c:a aac -b:a 96k', more = '' } = recipe;
  const inputs = ['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${fps}:d=${seconds}`];
  const tone = silent ? [] : ['-f', 'lavfi', '-i', `sine=f=440:r=${rate}:d=${recipe.sound_seconds ?? seconds}`];
  const heard = silent ? ['-an'] : [...words(sound), '-ac', String(channels)];
  await runFfmpeg(tools, [...inputs, ...tone, ...words(picture), ...heard, ...words(more), path], { cpu_seconds: 120 });
}

/** Words separated by blanks; quotes stay as they are for ffmpeg to read. */
export function words(line: string): string[] {
  return line.split(' ').filter((word) => word !== '');
}
