import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Transition } from '@2t1l/game/challenge';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeClip } from '../test/make-clip.ts';
import { findMarks, largestSteps, MARK_SECONDS, makeMarked } from '../test/marks.ts';
import { setUp } from '../test/set-up.ts';
import { makeOne } from '../test/test-clips.ts';
import { runFfmpeg } from './ffmpeg.ts';
import { type Merged, mergeClips } from './merge.ts';
import { readMovie, type Track } from './movie.ts';
import type { Sample } from './samples.ts';
import { cutEnd, TRANSITION_SECONDS } from './transition.ts';

const { dir, tools } = await setUp('transition');
const ABC = ['a.mp4', 'b.mp4', 'c.mp4'];

beforeAll(async () => {
  const own = ['-x264-params', 'sps-id=7'];
  await Promise.all([
    makeMarked(join(dir, 'a.mp4'), tools, { seconds: 1.3 }),
    makeMarked(join(dir, 'b.mp4'), tools, { seconds: 1.7, picture: ['-g', '20', '-bf', '3', '-b_strategy', '0'] }),
    makeMarked(join(dir, 'c.mp4'), tools, { seconds: 1.5333 }),
    makeMarked(join(dir, 'their-7.mp4'), tools, { seconds: 1.4, picture: own }),
    makeMarked(join(dir, 'mono.mp4'), tools, { seconds: 1.5, sound: ['-ar', '44100', '-ac', '1'] }),
    makeMarked(join(dir, 'baseline.mp4'), tools, { seconds: 1.4, picture: ['-profile:v', 'baseline'] }),
  ]);
});

const made = new Map<string, Promise<{ path: string; merged: Merged }>>();

/** Merges once; a second call with the same arguments gives the same file. */
function merge(inputs: readonly string[], transition: Transition): Promise<{ path: string; merged: Merged }> {
  const key = [transition, ...inputs].join('+');
  const known = made.get(key) ?? mergeNow(`${made.size}.merged.mp4`, inputs, transition);
  made.set(key, known);
  return known;
}

async function mergeNow(name: string, inputs: readonly string[], transition: Transition): Promise<{ path: string; merged: Merged }> {
  const path = join(dir, name);
  const paths = inputs.map((input) => join(dir, input));
  const merged = await mergeClips(paths, path, { tools, workDir: join(dir, 'work'), transition });
  expect(await readdir(join(dir, 'work'))).toEqual([]);
  return { path, merged };
}

/** Flash and beep stand where the segments say, and everything decodes. */
async function expectExact(path: string, { segments, duration_seconds }: Merged): Promise<void> {
  const { flashes, beeps } = await findMarks(path, join(dir, 'marks'), tools);
  expect([flashes.length, beeps.length]).toEqual([segments.length, segments.length]);
  for (const [index, { start_seconds }] of segments.entries()) {
    expect(Math.abs((flashes[index] ?? 0) - start_seconds - MARK_SECONDS)).toBeLessThan(1 / 30);
    expect(Math.abs((beeps[index] ?? 0) - start_seconds - MARK_SECONDS)).toBeLessThan(1024 / 44_100);
  }
  expect(segments[0]?.start_seconds).toBe(0);
  expect(segments.at(-1)?.end_seconds).toBe(duration_seconds);
  await runFfmpeg(tools, ['-xerror', '-i', path, '-f', 'null', '-']);
}

/** The bytes of each sample of one kind, with the time it is shown in seconds of the file. */
async function samplesOf(path: string, kind: Track['kind']): Promise<{ time: number; bytes: Buffer }[]> {
  const [movie, file] = await Promise.all([readMovie(path), readFile(path)]);
  const track = movie.tracks.find((candidate) => candidate.kind === kind);
  const shift = (track?.edits[0]?.media_time ?? 0) / (track?.timescale ?? 1);
  return (track?.samples ?? []).map((sample) => ({
    time: sample.cts / (track?.timescale ?? 1) - shift,
    bytes: file.subarray(sample.offset, sample.offset + sample.size),
  }));
}

/** Brightness of each picture, 0 to 255, in the order shown. */
async function brightness(path: string): Promise<Buffer> {
  const raw = join(dir, 'brightness.gray');
  await runFfmpeg(tools, ['-i', path, '-an', '-vf', 'scale=1:1,format=gray', '-fps_mode', 'passthrough', '-f', 'rawvideo', raw]);
  return await readFile(raw);
}

describe('a card between clips', () => {
  it('lies between exact segments, and every byte of the clips is copied', async () => {
    const { path, merged } = await merge(ABC, 'card');
    const plain = await merge(ABC, 'none');
    expect(merged.plan.kind).toBe(plain.merged.plan.kind);
    await expectExact(path, merged);
    for (const [index, segment] of merged.segments.entries()) {
      const without = plain.merged.segments[index];
      expect(segment.start_seconds - (without?.start_seconds ?? 0)).toBeCloseTo(index * TRANSITION_SECONDS, 4);
      expect(segment.end_seconds - segment.start_seconds).toBeCloseTo((without?.end_seconds ?? 0) - (without?.start_seconds ?? 0), 4);
    }
    const hashes = (await samplesOf(path, 'video')).map((sample) => sample.bytes.toString('base64'));
    for (const { bytes } of await samplesOf(plain.path, 'video')) {
      expect(hashes).toContain(bytes.toString('base64'));
    }
    expect(hashes.length - (await samplesOf(plain.path, 'video')).length).toBe(2 * TRANSITION_SECONDS * 30);
  });

  it('is upright between clips that are turned by their matrix', async () => {
    await makeOne('turned-by-matrix.mp4', dir, tools);
    const turned = ['turned-by-matrix.mp4', 'turned-by-matrix.mp4', 'turned-by-matrix.mp4'];
    const { path, merged } = await merge(turned, 'card');
    expect(merged.plan.clips.every((clip) => clip.picture === 'copy')).toBe(true);
    const upright = await merge(ABC, 'card');
    const cardOf = async (file: string, second: number) => {
      const raw = join(dir, 'card.gray');
      await runFfmpeg(tools, [
        '-ss',
        String(second),
        '-i',
        file,
        '-frames:v',
        '1',
        '-vf',
        'scale=90:160,format=gray',
        '-f',
        'rawvideo',
        raw,
      ]);
      return await readFile(raw);
    };
    const one = await cardOf(path, (merged.segments[0]?.end_seconds ?? 0) + 0.2);
    const other = await cardOf(upright.path, (upright.merged.segments[0]?.end_seconds ?? 0) + 0.2);
    const off = one.reduce((sum, value, index) => sum + Math.abs(value - (other[index] ?? 0)), 0) / one.length;
    expect(off).toBeLessThan(2);
    expect(Math.max(...other) - Math.min(...other)).toBeGreaterThan(150);
  });
});

describe('a fade between clips', () => {
  it('encodes nothing before its own frames and leaves the segments where they are', async () => {
    const { path, merged } = await merge(ABC, 'fade');
    const plain = await merge(ABC, 'none');
    expect(merged.segments).toEqual(plain.merged.segments);
    await expectExact(path, merged);
    for (const [kind, slack] of [['video', 3 / 30] as const, ['sound', 1024 / 48_000] as const]) {
      const [faded, copied] = await Promise.all([samplesOf(path, kind), samplesOf(plain.path, kind)]);
      expect(faded.length).toBe(copied.length);
      const isOutside = (time: number) =>
        merged.segments
          .slice(0, 2)
          .every((segment) => time < segment.end_seconds - TRANSITION_SECONDS - slack || time >= segment.end_seconds);
      const kept = copied.filter((sample) => isOutside(sample.time));
      expect(kept.length).toBeGreaterThan(copied.length * 0.7);
      expect(faded.filter((sample) => isOutside(sample.time)).map((sample) => sample.bytes.toString('base64'))).toEqual(
        kept.map((sample) => sample.bytes.toString('base64')),
      );
    }
  });

  it('goes evenly from one picture to the other, and the sound to nothing without a click', async () => {
    const steady = (name: string, level: string, tone: number) =>
      runFfmpeg(tools, [
        ...['-f', 'lavfi', '-i', `color=c=${level}:s=720x1280:r=30:d=1.5`, '-f', 'lavfi', '-i', `sine=f=${tone}:r=48000:d=1.6`],
        ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-b:a', '128k', '-ac', '2', join(dir, name)],
      ]);
    await Promise.all([steady('dark.mp4', '0x202020', 440), steady('bright.mp4', '0xd0d0d0', 660)]);
    const { path, merged } = await merge(['dark.mp4', 'bright.mp4'], 'fade');
    const seen = [...(await brightness(path))];
    const end = Math.round((merged.segments[0]?.end_seconds ?? 0) * 30);
    const fade = seen.slice(end - TRANSITION_SECONDS * 30 - 1, end + 1);
    const steps = fade.slice(1).map((value, index) => value - (fade[index] ?? 0));
    expect(steps[0]).toBeLessThanOrEqual(1);
    expect(steps.slice(1).every((step) => step > 10 && step < 24)).toBe(true);
    const start = (merged.segments[0]?.end_seconds ?? 0) - TRANSITION_SECONDS;
    const { near, elsewhere } = await largestSteps(path, join(dir, 'tone'), [start], tools);
    expect(near).toBeLessThan(elsewhere);
    const raw = join(dir, 'tone.s16');
    await runFfmpeg(tools, ['-i', path, '-vn', '-af', 'pan=mono|c0=c0', '-ar', '48000', '-f', 's16le', raw]);
    const sound = await readFile(raw);
    const level = (from: number, seconds: number) => {
      const first = Math.round(from * 48_000);
      return Math.max(
        ...Array.from({ length: Math.round(seconds * 48_000) }, (_, index) => Math.abs(sound.readInt16LE((first + index) * 2))),
      );
    };
    const full = level(start - 0.2, 0.1);
    expect(level(start + 0.18, 0.03) / full).toBeGreaterThan(0.55);
    expect(level(start + 0.18, 0.03) / full).toBeLessThan(0.85);
    expect(level(start + TRANSITION_SECONDS - 0.05, 0.02) / full).toBeLessThan(0.25);
  });

  it('keeps to the end of longer sound, where the last picture is held', async () => {
    await makeOne('sound-longer.mp4', dir, tools);
    await makeClip(join(dir, 'next.mp4'), tools, {});
    const { path, merged } = await merge(['sound-longer.mp4', 'next.mp4'], 'fade');
    expect(merged.segments[0]?.end_seconds).toBeCloseTo(1.7, 1);
    const times = (await samplesOf(path, 'video'))
      .map((sample) => sample.time)
      .filter((time) => time < (merged.segments[0]?.end_seconds ?? 0));
    expect(times.filter((time) => time > 1.25).length).toBe(TRANSITION_SECONDS * 30);
    await runFfmpeg(tools, ['-xerror', '-i', path, '-f', 'null', '-']);
  });

  it('takes clips of variable rate, without sound, and turned ones', async () => {
    for (const name of ['variable-frame-rate.mp4', 'no-sound.mp4', 'turned-by-matrix.mp4']) {
      await makeOne(name, dir, tools);
      const { path, merged } = await merge([name, name], 'fade');
      expect(merged.plan.clips.every((clip) => clip.picture === 'copy')).toBe(true);
      expect(merged.segments).toEqual((await merge([name, name], 'none')).merged.segments);
      await runFfmpeg(tools, ['-xerror', '-i', path, '-f', 'null', '-']);
    }
  });
});

it.each(['card', 'fade'] as const)('encodes a clip whole whose parameter sets carry our id: %s', async (transition) => {
  const { path, merged } = await merge(['their-7.mp4', 'a.mp4', 'their-7.mp4'], transition);
  expect(merged.plan.clips.filter((clip) => clip.picture === 'encode').map((clip) => clip.reasons)).not.toEqual([]);
  await expectExact(path, merged);
});

it.each([
  ['copied', ABC, 'none'],
  ['with sound encoded', ['a.mp4', 'mono.mp4', 'c.mp4'], 'none'],
  ['with a clip encoded', ['a.mp4', 'baseline.mp4', 'mono.mp4'], 'none'],
  ['with cards', ABC, 'card'],
  ['with fades', ABC, 'fade'],
] as const)('gives the same bytes each time: %s', async (_name, inputs, transition) => {
  const first = await readFile((await merge(inputs, transition)).path);
  const second = await readFile((await mergeNow('again.merged.mp4', inputs, transition)).path);
  expect(Buffer.compare(first, second)).toBe(0);
});

it('leaves nothing behind when it is aborted', async () => {
  const workDir = join(dir, 'aborted');
  await mkdir(workDir);
  const inputs = ['a.mp4', 'b.mp4', 'c.mp4'].map((name) => join(dir, name));
  for (const delay of [30, 150, 300]) {
    const merging = mergeClips(inputs, join(workDir, 'out.mp4'), {
      tools,
      workDir,
      transition: 'fade',
      signal: AbortSignal.timeout(delay),
    });
    await expect(merging).rejects.toThrow();
    expect(await readdir(workDir)).toEqual([]);
  }
});

describe('cutEnd', () => {
  const sample = (cts: number, is_sync = false): Sample => ({ offset: 0, size: 1, dts: 0, cts, duration: 1, is_sync });

  it.each([
    ['in order', [sample(0, true), sample(1), sample(2), sample(3)], 2, { from: 2, key: 0 }],
    ['at a key frame', [sample(0, true), sample(1), sample(2, true), sample(3)], 2, { from: 2, key: 2 }],
    ['before a picture that others wait for', [sample(0, true), sample(4), sample(2), sample(1), sample(3)], 3, { from: 1, key: 0 }],
    [
      'not at a key frame that earlier pictures follow',
      [sample(0, true), sample(1), sample(4, true), sample(2), sample(3)],
      4,
      { from: 2, key: 0 },
    ],
    ['at the last one, where all come before the fade', [sample(0, true), sample(1), sample(2)], 9, { from: 2, key: 0 }],
  ])('cuts %s', (_name, samples, fadeStart, expected) => {
    expect(cutEnd(samples, fadeStart)).toEqual(expected);
  });
});
