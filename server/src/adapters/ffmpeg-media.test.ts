import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startsIsolated } from '@2t1l/media/confine';
import { findTools } from '@2t1l/media/ffmpeg';
import { expect, test } from 'vitest';
import { clipPath } from '../../test/clips.ts';
import type { Media } from '../ports.ts';
import { ffmpegMedia } from './ffmpeg-media.ts';

const call = () => {
  const percents: number[] = [];
  return { percents, signal: AbortSignal.timeout(60_000), onProgress: (percent: number) => percents.push(percent) };
};

async function folder() {
  const path = await mkdtemp(join(tmpdir(), '2t1l-media-'));
  return { path, file: (name: string) => join(path, name), [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

const prepare = async (media: Media, name: Parameters<typeof clipPath>[0], output: string) =>
  media.prepare(await clipPath(name), output, call());

test('a clip that is fit as it is: facts, nothing written', async () => {
  await using dir = await folder();
  const media = await ffmpegMedia(null)();
  const watched = call();
  const prepared = await media.prepare(await clipPath('good-0.mp4'), dir.file('out.mp4'), watched);
  expect(prepared).toMatchObject({ outcome: 'accepted', output: null, notices: [], facts: { width: 720, height: 1280, has_sound: true } });
  expect(Object.keys(prepared.outcome === 'accepted' ? prepared.facts : {}).sort()).toEqual([
    'duration_seconds',
    'has_sound',
    'height',
    'width',
  ]);
  expect(await readdir(dir.path)).toEqual([]);
  expect(watched.percents.at(-1)).toBe(100);
  expect(watched.percents.every((percent, index) => Number.isInteger(percent) && percent >= (watched.percents[index - 1] ?? 0))).toBe(true);
});

test('a clip of another size is made canonical at the place asked for', async () => {
  await using dir = await folder();
  const media = await ffmpegMedia(null)();
  const prepared = await prepare(media, 'small.mp4', dir.file('out.mp4'));
  expect(prepared).toMatchObject({ outcome: 'accepted', output: dir.file('out.mp4') });
  expect(await readdir(dir.path)).toEqual(['out.mp4']);
});

test('a file that is no clip is refused with reasons', async () => {
  await using dir = await folder();
  const media = await ffmpegMedia(null)();
  expect(await prepare(media, 'empty.mp4', dir.file('out.mp4'))).toEqual({ outcome: 'refused', reasons: ['empty'] });
  expect(await prepare(media, 'text.mp4', dir.file('out.mp4'))).toEqual({ outcome: 'refused', reasons: ['not_a_video'] });
  expect(await readdir(dir.path)).toEqual([]);
});

test('three clips become one video with three segments, and a poster', async () => {
  await using dir = await folder();
  const media = await ffmpegMedia(null)();
  const inputs = [await clipPath('good-0.mp4'), await clipPath('good-1.mp4'), await clipPath('good-2.mp4')] as const;
  await mkdir(dir.file('work'));
  const { segments } = await media.merge(inputs, dir.file('video.mp4'), { transition: 'none', workDir: dir.file('work') }, call());
  expect(segments).toHaveLength(3);
  expect(segments[0]?.start_seconds).toBe(0);
  expect(segments[1]?.start_seconds).toBe(segments[0]?.end_seconds);
  expect((await stat(dir.file('video.mp4'))).size).toBeGreaterThan(10_000);
  await media.poster(dir.file('video.mp4'), dir.file('poster.jpg'), call());
  expect([...(await readFile(dir.file('poster.jpg'))).subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
});

test('without ffmpeg it says so, and finds it once it is there', async () => {
  await using dir = await folder();
  const open = ffmpegMedia(dir.file('ffmpeg'));
  await expect(open()).rejects.toMatchObject({ code: 'media_tool_missing', status: 503 });
  for (const tool of ['ffmpeg', 'ffprobe']) {
    await writeFile(dir.file(tool), `#!/bin/sh\nexec ${tool} "$@"\n`, { mode: 0o755 });
  }
  const media = await open();
  await rm(dir.file('ffprobe'));
  await expect(prepare(media, 'good-0.mp4', dir.file('out.mp4'))).rejects.toMatchObject({ code: 'media_tool_missing' });
});

const tools = await findTools();
const isIsolated = tools !== null && (await startsIsolated(tools.ffmpeg));

test.runIf(isIsolated)('a machine too busy to try the sandbox says so, and is asked again (where there is a sandbox)', async () => {
  await using dir = await folder();
  const open = ffmpegMedia(dir.file('ffmpeg'));
  await writeFile(dir.file('ffmpeg'), '#!/bin/sh\nkill -9 $$\n', { mode: 0o755 });
  await expect(open()).rejects.toMatchObject({ code: 'busy', retry_after_seconds: 1 });
  for (const tool of ['ffmpeg', 'ffprobe']) {
    await writeFile(dir.file(tool), `#!/bin/sh\nexec ${tool} "$@"\n`, { mode: 0o755 });
  }
  await open();
});

test('an ffmpeg that lacks an encoder is the server’s fault, not the clip’s', async () => {
  await using dir = await folder();
  await writeFile(dir.file('ffprobe'), '#!/bin/sh\nexec ffprobe "$@"\n', { mode: 0o755 });
  const script = `#!/bin/sh
case "$*" in *libx264*) echo "Unknown encoder 'libx264'" >&2; exit 1;; esac
exec ffmpeg "$@"
`;
  await writeFile(dir.file('ffmpeg'), script, { mode: 0o755 });
  const media = await ffmpegMedia(dir.file('ffmpeg'))();
  await expect(prepare(media, 'small.mp4', dir.file('out.mp4'))).rejects.toMatchObject({ code: 'media_tool_missing' });
});

test('a clip that only the encoder finds broken is refused, not tried for ever', async () => {
  await using dir = await folder();
  await writeFile(dir.file('ffprobe'), '#!/bin/sh\nexec ffprobe "$@"\n', { mode: 0o755 });
  const script = `#!/bin/sh
case "$*" in *libx264*) echo "Error while decoding stream #0:0: Invalid data found when processing input" >&2; exit 69;; esac
exec ffmpeg "$@"
`;
  await writeFile(dir.file('ffmpeg'), script, { mode: 0o755 });
  const media = await ffmpegMedia(dir.file('ffmpeg'))();
  expect(await prepare(media, 'small.mp4', dir.file('out.mp4'))).toEqual({ outcome: 'refused', reasons: ['damaged'] });
});

test('an abort ends the work with its reason', async () => {
  await using dir = await folder();
  const media = await ffmpegMedia(null)();
  const stop = new AbortController();
  stop.abort(new Error('stopped'));
  await expect(media.prepare(await clipPath('small.mp4'), dir.file('out.mp4'), { signal: stop.signal })).rejects.toThrow('stopped');
});
