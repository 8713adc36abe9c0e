/** Tiny clips for tests, each named for its defect; made once a machine. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hashFile } from '../src/flow/keep-blob.ts';
import type { ReceivedFile } from '../src/flow/receive-clip.ts';
import type { Ports } from '../src/ports.ts';

const FOLDER = join(tmpdir(), '2t1l-server-clips');
const run = promisify(execFile);

const picture = (size: string, seconds: number) => ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=10:duration=${seconds}`];
const sound = (hz: number, seconds: number) => ['-f', 'lavfi', '-i', `sine=frequency=${hz}:sample_rate=48000:duration=${seconds}`];
const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '10', '-c:a', 'aac', '-f', 'mp4'];
const faststart = [...codecs, '-movflags', '+faststart'];

/** What ffmpeg makes them of. */
const DRAWN = {
  // On the canvas as they are: nothing has to be encoded again.
  'good-0.mp4': [...picture('720x1280', 1.2), ...sound(300, 1.2), ...faststart],
  'good-1.mp4': [...picture('720x1280', 1.3), ...sound(400, 1.3), ...faststart],
  'good-2.mp4': [...picture('720x1280', 1.4), ...sound(500, 1.4), ...faststart],
  'small.mp4': [...picture('180x320', 1.2), ...sound(300, 1.2), ...faststart],
  'too-long.mp4': [...picture('72x128', 62), ...sound(300, 62), ...faststart],
  'index-last.mp4': [...picture('180x320', 1.2), ...sound(300, 1.2), ...codecs],
} as const;
/** What is cut of them. */
const CUT = {
  'empty.mp4': async () => Buffer.alloc(0),
  'text.mp4': async () => Buffer.from('this is not a video\n'.repeat(100)),
  'truncated.mp4': async () => {
    const whole = await readFile(await clipPath('good-0.mp4'));
    return whole.subarray(0, whole.length - 3000);
  },
  // The index comes last here, and is what is missing.
  'no-moov.mp4': async () => {
    const whole = await readFile(await clipPath('index-last.mp4'));
    return whole.subarray(0, whole.indexOf('moov') - 4);
  },
} as const;

export type ClipName = keyof typeof DRAWN | keyof typeof CUT;

/** The path of a clip; not to be moved. */
export async function clipPath(name: ClipName): Promise<string> {
  const path = join(FOLDER, name);
  if (await stat(path).catch(() => null)) {
    return path;
  }
  await mkdir(FOLDER, { recursive: true });
  const beside = `${path}.${process.pid}`;
  if (name in DRAWN) {
    await run('ffmpeg', ['-v', 'error', '-y', ...DRAWN[name as keyof typeof DRAWN], beside]);
  } else {
    await writeFile(beside, await CUT[name as keyof typeof CUT]());
  }
  await rename(beside, path);
  return path;
}

/** A copy of a clip in the upload folder, as a door hands it to `receiveClip`. */
export async function receivedFile(name: ClipName, ports: Pick<Ports, 'folders' | 'ids'>): Promise<ReceivedFile> {
  const path = join(ports.folders.uploads, `form-${ports.ids.next()}`);
  await copyFile(await clipPath(name), path);
  return { path, ...(await hashFile(path)) };
}
