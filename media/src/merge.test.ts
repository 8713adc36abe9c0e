import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { findMarks, largestSteps, MARK_SECONDS, makeMarked } from '../test/marks.ts';
import { setUp } from '../test/set-up.ts';
import { makeOne } from '../test/test-clips.ts';
import { canonicalise } from './canonicalise.ts';
import { checkClip } from './check.ts';
import { runFfmpeg, runFfprobe } from './ffmpeg.ts';
import { type Merged, mergeClips } from './merge.ts';
import { makePoster } from './poster.ts';

const { dir, tools } = await setUp('merge');

const CD = ['-ar', '44100'];
const WIDE = ['-vf', 'scale=1280:720'];

beforeAll(async () => {
  await Promise.all([
    makeMarked(join(dir, 'a.mp4'), tools, { seconds: 1.3 }),
    makeMarked(join(dir, 'b.mp4'), tools, { seconds: 1.7 }),
    makeMarked(join(dir, 'c.mp4'), tools, { seconds: 2.0333 }),
    makeMarked(join(dir, 'uneven.mp4'), tools, {
      seconds: 1.5,
      picture: ['-vf', "select='not(eq(mod(n,7),3)+eq(mod(n,5),1))'", '-fps_mode', 'vfr'],
      sound: CD,
    }),
    makeMarked(join(dir, 'sound-ends.mp4'), tools, { seconds: 1.6, sound: [...CD, '-af', 'atrim=end=1.0123'] }),
    makeMarked(join(dir, 'sound-goes-on.mp4'), tools, { seconds: 1.4, sound: [...CD, '-af', 'apad=whole_dur=1.8'] }),
    makeMarked(join(dir, 'sound-sets-in.mp4'), tools, { seconds: 1.5, sound: ['-af', 'atrim=start=0.3123'] }),
    makeMarked(join(dir, 'wide.mp4'), tools, { seconds: 1.5, picture: [...WIDE, '-bf', '2'], sound: CD }),
    makeMarked(join(dir, 'wide-sets-in.mp4'), tools, { seconds: 1.4, fps: 24, picture: WIDE, sound: [...CD, '-af', 'atrim=start=0.3123'] }),
    makeMarked(join(dir, 'wide-goes-on.mp4'), tools, { seconds: 1.2, fps: 60, picture: WIDE, sound: [...CD, '-af', 'apad=whole_dur=1.6'] }),
    makeMarked(join(dir, 'opus.mkv'), tools, { seconds: 1.4, sound: ['-c:a', 'libopus'] }),
    makeMarked(join(dir, 'mono.mp4'), tools, { seconds: 1.5, sound: ['-ar', '44100', '-ac', '1'] }),
    makeMarked(join(dir, 'baseline.mp4'), tools, { seconds: 1.4, picture: ['-profile:v', 'baseline'] }),
    makeMarked(join(dir, 'main.mp4'), tools, { seconds: 1.2, picture: ['-profile:v', 'main'] }),
    makeMarked(join(dir, 'fragments.mp4'), tools, { seconds: 1.4, picture: ['-movflags', '+frag_keyframe+delay_moov'] }),
    makeMarked(join(dir, 'slow.webm'), tools, {
      seconds: 1.6,
      fps: 24,
      picture: ['-c:v', 'libvpx', '-deadline', 'realtime'],
      sound: ['-c:a', 'libopus'],
    }),
  ]);
});

async function merge(name: string, inputs: string[]): Promise<{ path: string; merged: Merged }> {
  const path = join(dir, `${name}.merged.mp4`);
  const paths = inputs.map((input) => join(dir, input));
  return { path, merged: await mergeClips(paths, path, { tools, workDir: join(dir, 'work'), preset: 'ultrafast' }) };
}

/** The clip as a merge gets it. */
async function canonical(name: string): Promise<string> {
  const input = join(dir, name);
  const check = await checkClip(input, { tools });
  if (check.outcome === 'refused') {
    throw new Error(`refused: ${check.reasons}`);
  }
  const output = `${name}.canonical.mp4`;
  const { path } = await canonicalise(input, join(dir, output), { tools, facts: check.facts, preset: 'ultrafast' });
  return path === input ? name : output;
}

/** Flash and beep of each clip stand where its segment says, and the whole file decodes without a complaint. */
async function expectExact(path: string, merged: Merged): Promise<void> {
  const { flashes, beeps } = await findMarks(path, join(dir, 'marks'), tools);
  expect(flashes).toHaveLength(merged.segments.length);
  expect(beeps).toHaveLength(merged.segments.length);
  for (const [index, segment] of merged.segments.entries()) {
    const marked = segment.start_seconds + MARK_SECONDS;
    expect(Math.abs((flashes[index] ?? 0) - marked)).toBeLessThan(1 / 24);
    expect(Math.abs((beeps[index] ?? 0) - marked)).toBeLessThan(1024 / 44_100);
  }
  await runFfmpeg(tools, ['-xerror', '-i', path, '-f', 'null', '-']);
  await expectRising(path);
  const [first] = merged.segments;
  expect(first?.start_seconds).toBe(0);
  expect(merged.segments.at(-1)?.end_seconds).toBe(merged.duration_seconds);
  const told = Number(await runFfprobe(tools, ['-show_entries', 'format=duration', '-of', 'csv=p=0', path]));
  expect(Math.abs(told - merged.duration_seconds)).toBeLessThan(0.001);
}

async function expectRising(path: string): Promise<void> {
  for (const stream of ['v', 'a']) {
    const listed = await runFfprobe(tools, ['-select_streams', stream, '-show_entries', 'packet=dts', '-of', 'csv=p=0', path]);
    const times = listed.split('\n').map(Number.parseFloat).filter(Number.isFinite);
    expect(times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0))).toBe(true);
  }
}

describe('mergeClips', () => {
  it('copies three clips that match, exactly and to the same bytes each time', async () => {
    const { path, merged } = await merge('copy', ['a.mp4', 'b.mp4', 'c.mp4']);
    expect(merged.plan.kind).toBe('copy');
    expect(merged.segments.map((segment) => Number((segment.end_seconds - segment.start_seconds).toFixed(2)))).toEqual([1.3, 1.7, 2.03]);
    await expectExact(path, merged);
    const again = await merge('copy-again', ['a.mp4', 'b.mp4', 'c.mp4']);
    expect(Buffer.compare(await readFile(path), await readFile(again.path))).toBe(0);
    expect(await readdir(join(dir, 'work'))).toEqual([]);
  });

  it('puts the tables first and names the segments by number', async () => {
    const { path, merged } = await merge('chapters', ['a.mp4', 'b.mp4', 'c.mp4']);
    const bytes = await readFile(path);
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
    expect(bytes.toString('latin1').match(/avcC/g)).toHaveLength(1);
    const told: unknown = JSON.parse(await runFfprobe(tools, ['-show_chapters', '-of', 'json', path]));
    const chapters = merged.segments.map((segment, index) => ({
      start_time: segment.start_seconds.toFixed(6),
      tags: { title: String(index + 1) },
    }));
    expect(told).toMatchObject({ chapters });
  });

  it('redoes only the sound where only the sound differs', async () => {
    const { path, merged } = await merge('sound', ['a.mp4', 'mono.mp4', 'c.mp4']);
    expect(merged.plan.kind).toBe('copy_with_sound');
    await expectExact(path, merged);
  });

  it('copies fragments beside plain files', async () => {
    const { path, merged } = await merge('fragments', ['a.mp4', 'fragments.mp4', 'c.mp4']);
    expect(merged.plan.clips.every((clip) => clip.sound === 'copy')).toBe(true);
    await expectExact(path, merged);
  });

  it('encodes only the clips of another kind, to the same bytes each time', async () => {
    const inputs = ['baseline.mp4', 'c.mp4', 'main.mp4'];
    const [{ path, merged }, again] = await Promise.all([merge('odd', inputs), merge('odd-again', inputs)]);
    expect(merged.plan.clips.map((clip) => clip.picture)).toEqual(['encode', 'copy', 'encode']);
    await expectExact(path, merged);
    expect(Buffer.compare(await readFile(path), await readFile(again.path))).toBe(0);
  });

  it('encodes a clip between two that it copies', async () => {
    const { path, merged } = await merge('between', ['a.mp4', 'baseline.mp4', 'c.mp4']);
    expect(merged.plan.clips.map((clip) => clip.picture)).toEqual(['copy', 'encode', 'copy']);
    await expectExact(path, merged);
  });

  it.each([
    ['variable frame rate, sound that ends early, sound that goes on, at 44.1 kHz', ['uneven.mp4', 'sound-ends.mp4', 'sound-goes-on.mp4']],
    ['sound that sets in late by an edit list, equal lengths, Opus made AAC', ['opus.mkv', 'sound-sets-in.mp4', 'sound-sets-in.mp4']],
    [
      'pictures made anew beside sound that is copied: B-frames, other rates, edit lists',
      ['wide.mp4', 'wide-sets-in.mp4', 'wide-goes-on.mp4'],
    ],
  ])('keeps picture and sound in step: %s', async (_, names) => {
    const inputs = await Promise.all(names.map(canonical));
    const { path, merged } = await merge('in-step', inputs);
    expect(merged.plan.kind).toBe('copy');
    await expectExact(path, merged);
    await rm(path);
  });

  it('copies our own encodes beside recordings, in any order', async () => {
    const ours = await canonical('slow.webm');
    for (const order of [
      ['a.mp4', ours, 'c.mp4'],
      [ours, 'baseline.mp4', ours],
    ]) {
      const { path, merged } = await merge('ours', order);
      expect(merged.plan.kind).toBe('copy');
      await expectExact(path, merged);
      await rm(path);
    }
  });

  it.each([
    ['copied at 48 kHz', 'loud.mp4', []],
    ['copied at 44.1 kHz', 'loud-cd.mp4', CD],
    ['made AAC', 'loud.mkv', ['-c:a', 'libopus']],
  ])('leaves no click at a join where the sound breaks off at its loudest: %s', async (_, name, sound) => {
    // starts and ends at full swing, which alone is a step 25 times as high as any within the tone
    const tone = `aevalsrc=0.5*cos(2*PI*300*t):s=48000:d=${391 / 300}`;
    const inputs = ['-f', 'lavfi', '-i', 'color=c=gray:s=720x1280:r=30:d=1.31', '-f', 'lavfi', '-i', tone];
    const encoders = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-b:a', '128k', ...sound];
    await runFfmpeg(tools, [...inputs, ...encoders, join(dir, name)]);
    const clip = await canonical(name);
    const { path, merged } = await merge('loud', [clip, clip, clip]);
    expect(merged.plan.kind).toBe('copy');
    const joins = merged.segments.slice(1).map((segment) => segment.start_seconds);
    const { near, elsewhere } = await largestSteps(path, join(dir, 'loud'), joins, tools);
    expect(elsewhere).toBeGreaterThan(300);
    expect(near).toBeLessThan(2 * elsewhere);
    await rm(path);
  });

  it('gives silence to a clip without sound and holds the last picture under longer sound', async () => {
    const inputs = await Promise.all(
      ['no-sound.mp4', 'sound-longer.mp4', 'sound-shorter.mp4'].map(async (name) => await makeOne(name, dir, tools)),
    );
    const path = join(dir, 'uneven.mp4');
    const merged = await mergeClips(inputs, path, { tools, workDir: join(dir, 'work') });
    expect(merged.plan.kind).toBe('copy');
    expect(merged.segments.map((segment) => Number((segment.end_seconds - segment.start_seconds).toFixed(1)))).toEqual([1.2, 1.7, 1.2]);
    await runFfmpeg(tools, ['-xerror', '-i', path, '-f', 'null', '-']);
  });

  it('lets nothing of the source through but picture and sound', async () => {
    await makeOne('tagged.mp4', dir, tools);
    const { path } = await merge('tagged', ['tagged.mp4', 'tagged.mp4', 'tagged.mp4']);
    const bytes = await readFile(path);
    const source = await readFile(join(dir, 'tagged.mp4'));
    for (const secret of ['SECRETTITLE', 'SECRETPLACE', '+48.1', 'x264 - core', 'Lavf']) {
      expect([secret, source.includes(secret), bytes.includes(secret)]).toEqual([secret, true, false]);
    }
    const told = await runFfprobe(tools, ['-show_entries', 'format_tags:stream_tags', '-of', 'csv', path]);
    expect(told).not.toMatch(/creation_time|SECRET|2020/);
  });

  it('leaves nothing behind when it is aborted', async () => {
    const workDir = join(dir, 'aborted');
    await mkdir(workDir);
    for (const delay of [0, 60, 150]) {
      const inputs = ['a.mp4', 'baseline.mp4', 'mono.mp4'].map((name) => join(dir, name));
      const merging = mergeClips(inputs, join(workDir, 'out.mp4'), { tools, workDir, signal: AbortSignal.timeout(delay) });
      await expect(merging).rejects.toThrow();
      expect(await readdir(workDir)).toEqual([]);
    }
  });

  it('gives a poster of the canvas size', async () => {
    const { path } = await merge('poster', ['a.mp4', 'b.mp4', 'c.mp4']);
    const folder = join(dir, "100%d: it's");
    await mkdir(folder);
    const poster = join(folder, 'poster.jpg');
    await makePoster(path, poster, { tools });
    const told = await runFfprobe(tools, ['-show_entries', 'stream=codec_name,width,height', '-of', 'csv=p=0', '-f', 'jpeg_pipe', poster]);
    expect(told.trim()).toBe('mjpeg,720,1280');
    await expect(makePoster(path, poster, { tools, at_seconds: 99 })).rejects.toThrow();
  });
});
