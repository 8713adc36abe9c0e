/** Clips as phones send them: portrait, about 7 Mbit/s, with motion in all of the picture and grain, so that encoders have work. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FFMPEG, run } from '../../e2e/harness/run.ts';

/** Paths of one length's clips. */
export interface BenchClips {
  /** H.264 and AAC, 720x1280, 30 a second: three that match. */
  alike: Three;
  /** The second of them with mono sound at 44.1 kHz. */
  sound: string;
  /** HEVC, 1080x1920, 30 a second, as phones keep their films. */
  hevc: Three;
  /** H.264, 1080x1920, 30 a second, as phones keep their films too. */
  large: Three;
  /** H.264, 1280x720, 30 a second: a phone held the other way. */
  wide: Three;
  /** VP8 and Opus in WebM, 720x1280 at 2.5 Mbit/s, as a browser without H.264 records. */
  webm: Three;
}

type Three = readonly [string, string, string];

/** What is repeated until the clip is long enough; its seconds differ, and encoders remember less than that. */
const LOOP_SECONDS = 10;
const QUIET = ['-v', 'error', '-nostdin', '-y'];
// key frames where cameras set them: noise would make x264 see a new scene every few pictures
const H264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-sc_threshold', '0', '-bf', '0', '-pix_fmt', 'yuv420p'];
const VP8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-pix_fmt', 'yuv420p'];
const HEVC = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error', '-pix_fmt', 'yuv420p', '-tag:v', 'hvc1'];

const STEREO = ['-ar', '48000', '-ac', '2'];

/** Makes the clips of `seconds` in `folder`, the loops they consist of once for all lengths. */
export async function makeClips(folder: string, seconds: number): Promise<BenchClips> {
  const alike: string[] = [];
  const hevc: string[] = [];
  const large: string[] = [];
  const wide: string[] = [];
  const webm: string[] = [];
  for (const number of [1, 2, 3]) {
    alike.push(await makeAlike(folder, seconds, number));
    for (const [name, size, encoder, clips] of [
      ['hevc', '1080x1920', HEVC, hevc],
      ['large', '1080x1920', H264, large],
      ['wide', '1280x720', H264, wide],
    ] as const) {
      clips.push(await repeat(await loop(folder, number, { name: `${name}-${number}`, size, encoder }), seconds, STEREO));
    }
    const browser = await loop(folder, number, { name: `vp8-${number}`, size: '720x1280', encoder: VP8, rate: '2500k', format: 'webm' });
    webm.push(await repeat(browser, seconds, ['-ar', '48000'], { format: 'webm' }));
  }
  const sound = await repeat(join(folder, 'h264-2'), seconds, ['-ar', '44100', '-ac', '1'], { name: '-mono' });
  return { alike: three(alike), sound, hevc: three(hevc), large: three(large), wide: three(wide), webm: three(webm) };
}

/** Makes one of the clips that match; `rate` in bits a second is that of a phone's camera if not said. */
export async function makeAlike(folder: string, seconds: number, number: number, rate?: string): Promise<string> {
  const narrow = await loop(folder, number, { name: `h264-${number}${rate ?? ''}`, size: '720x1280', encoder: H264, rate });
  return await repeat(narrow, seconds, STEREO);
}

interface Loop {
  name: string;
  size: string;
  encoder: readonly string[];
  rate?: string | undefined;
  format?: Format;
}

type Format = 'mp4' | 'webm';

async function loop(folder: string, number: number, { name, size, encoder, rate = '7M', format = 'mp4' }: Loop): Promise<string> {
  const path = join(folder, name);
  const [width, height] = size.split('x');
  const moving = `rotate=0.03*sin(${number}*t):ow=${width}:oh=${height},hue=h=${number * 90},noise=alls=12:allf=t`;
  const source = `testsrc2=size=${size}:rate=30:duration=${LOOP_SECONDS},${moving}`;
  const rates = ['-b:v', rate, '-maxrate', rate === '7M' ? '8M' : rate, '-bufsize', '8M', '-g', '60'];
  if (!existsSync(path)) {
    await run(FFMPEG, [...QUIET, '-f', 'lavfi', '-i', source, ...encoder, ...rates, '-f', format, path]);
  }
  return path;
}

async function repeat(
  path: string,
  seconds: number,
  sound: readonly string[],
  { name = '', format = 'mp4' }: { name?: string; format?: Format } = {},
): Promise<string> {
  const output = `${path}${name}-${seconds}.${format}`;
  await run(FFMPEG, [
    ...[...QUIET, '-stream_loop', String(Math.ceil(seconds / LOOP_SECONDS) - 1), '-i', path],
    ...['-f', 'lavfi', '-i', `anoisesrc=color=pink:amplitude=0.2:sample_rate=48000:duration=${seconds}`],
    ...['-map', '0:v', '-map', '1:a', '-c:v', 'copy', '-c:a', format === 'mp4' ? 'aac' : 'libopus', '-b:a', '128k', ...sound],
    ...['-t', String(seconds), ...(format === 'mp4' ? ['-movflags', '+faststart'] : []), output],
  ]);
  return output;
}

function three([first, second, third]: readonly string[]): Three {
  if (first === undefined || second === undefined || third === undefined) {
    throw new Error('three clips are needed');
  }
  return [first, second, third];
}
