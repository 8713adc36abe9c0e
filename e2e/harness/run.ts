import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const exec = promisify(execFile);
const MAX_OUTPUT = 64 * 1024 * 1024;

/** The tools that the product itself is told of by the same variable. */
export const FFMPEG = process.env.FFMPEG_PATH ?? 'ffmpeg';
export const FFPROBE = FFMPEG.replace(/ffmpeg([^/]*)$/, 'ffprobe$1');

/** Runs a program to its end and gives what it printed; throws with its complaints where it fails. */
export async function run(program: string, args: readonly string[]): Promise<string> {
  const { stdout } = await exec(program, args, { maxBuffer: MAX_OUTPUT });
  return stdout;
}
