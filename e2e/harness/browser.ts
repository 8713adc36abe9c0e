/** Chromium with a camera and a microphone that play made-up files. */
import { accessSync, constants } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { drawScene } from '@2t1l/media/scenes';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { FFMPEG, FFPROBE, run } from './run.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
];
const QUIET = ['-v', 'error', '-nostdin', '-y'];
export const PHONE = { width: 390, height: 844 };

export interface BrowserOptions {
  /** With a fake camera and microphone, whose files are put here. */
  cameraFolder?: string;
  /** What the camera sees and the microphone hears, in place of a drawn figure that speaks. */
  clip?: string;
}

/** Chromium alone, or with a fake camera. */
export async function launchBrowser({ cameraFolder, clip }: BrowserOptions = {}): Promise<Browser> {
  const camera = cameraFolder === undefined ? [] : await fakeCamera(cameraFolder, clip);
  return chromium.launch({ executablePath: findChromium(), args: [...FLAGS, ...camera] });
}

/** One person's own browser, whose storage lies in a folder and outlives its process. */
export interface Profile {
  context: BrowserContext;
  /** SIGKILL, as a phone does it that runs out of memory. */
  kill9(): Promise<void>;
}

/** Opens the profile in `folder`, with the camera of `camera` (see `fakeCamera`). */
export async function openProfile(folder: string, camera: readonly string[]): Promise<Profile> {
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: findChromium(),
    args: [...FLAGS, ...camera],
    viewport: PHONE,
    locale: 'en-US',
    acceptDownloads: true,
    permissions: ['camera', 'microphone', 'clipboard-read', 'clipboard-write'],
  });
  return {
    context,
    kill9: async () => {
      const gone = new Promise((resolve) => context.once('close', resolve));
      // Chromium writes `host-pid` there, against a second process on the same profile.
      const lock = await readlink(join(folder, 'SingletonLock'));
      process.kill(Number(lock.split('-').at(-1)), 'SIGKILL');
      await gone;
    },
  };
}

/** A clip as motion JPEG and wav, which Chromium plays again and again; answers the flags that say so. */
export async function fakeCamera(folder: string, clip?: string): Promise<string[]> {
  const picture = join(folder, 'camera.mjpeg');
  const sound = join(folder, 'microphone.wav');
  const scene = clip ?? (await drawnScene(folder));
  await run(FFMPEG, [...QUIET, '-i', scene, '-an', '-r', '15', '-c:v', 'mjpeg', '-q:v', '6', '-pix_fmt', 'yuvj420p', picture]);
  await run(FFMPEG, [...QUIET, '-i', scene, '-vn', '-ar', '48000', sound]);
  return [
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-video-capture=${picture}`,
    `--use-file-for-fake-audio-capture=${sound}`,
  ];
}

/** One of the house's own figures; a test pattern where this ffmpeg cannot speak. */
async function drawnScene(folder: string): Promise<string> {
  const path = join(folder, 'scene.mp4');
  const tools = { ffmpeg: FFMPEG, ffprobe: FFPROBE };
  try {
    await drawScene(path, {
      tools,
      lines: ['I have been to fifteen countries', 'and slept in a lighthouse.'],
      voice: 'slt',
      scene: 1,
      caption: false,
    });
  } catch {
    const inputs = ['-f', 'lavfi', '-i', 'testsrc2=size=720x1280:rate=15:duration=4', '-f', 'lavfi', '-i', 'sine=frequency=300:duration=4'];
    await run(FFMPEG, [...QUIET, ...inputs, '-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac', path]);
  }
  return path;
}

/** Where Chromium is: `CHROMIUM_PATH`, else the first of its names on the PATH. Throws where there is none. */
export function findChromium(): string {
  const asked = process.env.CHROMIUM_PATH;
  if (asked !== undefined && asked !== '') {
    return asked;
  }
  for (const name of NAMES) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not in this folder.
      }
    }
  }
  throw new Error('Chromium is missing: set CHROMIUM_PATH or put chromium on the PATH');
}
