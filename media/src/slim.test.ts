import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { VIDEO_MINUTE_BYTES } from '@2t1l/game/limits';
import { beforeAll, expect, it, vi } from 'vitest';
import { makeClip } from '../test/make-clip.ts';
import { findMarks, makeMarked } from '../test/marks.ts';
import { setUp } from '../test/set-up.ts';
import { runFfmpeg, runFfprobe } from './ffmpeg.ts';
import { mergeClips } from './merge.ts';
import { makeSlim, SLIM_SSIM_MIN, type Slimmed } from './slim.ts';

const { dir, tools } = await setUp('slim');

/** Weighs 3 Mbit/s whatever it shows: the encoder fills up. */
const heavy = (more = '') => ['-b:v', '3M', '-minrate', '3M', '-maxrate', '3M', '-bufsize', '1M', '-x264-params', `nal-hrd=cbr${more}`];

// it encodes slowly on purpose
vi.setConfig({ testTimeout: 120_000 });

beforeAll(async () => {
  const uneven = ['-vf', "select='not(eq(mod(n\\,7)\\,3))'", '-fps_mode', 'vfr'];
  await Promise.all([
    makeMarked(join(dir, 'plain.mp4'), tools, { seconds: 1.2, fps: 15, picture: heavy() }),
    makeMarked(join(dir, 'uneven.mp4'), tools, { seconds: 1.5, picture: [...heavy(), ...uneven] }),
    makeMarked(join(dir, 'loud.mp4'), tools, {
      seconds: 1.2333,
      fps: 15,
      picture: heavy(),
      sound: ['-b:a', '320k', '-metadata', 'title=SECRETTITLE'],
    }),
    makeClip(join(dir, 'light.mp4'), tools, { picture: '-c:v libx264 -crf 51 -pix_fmt yuv420p' }),
    makeClip(join(dir, 'snow.mp4'), tools, {
      fps: 10,
      picture: '-vf noise=alls=60:allf=t -c:v libx264 -preset ultrafast -crf 20 -pix_fmt yuv420p',
    }),
  ]);
});

async function slim(names: string[], stop?: AbortController) {
  const workDir = join(dir, 'work');
  const copy = join(dir, `${names.join('-')}.copy.mp4`);
  const output = join(dir, `${names.join('-')}.slim.mp4`);
  const merged = await mergeClips(
    names.map((name) => join(dir, name)),
    copy,
    // a card belongs to no segment
    { tools, workDir, transition: names.length === 3 ? 'card' : 'none' },
  );
  const { segments } = merged;
  const heard: number[] = [];
  const onProgress = (fraction: number) => {
    heard.push(fraction);
    stop?.abort(new Error('enough'));
  };
  const run = makeSlim(copy, output, { tools, segments, workDir, signal: stop?.signal, is_background: false, onProgress });
  const slimmed: Slimmed = await run.finally(async () => expect(await readdir(workDir)).toEqual([]));
  return { copy, output, segments, slimmed, heard };
}

/** Times of a stream's packets in order of showing, chapters and duration. */
async function shapeOf(path: string) {
  const show = ['-show_entries', 'packet=stream_index,pts_time:format=duration:chapter=start_time,end_time:chapter_tags'];
  const told = JSON.parse(await runFfprobe(tools, [...show, '-show_chapters', '-of', 'json', path])) as {
    packets: { stream_index: number; pts_time: string }[];
  };
  const times = (stream: number) => told.packets.filter((packet) => packet.stream_index === stream).map((packet) => packet.pts_time);
  return { ...told, packets: [0, 1].map((stream) => times(stream).toSorted((a, b) => Number(a) - Number(b))) };
}

it('gives the same pictures at the same times, segments and chapters, the index first, and nothing of the source', async () => {
  const { copy, output, segments, slimmed, heard } = await slim(['plain.mp4', 'uneven.mp4', 'loud.mp4']);
  expect(slimmed).toMatchObject({ outcome: 'slim', reason: null });
  expect(await shapeOf(output)).toEqual(await shapeOf(copy));
  expect(heard.at(-1)).toBe(1);
  expect(heard).toEqual(heard.toSorted((a, b) => a - b));

  const [before, after] = [await findMarks(copy, join(dir, 'marks'), tools), await findMarks(output, join(dir, 'marks'), tools)];
  expect(after.flashes).toEqual(before.flashes);
  expect(after.beeps).toHaveLength(3);
  expect(after.beeps.every((beep, index) => Math.abs(beep - (before.beeps[index] ?? 0)) < 1024 / 48_000)).toBe(true);

  await runFfmpeg(tools, ['-xerror', '-i', output, '-f', 'null', '-']);
  const bytes = await readFile(output);
  expect(bytes.length).toBe(slimmed.size_bytes);
  expect(bytes.length).toBeLessThanOrEqual((VIDEO_MINUTE_BYTES * (segments.at(-1)?.end_seconds ?? 0)) / 60);
  expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
  for (const word of ['SECRET', 'x264', 'Lavf', 'Lavc']) {
    expect(bytes.includes(word), word).toBe(false);
  }
  const packets = await runFfprobe(tools, ['-select_streams', 'v', '-show_entries', 'packet=pts_time,flags', '-of', 'csv=p=0', output]);
  const keys = [...packets.matchAll(/^([\d.]+),K/gm)].map((match) => Number(match[1]));
  expect(segments.every(({ start_seconds }) => keys.some((key) => Math.abs(key - start_seconds) < 1e-5))).toBe(true);
  const compare = '[0:v]settb=1/30,setpts=N[a];[1:v]settb=1/30,setpts=N[b];[a][b]ssim=stats_file=-';
  const told = await runFfmpeg(tools, ['-i', output, '-i', copy, '-filter_complex', compare, '-f', 'null', '-']);
  const each = [...told.matchAll(/All:([\d.]+)/g)].map((match) => Number(match[1]));
  expect(slimmed.ssim).toBeCloseTo(each.reduce((sum, one) => sum + one, 0) / each.length, 6);
  expect(slimmed.ssim).toBeGreaterThanOrEqual(SLIM_SSIM_MIN);
});

it('a light video is kept, and so is one that nothing smaller looks like', async () => {
  expect((await slim(['light.mp4'])).slimmed).toMatchObject({ outcome: 'kept', reason: 'light', ssim: null });
  const { output, slimmed } = await slim(['snow.mp4']);
  expect(slimmed).toMatchObject({ outcome: 'kept', reason: 'looks_worse' });
  expect(slimmed.ssim).toBeGreaterThan(0);
  expect(slimmed.ssim).toBeLessThan(SLIM_SSIM_MIN);
  await expect(readFile(output)).rejects.toThrow('ENOENT');
});

it('clips that differ in colour space stay as they are; where one does not say its own, it is taken for BT.709', async () => {
  const tagged = (space: string) => ['-color_primaries', space, '-color_trc', space, '-colorspace', space, '-color_range', 'tv'];
  await makeMarked(join(dir, 'bt709.mp4'), tools, {
    seconds: 1.1,
    fps: 15,
    picture: [...heavy(':sps-id=7'), ...tagged('bt709')],
  });
  await makeMarked(join(dir, 'bt601.mp4'), tools, {
    seconds: 1.1,
    picture: [...heavy(':sps-id=7'), ...tagged('smpte170m')],
  });
  const { output, slimmed } = await slim(['plain.mp4', 'bt709.mp4']);
  expect(slimmed.outcome).toBe('slim');
  const bytes = await readFile(output);
  await slim(['plain.mp4', 'bt709.mp4']);
  expect(bytes.equals(await readFile(output)), 'the same video gives the same bytes').toBe(true);
  const told = await runFfprobe(tools, ['-select_streams', 'v', '-show_entries', 'stream=color_space', '-of', 'csv=p=0', output]);
  expect(told.trim()).toBe('bt709');
  expect((await slim(['plain.mp4', 'bt601.mp4'])).slimmed).toMatchObject({ outcome: 'kept', reason: 'mixed_colours' });
});

it('an abort ends it at once and leaves nothing', async () => {
  const stop = new AbortController();
  await expect(slim(['loud.mp4', 'plain.mp4'], stop)).rejects.toThrow('enough');
  await expect(readFile(join(dir, 'loud.mp4-plain.mp4.slim.mp4'))).rejects.toThrow('ENOENT');
});
