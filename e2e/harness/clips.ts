/** Small clips as phones make them (portrait, H.264 and AAC, the index in front), and clips with one defect each. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FFMPEG, run } from './run.ts';

export interface ClipRecipe {
  seconds?: number;
  /** Turns the colours, so that no two clips have the same bytes. */
  hue?: number;
  /** Of the tone, in Hz. */
  tone?: number;
  size?: string;
  fps?: number;
  /** More ffmpeg arguments for the output. */
  output?: readonly string[];
}

/** Makes clips in `folder`, each once. */
export function clipMaker(folder: string) {
  const make = async (name: string, recipe: ClipRecipe = {}): Promise<string> => {
    const path = join(folder, `${name}.mp4`);
    const isThere = await stat(path).catch(() => null);
    if (isThere === null) {
      await encode(path, recipe);
    }
    return path;
  };
  return {
    make,
    /** Three that join by copy; 1.5, 2 and 1.8 s. */
    three: async (): Promise<[string, string, string]> => [
      await make('one', { seconds: 1.5, hue: 0, tone: 220 }),
      await make('two', { seconds: 2, hue: 120, tone: 330 }),
      await make('three', { seconds: 1.8, hue: 240, tone: 440 }),
    ],
    /** The clip without its last third, the index in front: the picture ends in the middle. */
    truncated: async (): Promise<string> => {
      const whole = await readFile(await make('whole', { seconds: 2, hue: 60 }));
      return put(folder, 'truncated.mp4', whole.subarray(0, Math.floor((whole.length * 2) / 3)));
    },
    /** A recorder that was killed before it wrote the index. */
    noMoov: async (): Promise<string> => {
      const whole = await readFile(await make('index-last', { seconds: 1.5, hue: 90, output: ['-movflags', '-faststart'] }));
      const index = topBoxes(whole).find((box) => box.type === 'moov');
      if (index === undefined) {
        throw new Error('ffmpeg wrote no moov');
      }
      return put(folder, 'no-moov.mp4', whole.subarray(0, index.start));
    },
    empty: () => put(folder, 'empty.mp4', Buffer.alloc(0)),
    notAVideo: () => put(folder, 'not-a-video.mp4', Buffer.from('Two of these are true.\n'.repeat(400))),
    /** One second more than a clip may have; a still picture, cheap to make. */
    tooLong: () => make('too-long', { seconds: 61, fps: 5, output: ['-g', '50'] }),
  };
}

export type Clips = ReturnType<typeof clipMaker>;

/** Top-level boxes of an MP4 (ISO/IEC 14496-12, 4.2). */
export function topBoxes(file: Buffer): { type: string; start: number; size: number }[] {
  const boxes = [];
  for (let start = 0; start + 8 <= file.length; ) {
    const short = file.readUInt32BE(start);
    const size = short === 1 ? Number(file.readBigUInt64BE(start + 8)) : short === 0 ? file.length - start : short;
    if (size < 8) {
      throw new Error(`a box of ${size} bytes at ${start}`);
    }
    boxes.push({ type: file.toString('latin1', start + 4, start + 8), start, size });
    start += size;
  }
  return boxes;
}

/** Lighter than what the server makes slim, so that a merged video stays the one that was published. */
async function encode(path: string, recipe: ClipRecipe): Promise<void> {
  const { seconds = 1.5, hue = 0, tone = 440, size = '720x1280', fps = 30, output = [] } = recipe;
  await run(FFMPEG, [
    ...['-v', 'error', '-nostdin', '-y'],
    ...['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${fps}:duration=${seconds},hue=h=${hue}`],
    ...['-f', 'lavfi', '-i', `sine=frequency=${tone}:sample_rate=48000:duration=${seconds}`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-profile:v', 'baseline', '-pix_fmt', 'yuv420p', '-crf', '51', '-threads', '1'],
    ...['-c:a', 'aac', '-b:a', '64k', '-movflags', '+faststart', ...output, path],
  ]);
}

async function put(folder: string, name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}
