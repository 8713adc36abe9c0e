/** What ffprobe sees in a file whose demuxer we have chosen ourselves. */
import { type Demuxer, openArgs, type RunOptions, runFfprobe, type Tools } from './ffmpeg.ts';

/** One picture or sound stream. Sizes as coded; `rotation` in degrees, clockwise as shown: 0, 90, 180, 270 or another number. */
export interface ProbedStream {
  index: number;
  kind: 'video' | 'sound';
  codec: string;
  profile: string;
  width: number;
  height: number;
  rotation: number;
  /** Width of a pixel by its height; 1 where the file does not say. */
  pixel_aspect: number;
  pixel_format: string;
  is_hdr: boolean;
  /** True for BT.709 in the limited range, said or not: what most recorders write. */
  is_bt709: boolean;
  is_interlaced: boolean;
  sample_rate: number;
  channels: number;
}

/** Streams without cover pictures, in file order. */
export interface Probed {
  streams: readonly ProbedStream[];
}

/** First and last moment and number of packets of one stream. */
export interface PacketSpan {
  packets: number;
  /** True where packets say how long they last. */
  has_durations: boolean;
  start_seconds: number;
  end_seconds: number;
}

const ENTRIES =
  'stream=index,codec_type,codec_name,profile,width,height,pix_fmt,color_transfer,color_space,color_range,sample_aspect_ratio,field_order,sample_rate,channels:stream_disposition=attached_pic:stream_side_data=rotation';

/** Lists the streams of the file at `path`. Throws FfmpegError where ffprobe cannot read it. */
export async function probe(path: string, demuxer: Demuxer, tools: Tools, options: RunOptions): Promise<Probed> {
  const text = await runFfprobe(tools, ['-of', 'json', '-show_entries', ENTRIES, ...openArgs(path, demuxer)], {
    ...options,
    cpu_seconds: 20,
  });
  const parsed: unknown = JSON.parse(text);
  return { streams: list(field(parsed, 'streams')).flatMap(readStream) };
}

/** Walks over all packets without decoding: the only way to learn the length of a recording that does not say it. */
export async function measurePackets(path: string, demuxer: Demuxer, tools: Tools, options: RunOptions): Promise<Map<number, PacketSpan>> {
  const spans = new Map<number, PacketSpan>();
  const onLine = (line: string) => {
    const [index, pts, duration] = line.split(',').map(Number);
    if (index === undefined || pts === undefined || Number.isNaN(index) || Number.isNaN(pts)) {
      return;
    }
    const span = spans.get(index) ?? { packets: 0, has_durations: false, start_seconds: pts, end_seconds: pts };
    span.packets += 1;
    span.has_durations ||= Number(duration) > 0;
    span.start_seconds = Math.min(span.start_seconds, pts);
    span.end_seconds = Math.max(span.end_seconds, pts + (duration === undefined || Number.isNaN(duration) ? 0 : duration));
    spans.set(index, span);
  };
  const args = ['-of', 'csv=p=0', '-show_entries', 'packet=stream_index,pts_time,duration_time', ...openArgs(path, demuxer)];
  await runFfprobe(tools, args, { ...options, onLine, cpu_seconds: 30 });
  return spans;
}

function readStream(value: unknown): ProbedStream[] {
  const type = text(value, 'codec_type');
  const isCover = number(field(value, 'disposition'), 'attached_pic') === 1;
  if ((type !== 'video' && type !== 'audio') || isCover) {
    return [];
  }
  const transfer = text(value, 'color_transfer');
  const turned = list(field(value, 'side_data_list')).map((data) => number(data, 'rotation'));
  const fieldOrder = text(value, 'field_order');
  return [
    {
      index: number(value, 'index'),
      kind: type === 'video' ? 'video' : 'sound',
      codec: text(value, 'codec_name'),
      profile: text(value, 'profile'),
      width: number(value, 'width'),
      height: number(value, 'height'),
      // ffprobe counts against the clock
      rotation: (((-(turned.find((angle) => angle !== 0) ?? 0) % 360) + 360) % 360) + 0,
      pixel_aspect: ratio(text(value, 'sample_aspect_ratio')),
      pixel_format: text(value, 'pix_fmt'),
      is_hdr: transfer === 'smpte2084' || transfer === 'arib-std-b67',
      is_bt709:
        ['', 'unknown', 'bt709'].includes(text(value, 'color_space')) &&
        text(value, 'color_range') !== 'pc' &&
        !text(value, 'pix_fmt').startsWith('yuvj'),
      is_interlaced: !['', 'progressive', 'unknown'].includes(fieldOrder),
      sample_rate: number(value, 'sample_rate'),
      channels: number(value, 'channels'),
    },
  ];
}

/** What `a:b` comes to; 1 where it says nothing. */
function ratio(told: string): number {
  const [wide = 0, high = 0] = told.split(':').map(Number);
  return wide > 0 && high > 0 ? wide / high : 1;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown, name: string): string {
  const found = field(value, name);
  return typeof found === 'string' ? found : '';
}

function number(value: unknown, name: string): number {
  const found = Number(field(value, name) ?? 0);
  return Number.isFinite(found) ? found : 0;
}
