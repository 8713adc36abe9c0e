/** Ways to make the clips of the table: by a recipe, from plain text, or from another clip of it by copying, shifting or breaking that one. */
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { runFfmpeg, type Tools } from '../src/ffmpeg.ts';
import { makeClip, type Recipe, words } from './make-clip.ts';

/** What a clip is made with: `other` makes another clip of the table and gives its path. */
export interface Making {
  tools: Tools;
  other: (name: string) => Promise<string>;
}

/** Writes one clip to `path`. */
export type Make = (path: string, making: Making) => Promise<void>;

/** A clip by its recipe. */
export function of(recipe: Recipe): Make {
  return async (path, { tools }) => await makeClip(path, tools, recipe);
}

/** A file of these words or bytes. */
export function text(content: string | Buffer): Make {
  return async (path) => await writeFile(path, content);
}

/** A clip made from another one of the table by copying its streams; `before` are arguments of the input. */
export function copied(from: string, before: string, after: string): Make {
  return async (path, { other, tools }) => {
    await runFfmpeg(tools, [...words(before), '-i', await other(from), '-c', 'copy', ...words(after), path]);
  };
}

/** One stream of a clip 0.3 s later than the other, by an empty edit. */
export function shifted(late: '1:v' | '1:a'): Make {
  return async (path, { other, tools }) => {
    const from = await other('high.mp4');
    const streams = ['-map', late === '1:v' ? '1:v' : '0:v', '-map', late === '1:a' ? '1:a' : '0:a', '-c', 'copy'];
    await runFfmpeg(tools, ['-i', from, '-itsoffset', '0.3', '-i', from, ...streams, path]);
  };
}

/** Another clip of the table with its bytes changed. */
export function changed(from: string, change: (path: string, bytes: Buffer) => Promise<void>): Make {
  return async (path, { other }) => {
    const bytes = await readFile(await other(from));
    await writeFile(path, bytes);
    await change(path, bytes);
  };
}

/** A clip by its recipe, of which only so much has arrived. */
export function cutOff(recipe: Recipe, part: number): Make {
  return async (path, making) => {
    await of(recipe)(path, making);
    const { length } = await readFile(path);
    await truncate(path, Math.floor(length * part));
  };
}
