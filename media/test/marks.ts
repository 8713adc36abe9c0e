/** Clips with a white flash and a beep at one known moment, and where those stand in a merged file. */
import { readFile } from 'node:fs/promises';
import { runFfmpeg, runFfprobe, type Tools } from '../src/ffmpeg.ts';

/** When flash and beep begin in every marked clip, in seconds. */
export const MARK_SECONDS = 0.6;
const RATE = 48_000;

/** How a marked clip is made; `picture` and `sound` are encoder arguments. */
export interface MarkedClip {
  seconds: number;
  fps?: number;
  picture?: string[];
  sound?: string[];
}

/** Writes a dark clip that flashes and beeps for a tenth of a second. */
export async function makeMarked(path: string, tools: Tools, { seconds, fps = 30, picture = [], sound = [] }: MarkedClip): Promise<void> {
  const during = `between(t,${MARK_SECONDS - 0.001},${MARK_SECONDS + 0.099})`;
  const inputs = [
    ...['-f', 'lavfi', '-i', `color=c=0x202020:s=720x1280:r=${fps}:d=${seconds},drawbox=color=white:t=fill:enable='${during}'`],
    ...['-f', 'lavfi', '-i', `aevalsrc='if(${during},0.8*sin(2*PI*1000*t),0)':s=${RATE}:d=${seconds}`],
  ];
  const encoders = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', ...picture, '-c:a', 'aac', '-ac', '2', ...sound];
  await runFfmpeg(tools, [...inputs, ...encoders, path]);
}

/** Moments at which the picture turns bright and the sound begins, in seconds of the file. `work` is a path for raw data. */
export async function findMarks(path: string, work: string, tools: Tools): Promise<{ flashes: number[]; beeps: number[] }> {
  const listed = await runFfprobe(tools, ['-select_streams', 'v', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', path]);
  const times = listed
    .split('\n')
    .map(Number.parseFloat)
    .filter((time) => !Number.isNaN(time))
    .toSorted((a, b) => a - b);
  await runFfmpeg(tools, ['-i', path, '-an', '-vf', 'scale=1:1,format=gray', '-fps_mode', 'passthrough', '-f', 'rawvideo', `${work}.gray`]);
  await runFfmpeg(tools, ['-i', path, '-vn', '-ac', '1', '-ar', String(RATE), '-f', 's16le', `${work}.pcm`]);
  const [gray, sound] = await Promise.all([readFile(`${work}.gray`), readFile(`${work}.pcm`)]);
  const flashes = times.filter((_, index) => (gray[index] ?? 0) > 128 && (gray[index - 1] ?? 0) <= 128);
  return { flashes, beeps: onsets(sound) };
}

/** Where sound begins after at least 50 ms of quiet. */
function onsets(sound: Buffer): number[] {
  const found: number[] = [];
  let quietSince = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < sound.length / 2; index += 1) {
    if (Math.abs(sound.readInt16LE(index * 2)) > 6000) {
      if (index - quietSince > RATE * 0.05) {
        found.push(index / RATE);
      }
      quietSince = index;
    }
  }
  return found;
}

/** The largest step between neighbouring samples around each moment, and anywhere else, of the file's first channel. */
export async function largestSteps(
  path: string,
  work: string,
  moments: readonly number[],
  tools: Tools,
): Promise<{ near: number; elsewhere: number }> {
  await runFfmpeg(tools, ['-i', path, '-vn', '-af', 'pan=mono|c0=c0', '-ar', String(RATE), '-f', 's16le', `${work}.pcm`]);
  const sound = await readFile(`${work}.pcm`);
  const steps = { near: 0, elsewhere: 0 };
  for (let index = RATE / 10; index < sound.length / 2 - RATE / 10; index += 1) {
    const step = Math.abs(sound.readInt16LE(index * 2) - sound.readInt16LE(index * 2 - 2));
    const isNear = moments.some((moment) => Math.abs(index / RATE - moment) < 0.05);
    const place = isNear ? 'near' : 'elsewhere';
    steps[place] = Math.max(steps[place], step);
  }
  return steps;
}
