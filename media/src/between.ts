/** The three ffmpeg runs that make what stands between two clips. Pictures are made as the clips are coded, turned where those are turned. */
import type { AacConfig } from './codec-config.ts';
import { NO_METADATA, pictureArgs, soundArgs } from './encode.ts';
import { openArgs, type RunOptions, runFfmpeg, type Tools } from './ffmpeg.ts';
import type { Track } from './movie.ts';
import { probe } from './probe.ts';

/** What the clips of the merge look like, as coded. */
export type Shape = Pick<Track, 'width' | 'height' | 'matrix'>;

/** How a run is made. */
export interface BetweenOptions {
  tools: Tools;
  signal?: AbortSignal | undefined;
}

/** A card: which number it shows, and for how long. */
export interface Card extends BetweenOptions {
  number: number;
  seconds: number;
  shape: Shape;
}

const CPU_SECONDS = 120;
const PRESET = 'veryfast';
const TAGS = 'setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv';
const BACKGROUND = '0x160d33';
const INK = '0xfff6e0';
/** Which strokes of seven a digit has: top, upper left, upper right, middle, lower left, lower right, foot. */
const DIGITS = ['1110111', '0010010', '1011101', '1011011', '0111010', '1101011', '1101111', '1010010', '1111111', '1111011'];
/** Left, top, width and height of the strokes on a field of 100 by 180. */
const STROKES = [
  [0, 0, 100, 20],
  [0, 0, 20, 100],
  [80, 0, 20, 100],
  [0, 80, 100, 20],
  [0, 80, 20, 100],
  [80, 80, 20, 100],
  [0, 160, 100, 20],
];

/** Draws a card with one digit. It needs no font, so that it is the same on every machine. Throws as `runFfmpeg` does. */
export async function drawCard(output: string, { number, seconds, shape, tools, signal }: Card): Promise<void> {
  const isTurned = shape.matrix[0] === 0;
  const [width, height] = isTurned ? [shape.height, shape.width] : [shape.width, shape.height];
  const scale = Math.floor(width / 360);
  const strokes = STROKES.filter((_, index) => DIGITS[number % 10]?.[index] === '1').map(([x = 0, y = 0, w = 0, h = 0]) => {
    const [left, top] = [Math.floor(width / 2) + (x - 50) * scale, Math.floor(height / 2) + (y - 90) * scale];
    return `drawbox=x=${left}:y=${top}:w=${w * scale}:h=${h * scale}:color=${INK}:t=fill`;
  });
  const source = `color=c=${BACKGROUND}:s=${width}x${height}:r=30:d=${seconds}`;
  const filters = ['scale=out_color_matrix=bt709:out_range=tv,format=yuv420p', turnBack(shape.matrix), TAGS].filter((part) => part !== '');
  const graph = `${[source, ...strokes, ...filters].join(',')}[picture]`;
  await runFfmpeg(tools, ['-filter_complex', graph, ...encodedTo(output, ['-map', '[picture]', ...pictureArgs(PRESET)])], limits(signal));
}

/** A fade of one clip's last pictures into the first of the next. */
export interface PictureFade {
  /** The end of the clip, from a key frame on. */
  input: string;
  /** The first picture of the next clip. */
  next: string;
  output: string;
  /** Pictures of `input` that are only decoded. */
  skip: number;
  /** Pictures of `input` after those. */
  replaced: number;
  /** Pictures to be written; the last one of `input` is held for those that are more than `replaced`. */
  frames: number;
  /** How many of them, at the end, the next clip shines through. */
  blended: number;
  fps: number;
  shape: Shape;
}

/** Encodes the fade at `fps` pictures a second; the caller gives them their times. Throws as `runFfmpeg` does. */
export async function fadePicture(fade: PictureFade, { tools, signal }: BetweenOptions): Promise<void> {
  const { skip, frames, replaced, blended, fps, shape } = fade;
  const even = `setpts=N/${fps}/TB,fps=${fps}`;
  const [toClip, toNext] = await Promise.all([fade.input, fade.next].map(async (path) => await toBt709(path, tools, signal)));
  const size = `scale=${shape.width}:${shape.height}`;
  // xfade takes the last picture of its first input for the end of the fade
  const held = frames - replaced + 1;
  const graph = [
    `[0:v:0]select='gte(n,${skip})',tpad=stop_mode=clone:stop=${held},${even},${size}${toClip},format=yuv420p,setsar=1[clip]`,
    `[1:v:0]${size}${toNext},format=yuv420p,setsar=1,loop=loop=-1:size=1,${even}[next]`,
    `[clip][next]xfade=transition=fade:offset=${(frames - blended) / fps}:duration=${blended / fps},format=yuv420p,${TAGS}[picture]`,
  ].join(';');
  const inputs = [fade.input, fade.next].flatMap((path) => ['-threads', '1', '-noautorotate', ...openArgs(path, 'mov')]);
  const after = ['-map', '[picture]', '-frames:v', String(frames), ...pictureArgs(PRESET)];
  await runFfmpeg(tools, [...inputs, '-filter_complex', graph, ...encodedTo(fade.output, after)], limits(signal));
}

/** A fade of sound, in samples from the beginning of `input`. */
export interface SoundFade {
  input: string;
  output: string;
  start: number;
  length: number;
  sound: AacConfig;
}

/** Encodes `input` with its sound going to nothing. Throws as `runFfmpeg` does. */
export async function fadeSound({ input, output, start, length, sound }: SoundFade, { tools, signal }: BetweenOptions): Promise<void> {
  const filter = `afade=type=out:start_sample=${Math.max(0, start)}:nb_samples=${length}:curve=qsin`;
  const after = ['-map', '0:a:0', '-af', filter, ...soundArgs(sound)];
  await runFfmpeg(tools, [...openArgs(input, 'mov'), ...encodedTo(output, after)], limits(signal));
}

function encodedTo(output: string, args: readonly string[]): string[] {
  return [...args, ...NO_METADATA, '-f', 'mp4', output];
}

function limits(signal: AbortSignal | undefined): RunOptions {
  return { signal, cpu_seconds: CPU_SECONDS };
}

/** What the scaler is told beside the size; naming a matrix where nothing differs would shift untagged colours. */
async function toBt709(path: string, tools: Tools, signal: AbortSignal | undefined): Promise<string> {
  const { streams } = await probe(path, 'mov', tools, { signal });
  return streams.find((stream) => stream.kind === 'video')?.is_bt709 === true ? '' : ':out_color_matrix=bt709:out_range=tv';
}

/** The filter that a player's turn by the matrix undoes. */
function turnBack([a = 0, b = 0]: readonly number[]): string {
  if (a === 0) {
    return b > 0 ? 'transpose=cclock' : 'transpose=clock';
  }
  return a < 0 ? 'hflip,vflip' : '';
}
