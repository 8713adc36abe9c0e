/** Our own encodes. One parameter set for all of them, so that their `avcC` is the same to the byte and they join by copy. */
import { CANVAS_HEIGHT, CANVAS_MAX_FPS, CANVAS_WIDTH } from '@2t1l/game/limits';
import type { AacConfig } from './codec-config.ts';

/** How much processor time an encode may take; none of these changes the parameter sets. */
export type Preset = 'ultrafast' | 'superfast' | 'veryfast' | 'faster';

/** What our own sound is, where nothing else asks for another rate. */
export const OWN_SOUND: AacConfig = { rate: 48_000, channels: 2 };

/**
 * Parameter sets carry this id. Recorders use 0, so that ours and theirs can stand side by side in one `avcC`
 * and a clip of another kind does not force the two that fit to be encoded.
 */
export const OWN_PARAMETER_SET_ID = 7;

/** Everything that the parameter sets depend on is written out, whatever the preset would choose. */
const X264 = [
  `sps-id=${OWN_PARAMETER_SET_ID}`,
  'stitchable=1',
  'ref=1',
  'bframes=0',
  'weightp=0',
  // CAVLC: a tenth faster than CABAC, and what it costs in size the slim rendition takes off again
  'cabac=0',
  '8x8dct=1',
  'open-gop=0',
  'keyint=60',
  'nal-hrd=none',
].join(':');

/** Encoder arguments of the picture. Input frames must be 720x1280, 30 a second, BT.709 in the limited range. */
export function pictureArgs(preset: Preset): string[] {
  return [
    ...['-c:v', 'libx264', '-preset', preset, '-crf', preset === 'ultrafast' ? '28' : '23'],
    ...['-maxrate', '4M', '-bufsize', '8M', '-threads', '2'],
    ...['-profile:v', 'high', '-level:v', '3.1', '-pix_fmt', 'yuv420p', '-x264-params', X264],
    ...[
      '-color_primaries',
      'bt709',
      '-color_trc',
      'bt709',
      '-colorspace',
      'bt709',
      '-color_range',
      'tv',
      '-chroma_sample_location',
      'left',
    ],
    // x264 signs its work in a message of its own (SEI, type 6): it would tell versions and settings
    ...['-bsf:v', 'filter_units=remove_types=6'],
  ];
}

/**
 * Encoder arguments of the sound. At these rates ffmpeg's `fast` coder is as good as the one it takes by itself (`twoloop`), at half the cost. Both against
 * their source, mean distance of the levels in 24 Bark bands: two flite voices 0.13 to 0.35 dB (twoloop 0.29 to 0.54), a voice over the noise of a room 0.47 and
 * 0.64 (0.42 and 0.66), pink and white noise 0.36 to 0.75 (0.39 to 0.85); SNR 13 to 19 dB higher, 3 to 4 dB lower at 30, and 1 dB higher. 60 s of stereo
 * take 0.61 CPU-s (1.25).
 */
export function soundArgs({ rate, channels }: AacConfig): string[] {
  return ['-c:a', 'aac', '-aac_coder', 'fast', '-b:a', channels === 1 ? '96k' : '128k', '-ar', String(rate), '-ac', String(channels)];
}

/** Keeps names, places, times and tool names of the source out of the output. */
export const NO_METADATA: readonly string[] = [
  ...['-map_metadata', '-1', '-map_metadata:s', '-1', '-map_chapters', '-1'],
  ...['-fflags', '+bitexact', '-flags:v', '+bitexact', '-flags:a', '+bitexact'],
];

/** What the canvas filter must know of a clip: size as displayed, HDR or not. */
export interface CanvasSource {
  width: number;
  height: number;
  is_hdr: boolean;
  is_bt709: boolean;
}

/** Filter graph from `[0:v:0]` to `[picture]`: the clip fitted on a blurred copy of itself, upright, 30 pictures a second from time 0 on. */
export function canvasFilter({ width, height, is_hdr, is_bt709 }: CanvasSource): string {
  const size = `${CANVAS_WIDTH}:${CANVAS_HEIGHT}`;
  // H.273 transfer 16 and 18 to 1; hable keeps skin tones of phone HDR close to what the phone's own SDR version shows
  const toneMap = is_hdr
    ? 'zscale=transfer=linear:npl=203,format=gbrpf32le,zscale=primaries=bt709,tonemap=hable:desat=0,zscale=transfer=bt709:matrix=bt709:range=tv,format=yuv420p,'
    : '';
  const start = `[0:v:0]fps=${CANVAS_MAX_FPS}:start_time=0,${toneMap}`;
  const end = 'setsar=1,format=yuv420p,setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv[picture]';
  // naming a matrix makes the scaler convert even where nothing differs, at twice the cost
  const toBt709 = is_hdr || is_bt709 ? '' : ':out_color_matrix=bt709:out_range=tv';
  const isSameShape = Math.abs(width / height - CANVAS_WIDTH / CANVAS_HEIGHT) < 0.004;
  if (isSameShape) {
    return `${start}scale=${size}:flags=bicubic${toBt709},${end}`;
  }
  // blurring a stamp-sized copy costs a hundredth of blurring the canvas, and ten blurs a second look as thirty do
  return [
    `${start}scale='trunc(iw*sar/2)*2':ih:flags=bilinear,setsar=1,split[whole][behind]`,
    `[behind]framestep=3,scale=90:160:force_original_aspect_ratio=increase:flags=fast_bilinear${toBt709},crop=90:160,boxblur=6:2,eq=brightness=-0.08:saturation=0.9,scale=${size}:flags=bilinear,fps=${CANVAS_MAX_FPS}[blurred]`,
    `[whole]scale=${size}:force_original_aspect_ratio=decrease:force_divisible_by=2:flags=bicubic${toBt709}[fitted]`,
    `[blurred][fitted]overlay=(W-w)/2:(H-h)/2,${end}`,
  ].join(';');
}

/**
 * Filter from `input` (such as `0:a:0`) to `[sound]`: gaps filled, from time 0 on. It ends where the sound does, so that a merge sees where
 * that is and fades it: with silence behind it the sound would break off in the middle of a frame, with a click.
 */
export function soundFilter(input: string, { rate }: AacConfig): string {
  return `[${input}]aresample=${rate}:async=1:first_pts=0[sound]`;
}
