/** Merged files of every kind in a browser: they play over the joins, and a seek to either side of a join shows the clip that is there. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { canonicalise } from '@2t1l/media/canonicalise';
import { checkClip } from '@2t1l/media/check';
import { type Merged, mergeClips } from '@2t1l/media/merge';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../harness/browser.ts';
import { FFMPEG, FFPROBE, run } from '../harness/run.ts';
import { makeScratch } from '../harness/scratch.ts';
import { decodeWhole } from '../harness/video.ts';

const COLOURS = ['red', 'lime', 'blue'] as const;
const SECONDS = [1.4, 1.1, 1.3] as const;
const FRAME_SECONDS = 1 / 30;
const TOOLS = { ffmpeg: FFMPEG, ffprobe: FFPROBE };
const H264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-g', '30'];
const PLAIN = [...H264, '-bf', '0', '-c:a', 'aac'];
const B_FRAMES = [...H264, '-bf', '3', '-c:a', 'aac'];
const WEBM = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-c:a', 'libopus', '-f', 'webm'];
const H264_OPUS = [...H264, '-bf', '0', '-c:a', 'libopus', '-f', 'matroska'];

const scratch = await makeScratch();
let files: Server;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  files = createServer(async ({ url = '/', headers }, response) => {
    const path = join(scratch.path, basename(url));
    const found = await stat(path).catch(() => null);
    if (!found?.isFile()) {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<video muted></video>');
      return;
    }
    const { size } = found;
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? [];
    const [start, end] = [Number(from), to === '' ? size - 1 : Number(to)];
    response.writeHead(206, {
      ...{ 'content-type': 'video/mp4', 'accept-ranges': 'bytes' },
      ...{ 'content-range': `bytes ${start}-${end}/${size}`, 'content-length': end - start + 1 },
    });
    createReadStream(path, { start, end }).pipe(response);
  });
  await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve));
  browser = await launchBrowser();
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(files.address() as AddressInfo).port}/`);
});
afterAll(async () => {
  await browser?.close();
  files?.closeAllConnections();
  files?.close();
  await scratch[Symbol.asyncDispose]();
});

test.each<[string, readonly (readonly string[])[], Merged['plan']['kind']]>([
  ['copied with B-frames', [B_FRAMES, B_FRAMES, B_FRAMES], 'copy'],
  ['sound redone', [PLAIN, [...PLAIN, '-ar', '44100', '-ac', '1'], PLAIN], 'copy_with_sound'],
  ['an odd clip encoded in the middle', [PLAIN, B_FRAMES, PLAIN], 'encode'],
  ['two parameter sets side by side', [WEBM, B_FRAMES, B_FRAMES], 'copy'],
  ['recorded by browsers', [H264_OPUS, WEBM, WEBM], 'copy'],
])('plays and seeks: %s', async (name, encoders, kind) => {
  const file = `${name.replaceAll(/\W+/g, '-')}.mp4`;
  const { segments, plan } = await makeMerged(file, encoders);
  expect(plan.kind).toBe(kind);
  await decodeWhole(FFMPEG, join(scratch.path, file));
  await expectRising(join(scratch.path, file));
  const moments = segments.flatMap(({ start_seconds, end_seconds }, index) =>
    [start_seconds + FRAME_SECONDS / 2, (start_seconds + end_seconds) / 2, end_seconds - FRAME_SECONDS / 2].map((at) => ({ at, index })),
  );
  // back and forth, so that no seek profits from where the last one ended
  const order = moments.toSorted((a, b) => (a.at % 0.7) - (b.at % 0.7));
  for (const { at, index } of order) {
    expect([at, await colourAt(file, at)]).toEqual([at, COLOURS[index]]);
  }
  const played = await playThrough(file);
  expect(played.error).toBeNull();
  expect(played.colours).toEqual(COLOURS);
  expect(Math.abs(played.ended_at - (segments.at(-1)?.end_seconds ?? 0))).toBeLessThan(0.05);
});

async function makeMerged(file: string, encoders: readonly (readonly string[])[]): Promise<Merged> {
  const clips = await Promise.all(encoders.map((encoder, index) => makeCanonical(join(scratch.path, `${file}.${index}`), index, encoder)));
  return await mergeClips(clips, join(scratch.path, file), { tools: TOOLS, workDir: scratch.path });
}

async function makeCanonical(path: string, index: number, encoder: readonly string[]): Promise<string> {
  const [colour, seconds] = [COLOURS[index], SECONDS[index]];
  const picture = ['-f', 'lavfi', '-i', `color=${colour}:size=720x1280:rate=30:duration=${seconds},noise=alls=8:allf=t`];
  const sound = ['-f', 'lavfi', '-i', `sine=frequency=${220 * (index + 1)}:sample_rate=48000:duration=${seconds}`];
  const format = encoder.includes('-f') ? [] : ['-f', 'mp4'];
  await run(FFMPEG, ['-v', 'error', '-nostdin', '-y', ...picture, ...sound, '-ac', '2', ...encoder, ...format, path]);
  const check = await checkClip(path, { tools: TOOLS });
  if (check.outcome === 'refused') {
    throw new Error(`refused: ${check.reasons}`);
  }
  return (await canonicalise(path, `${path}.canonical.mp4`, { tools: TOOLS, facts: check.facts })).path;
}

async function expectRising(path: string): Promise<void> {
  for (const stream of ['v', 'a']) {
    const listed = await run(FFPROBE, ['-v', 'error', '-select_streams', stream, '-show_entries', 'packet=dts', '-of', 'csv=p=0', path]);
    const times = listed.split('\n').map(Number.parseFloat).filter(Number.isFinite);
    expect(times.length).toBeGreaterThan(30);
    expect(times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0))).toBe(true);
  }
}

/** The strongest colour of the picture that a seek brings, once the picture of that moment is there; `late` where it does not come. */
async function colourAt(file: string, seconds: number): Promise<string> {
  return await page.evaluate(
    async ([address, at, frame]) => {
      const video = document.querySelector('video') as HTMLVideoElement;
      if (!video.src.endsWith(address)) {
        video.src = address;
        await new Promise((resolve) => video.addEventListener('loadeddata', resolve, { once: true }));
      }
      // `seeked` may come before the picture is shown
      const isShown = new Promise<boolean>((resolve) => {
        const look = (_: number, { mediaTime }: VideoFrameCallbackMetadata) =>
          Math.abs(mediaTime - at) < frame ? resolve(true) : video.requestVideoFrameCallback(look);
        video.requestVideoFrameCallback(look);
        setTimeout(resolve, 10_000, false);
      });
      video.currentTime = at;
      if (!(await isShown)) {
        return 'late';
      }
      const canvas = new OffscreenCanvas(8, 8).getContext('2d') as OffscreenCanvasRenderingContext2D;
      canvas.drawImage(video, 0, 0, 8, 8);
      const [red = 0, green = 0, blue = 0] = canvas.getImageData(4, 4, 1, 1).data;
      return red > green && red > blue ? 'red' : green > blue ? 'lime' : 'blue';
    },
    [`/${file}`, seconds, FRAME_SECONDS] as const,
  );
}

/** Plays to the end and tells which colours came, in their order. */
async function playThrough(file: string): Promise<{ colours: string[]; ended_at: number; error: string | null }> {
  return await page.evaluate(async (address) => {
    const video = document.querySelector('video') as HTMLVideoElement;
    const canvas = new OffscreenCanvas(8, 8).getContext('2d', { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D;
    const colours: string[] = [];
    video.src = address;
    await new Promise<void>((resolve) => {
      const look = () => {
        canvas.drawImage(video, 0, 0, 8, 8);
        const [red = 0, green = 0, blue = 0] = canvas.getImageData(4, 4, 1, 1).data;
        const colour = red > green && red > blue ? 'red' : green > blue ? 'lime' : 'blue';
        if (colours.at(-1) !== colour) {
          colours.push(colour);
        }
        video.requestVideoFrameCallback(look);
      };
      video.requestVideoFrameCallback(look);
      video.addEventListener('ended', () => resolve());
      video.addEventListener('error', () => resolve());
      void video.play();
    });
    return { colours, ended_at: video.currentTime, error: video.error?.message ?? null };
  }, `/${file}`);
}
