import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { cut, type Square } from '../src/face/picture.ts';
import type { Frame } from '../src/face/types.ts';

const FFMPEG = process.env.FFMPEG_PATH ?? 'ffmpeg';
const DEMO = new URL('demo/', import.meta.resolve('@vladmandic/face-api/package.json'));

/** A demo picture of the face-api package, 1 to 6, scaled to 640 pixels of width. */
export function demoPicture(number: number): Frame {
  const width = 640;
  const args = ['-v', 'error', '-i', fileURLToPath(new URL(`sample${number}.jpg`, DEMO)), '-vf', `scale=${width}:-2`];
  const data = new Uint8Array(execFileSync(FFMPEG, [...args, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'], { maxBuffer: 1 << 24 }));
  return { data, width, height: data.length / width / 3, timestamp_seconds: 0 };
}

/** A square part of a picture, turned, as a picture of its own. */
export function part(frame: Frame, square: Square, size: number, light = 1): Frame {
  const data = Uint8Array.from(cut(frame, square, size, 'edge'), (value) => Math.round(value * light));
  return { data, width: size, height: size, timestamp_seconds: frame.timestamp_seconds };
}

/** The picture in a mirror. */
export function mirrored({ data, width, height, timestamp_seconds }: Frame): Frame {
  const out = new Uint8Array(data.length);
  for (let i = 0; i < width * height; i++) {
    const x = i % width;
    out.set(data.subarray(i * 3, i * 3 + 3), (i - x + width - 1 - x) * 3);
  }
  return { data: out, width, height, timestamp_seconds };
}
