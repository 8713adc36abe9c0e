/** Chromium with a camera and a microphone that play made-up files. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { FFMPEG, run } from './run.ts';

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
export const PHONE = { width: 390, height: 844 };

/** Chromium alone, or with a fake camera whose files are put into `cameraFolder`. */
export async function launchBrowser({ cameraFolder }: { cameraFolder?: string } = {}): Promise<Browser> {
  const camera = cameraFolder === undefined ? [] : await fakeCamera(cameraFolder);
  return chromium.launch({ executablePath: findChromium(), args: [...FLAGS, ...camera] });
}

/** A moving picture as motion JPEG and a tone as wav, which Chromium plays again and again. */
async function fakeCamera(folder: string): Promise<string[]> {
  const picture = join(folder, 'camera.mjpeg');
  const sound = join(folder, 'microphone.wav');
  const seconds = 4;
  await run(FFMPEG, [
    ...['-v', 'error', '-nostdin', '-y', '-f', 'lavfi', '-i', `testsrc2=size=720x1280:rate=30:duration=${seconds}`],
    ...['-c:v', 'mjpeg', '-q:v', '8', '-pix_fmt', 'yuvj420p', picture],
  ]);
  await run(FFMPEG, [
    ...['-v', 'error', '-nostdin', '-y', '-f', 'lavfi', '-i', `sine=frequency=300:sample_rate=48000:duration=${seconds}`, sound],
  ]);
  return [
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-video-capture=${picture}`,
    `--use-file-for-fake-audio-capture=${sound}`,
  ];
}

function findChromium(): string {
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
