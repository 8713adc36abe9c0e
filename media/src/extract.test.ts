import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeClip } from '../test/make-clip.ts';
import { MARK_SECONDS, makeMarked } from '../test/marks.ts';
import { childCommands } from '../test/processes.ts';
import { setUp } from '../test/set-up.ts';
import { makeOne } from '../test/test-clips.ts';
import { extractFrames, extractSound, type Frame, SOUND_RATE } from './extract.ts';
import { runFfmpeg } from './ffmpeg.ts';

const { dir, tools } = await setUp('extract');
const work = join(dir, 'work');
await mkdir(work);

/** Writes two seconds whose pictures are as bright as their number says. */
async function makeCounted(path: string, args: readonly string[]): Promise<void> {
  const source = "color=c=black:s=64x112:r=30:d=2,format=yuv420p,geq=lum='16+N*3.5':cb=128:cr=128";
  await runFfmpeg(tools, ['-f', 'lavfi', '-i', source, '-c:v', 'libx264', '-qp', '4', ...args, path]);
}

/** The number of the picture, of full-range grey; both conversions round down. */
function numberIn({ data }: Frame): number {
  return Math.round((((data[data.length / 2] ?? 0) / 255) * 219) / 3.5 + 0.4);
}

async function framesOf(path: string, fps: number, size = { width: 32, height: 56 }): Promise<Frame[]> {
  return await Array.fromAsync(extractFrames(path, { tools, ...size, fps, workDir: work }));
}

describe('extractFrames', () => {
  it.each([
    ['key frames each second', ['-g', '30', '-bf', '0']],
    ['pictures that wait for later ones', ['-g', '24', '-bf', '3', '-b_strategy', '0']],
    ['open groups', ['-g', '20', '-bf', '3', '-x264-params', 'open-gop=1']],
    ['one key frame', ['-g', '999', '-bf', '0']],
    ['fragments', ['-g', '10', '-movflags', '+frag_keyframe+empty_moov+default_base_moof']],
  ])('gives the picture that is on at each moment: %s', async (name, args) => {
    const path = join(dir, `${name.replaceAll(' ', '-')}.mp4`);
    await makeCounted(path, args);
    for (const fps of [1, 2, 4, 7, 30]) {
      const frames = await framesOf(path, fps);
      expect(frames.map((frame) => frame.timestamp_seconds)).toEqual(Array.from({ length: 2 * fps }, (_, index) => index / fps));
      expect(frames.map(numberIn)).toEqual(frames.map((frame) => Math.floor(frame.timestamp_seconds * 30 + 1e-6)));
    }
    expect(await readdir(work)).toEqual([]);
  });

  it('gives the last picture again where none came for long', async () => {
    const path = join(dir, 'gaps.mp4');
    await makeCounted(path, ['-vf', "select='not(between(n,7,40))'", '-fps_mode', 'vfr', '-g', '15']);
    expect((await framesOf(path, 4)).map(numberIn)).toEqual([0, 6, 6, 6, 6, 6, 45, 52]);
  });

  it('gives nothing of a clip whose tables say that it lasts for hours', async () => {
    const path = await makeOne('first-hours-early.mp4', dir, tools);
    await expect(framesOf(path, 2)).rejects.toThrow('pictures of 601');
  });

  it('turns pictures upright and keeps their shape, centred on black', async () => {
    const path = await makeOne('turned-by-matrix.mp4', dir, tools);
    const [upright] = await framesOf(path, 1, { width: 72, height: 128 });
    const [wide] = await framesOf(path, 1, { width: 128, height: 128 });
    const row = (frame: Frame | undefined, width: number, from: number, count: number) =>
      frame?.data.subarray((64 * width + from) * 3, (64 * width + from + count) * 3);
    expect(row(wide, 128, 28, 72)).toEqual(row(upright, 72, 0, 72));
    expect(row(wide, 128, 0, 28)?.every((value) => value === 0)).toBe(true);
  });

  it('waits for a slow reader and tells how far it is', async () => {
    const path = join(dir, 'large.mp4');
    await makeClip(path, tools, { seconds: 2, silent: true });
    const told: number[] = [];
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    let count = 0;
    for await (const _frame of extractFrames(path, {
      tools,
      width: 720,
      height: 1280,
      fps: 30,
      workDir: work,
      onProgress: (f) => told.push(f),
    })) {
      count += 1;
      if (count === 3) {
        await new Promise((resolve) => setTimeout(resolve, 600));
        most = process.memoryUsage().arrayBuffers - before;
      }
    }
    expect(count).toBe(60);
    // all frames would be 166 MB
    expect(most).toBeLessThan(40e6);
    expect(told.at(-1)).toBe(1);
    expect(told.every((value, index) => value > (told[index - 1] ?? 0))).toBe(true);
  });

  it('leaves no process and no file behind a reader that stops, or an abort', async () => {
    const path = join(dir, 'stopped.mp4');
    await makeClip(path, tools, { seconds: 2, silent: true });
    const options = { tools, width: 720, height: 1280, fps: 2, workDir: work };
    for await (const frame of extractFrames(path, options)) {
      expect(frame.timestamp_seconds).toBe(0);
      break;
    }
    expect([await readdir(work), await childCommands('ffmpeg')]).toEqual([[], []]);
    const abort = new AbortController();
    const reading = async () => {
      for await (const _frame of extractFrames(path, { ...options, fps: 30, signal: abort.signal })) {
        abort.abort(new Error('enough'));
      }
    };
    await expect(reading()).rejects.toThrow('enough');
    expect([await readdir(work), await childCommands('ffmpeg')]).toEqual([[], []]);
  });
});

describe('extractSound', () => {
  it('begins with the first picture, at 16 kHz', async () => {
    const path = join(dir, 'marked.mp4');
    await makeMarked(path, tools, { seconds: 1.3 });
    const late = join(dir, 'late.mp4');
    await runFfmpeg(tools, ['-itsoffset', '0.2', '-i', path, '-i', path, '-map', '0:v', '-map', '1:a', '-c', 'copy', late]);
    for (const [file, beep] of [[path, MARK_SECONDS] as const, [late, MARK_SECONDS - 0.2] as const]) {
      const sound = (await extractSound(file, { tools })) ?? new Float32Array();
      const onset = sound.findIndex((value) => Math.abs(value) > 0.3) / SOUND_RATE;
      expect(Math.abs(onset - beep)).toBeLessThan(0.005);
      expect(Math.abs(sound.length / SOUND_RATE - 1.3 + MARK_SECONDS - beep)).toBeLessThan(0.05);
    }
  });

  it('is null where there is none', async () => {
    const path = await makeOne('no-sound.mp4', dir, tools);
    expect(await extractSound(path, { tools })).toBe(null);
  });
});
