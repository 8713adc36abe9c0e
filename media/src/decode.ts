/** A trial decode: what the tables promise must come out of a decoder. */
import { stat } from 'node:fs/promises';
import { BoxError } from './boxes.ts';
import { type Demuxer, openArgs, progressReader, runFfmpeg, type Tools } from './ffmpeg.ts';

/** What is decoded of a clip, and how far. `onProgress` gets fractions, 0 to 1. */
export interface Trial {
  path: string;
  demuxer: Demuxer;
  /** Which of the sound streams, from 0; -1 for none. */
  sound_stream: number;
  duration_seconds: number;
  /** False where the sound alone is to be tried. */
  has_picture: boolean;
  tools: Tools;
  signal: AbortSignal | undefined;
  onProgress: ((fraction: number) => void) | undefined;
}

/** Decoding the key frames of a minute of 4K takes about 20 s of processor time. */
const CPU_SECONDS = 120;
/** Files up to this are decoded whole: about 2 s of processor time, and what the app records in a minute. */
const WHOLE_BYTES = 12 * 1024 ** 2;

/**
 * Decodes all sound, and of the picture all of it where the file is small enough, else its key frames. Throws FfmpegError at the first error, a BoxError where no
 * picture comes, and as `runFfmpeg` does.
 */
export async function tryDecode(trial: Trial): Promise<void> {
  const isWhole = !trial.has_picture || (await stat(trial.path)).size <= WHOLE_BYTES;
  const pictures = await decode(trial, isWhole);
  // an edit list may hide the only key frame
  const hasPictures = !trial.has_picture || pictures > 0 || (!isWhole && (await decode(trial, true)) > 0);
  if (!hasPictures) {
    throw new BoxError('damaged', 'no picture that can be decoded');
  }
}

/** How many pictures came. */
async function decode(trial: Trial, isWhole: boolean): Promise<number> {
  const { path, demuxer, sound_stream, has_picture, tools, signal } = trial;
  const picture = has_picture ? ['-map', '0:v:0'] : [];
  const sound = sound_stream < 0 ? [] : ['-map', `0:a:${sound_stream}`];
  // what is copied is copied by our own reading of the edit list, which may hide the only key frame
  const all = demuxer === 'mov' ? ['-ignore_editlist', '1'] : [];
  // smoothing finds no errors, and is a tenth to a quarter of the work
  const quick = ['-threads', '1', '-skip_loop_filter', 'all', ...(isWhole ? [] : ['-skip_frame', 'nokey'])];
  const outputs = [...picture, ...sound, '-fps_mode', 'passthrough', '-progress', 'pipe:1', '-f', 'null', '-'];
  const report = progressReader(trial.duration_seconds, trial.onProgress);
  let pictures = 0;
  await runFfmpeg(tools, ['-xerror', ...quick, ...all, ...openArgs(path, demuxer), ...outputs], {
    signal,
    cpu_seconds: CPU_SECONDS,
    onLine: (line) => {
      pictures = Math.max(pictures, Number(/^frame=\s*(\d+)$/.exec(line)?.[1] ?? 0));
      report(line);
    },
  });
  return pictures;
}
