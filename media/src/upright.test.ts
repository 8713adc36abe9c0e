import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { setUp } from '../test/set-up.ts';
import { canonicalise } from './canonicalise.ts';
import { checkClip } from './check.ts';
import { runFfmpeg } from './ffmpeg.ts';
import { mergeClips } from './merge.ts';

const { dir, tools } = await setUp('upright');

/** The first four words of a matrix that turns clockwise, as phones write them: x' = ax + cy, y' = bx + dy, y downwards (ISO/IEC 14496-12, 6.2.2). */
const MATRIX: Record<number, [a: number, b: number, c: number, d: number]> = {
  0: [1, 0, 0, 1],
  90: [0, 1, -1, 0],
  180: [-1, 0, 0, -1],
  270: [0, -1, 1, 0],
};
/** What a camera held this way writes: the picture turned back by as much as the matrix turns it. */
const TURNED_BACK: Record<number, string> = { 0: 'null', 90: 'transpose=cclock', 180: 'hflip,vflip', 270: 'transpose=clock' };
/** Quarters as shown, from the top left by rows: each lighter than the next. */
const QUARTERS = [235, 160, 90, 16];

async function makeTurned(angle: number, width: number, height: number): Promise<string> {
  const path = join(dir, `${width}-${angle}.mp4`);
  const boxes = QUARTERS.map((level, index) => {
    const [x, y] = [(index % 2) * (width / 2), Math.floor(index / 2) * (height / 2)];
    return `drawbox=${x}:${y}:${width / 2}:${height / 2}:0x${level.toString(16).padStart(2, '0').repeat(3)}:fill`;
  });
  const source = `color=black:s=${width}x${height}:r=10:d=1,${boxes.join(',')},${TURNED_BACK[angle]}`;
  await runFfmpeg(tools, ['-f', 'lavfi', '-i', source, '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', path]);
  const bytes = await readFile(path);
  for (const [index, value] of (MATRIX[angle] ?? []).entries()) {
    bytes.writeInt32BE(value * 65536, bytes.indexOf('tkhd') + 44 + (index < 2 ? index : index + 1) * 4);
  }
  await writeFile(path, bytes);
  return path;
}

/** Mean brightness of the four quarters as a player shows them. */
async function quarters(path: string): Promise<number[]> {
  const raw = join(dir, 'quarters.gray');
  await runFfmpeg(tools, ['-i', path, '-vf', 'scale=2:2:flags=area,format=gray', '-frames:v', '1', '-f', 'rawvideo', raw]);
  return [...(await readFile(raw))];
}

describe('up is up', () => {
  it.each([
    [720, 1280, 'redo_sound'],
    [360, 640, 'redo_all'],
  ] as const)('in a merge of %i x %i pictures turned by 0, 90, 180 and 270 degrees', async (width, height, action) => {
    for (const angle of [0, 90, 180, 270]) {
      const input = await makeTurned(angle, width, height);
      const check = await checkClip(input, { tools });
      if (check.outcome === 'refused') {
        throw new Error(`refused: ${check.reasons.join()}`);
      }
      expect([check.facts.width, check.facts.height, check.facts.canonical.action]).toEqual([width, height, action]);
      const { path } = await canonicalise(input, join(dir, 'canonical.mp4'), { tools, facts: check.facts });
      const merged = join(dir, 'merged.mp4');
      expect((await mergeClips([path, path], merged, { tools, workDir: dir })).plan.kind).toBe('copy');
      const seen = await quarters(merged);
      expect(seen.length, `${angle} degrees`).toBe(4);
      for (const [index, level] of seen.entries()) {
        expect(level, `${angle} degrees: ${seen.join()}`).toBeGreaterThan((seen[index + 1] ?? -30) + 30);
      }
    }
  });
});
