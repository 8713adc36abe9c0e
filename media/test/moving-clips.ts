/** Clips as a hand holds a phone: real photographs that sway, tremble and turn under a changing light, with a sensor's noise, at a phone's bit rate. */
import { join } from 'node:path';
import { runFfmpeg, type Tools } from '../src/ffmpeg.ts';

/** What moves and how much. */
export interface MovingRecipe {
  /** Number of the photograph in the face-api package. */
  photo: number;
  /** 1 is a calm hand, 2 a walk. */
  sway: number;
  /** Strength of ffmpeg's `noise`, new in every picture; its deviation is 0.58 of that in 8-bit steps. */
  noise: number;
}

/** From a phone on a table to a dark room. */
export const MOVING_CLIPS = {
  table: { photo: 1, sway: 0.3, noise: 2 },
  hand_held: { photo: 2, sway: 1, noise: 4 },
  walking: { photo: 5, sway: 2.2, noise: 4 },
  dim: { photo: 6, sway: 1, noise: 6 },
  dark: { photo: 4, sway: 1, noise: 8 },
} as const satisfies Record<string, MovingRecipe>;

const PHOTOS = join(import.meta.dirname, '../../node_modules/@vladmandic/face-api/demo');

/** Writes a clip of 720x1280 at 30 a second and 8 Mbit/s. */
export async function makeMoving(path: string, tools: Tools, { photo, sway, noise }: MovingRecipe, seconds: number): Promise<void> {
  const wave = (size: number, hertz: number, phase: number) => `${(size * sway).toFixed(4)}*sin(2*PI*t*${hertz}+${phase})`;
  const turn = [wave(0.006, 0.43, 0), wave(0.003, 1.7, 1), wave(0.001, 6.3, 0)].join('+');
  const [x, y] = [
    [wave(40, 0.31, 0), wave(14, 1.9, 0), wave(4, 7.1, 0)],
    [wave(50, 0.27, 2), wave(12, 2.3, 0), wave(4, 8.3, 0)],
  ].map((waves) => waves.join('+'));
  const picture = [
    'crop=ih*0.62:ih,scale=1080:1742:flags=lanczos,format=yuv420p',
    `rotate='${turn}':bilinear=1`,
    // twice the size, so that a step of one is half a pixel
    'scale=2160:-2',
    `crop=1440:2560:'(iw-1440)/2+${x}':'(ih-2560)/2+${y}'`,
    "scale=720:1280:flags=area,setsar=1,eq=brightness='0.02*sin(2*PI*t*0.5)':eval=frame",
    `noise=alls=${noise}:allf=t,format=yuv420p`,
  ].join(',');
  await runFfmpeg(
    tools,
    [
      ...['-loop', '1', '-framerate', '30', '-t', String(seconds), '-i', join(PHOTOS, `sample${photo}.jpg`)],
      ...['-f', 'lavfi', '-i', `anoisesrc=d=${seconds}:a=0.05:c=pink:r=48000:seed=1`, '-vf', picture],
      ...['-c:v', 'libx264', '-preset', 'veryfast', '-b:v', '8M', '-maxrate', '10M', '-bufsize', '10M', '-g', '30', '-bf', '0'],
      ...['-c:a', 'aac', '-b:a', '96k', '-ac', '2', '-movflags', '+faststart', path],
    ],
    { wall_seconds: 1800 },
  );
}
