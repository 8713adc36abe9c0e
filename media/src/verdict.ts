/** Pure: is a clip what every phone and browser plays on the canvas, and if not, which half of it has to be redone? */
import { CANVAS_HEIGHT, CANVAS_MAX_FPS, CANVAS_WIDTH } from '@2t1l/game/limits';
import { readAacConfig, readAvcConfig } from './codec-config.ts';
import type { Track } from './movie.ts';
import type { ProbedStream } from './probe.ts';
import type { Span } from './timing.ts';

/** Why a half of a clip cannot stay as it came. */
export type RedoReason =
  | 'picture_codec'
  | 'picture_size'
  | 'picture_format'
  | 'rotation'
  | 'hdr'
  | 'frame_rate'
  | 'edit_list'
  | 'start'
  | 'parameter_sets'
  | 'container'
  | 'no_sound'
  | 'sound_codec'
  | 'sound_format'
  | 'sound_edit_list';

/** `keep`: the file as it came; `redo_sound`: the picture is copied; `redo_picture`: the sound is copied; `redo_all`: encoded anew. */
export interface CanonicalVerdict {
  action: 'keep' | 'redo_sound' | 'redo_picture' | 'redo_all';
  reasons: readonly RedoReason[];
}

/** A picture or sound stream as both readers saw it; `track` and `span` are null outside MP4. */
export interface SeenStream {
  stream: ProbedStream;
  track: Track | null;
  span: Span | null;
}

/** Everything the verdict depends on. */
export interface Seen {
  picture: SeenStream;
  sound: SeenStream | null;
  fps: number;
  /** True where a copy can leave out what the edit list does not show. */
  is_trimmable: boolean;
  /** False where a picture carries parameter sets other than those in front, or the first one is no key frame. */
  is_copyable: boolean;
}

/** Recorders asked for 30 a second deliver a little more. */
const FPS_TOLERANCE = 0.5;
/** Picture that starts later than this leaves a gap that a copy cannot fill. */
const LATE_START_SECONDS = 0.25;

/** Says what has to be redone, with every reason there is. */
export function judge(seen: Seen): CanonicalVerdict {
  const picture = judgePicture(seen);
  const sound = judgeSound(seen.sound);
  const reasons = [...picture, ...sound];
  const isCopied = picture.every((reason) => reason === 'container' || (reason === 'edit_list' && seen.is_trimmable));
  if (isCopied) {
    return { action: reasons.length > 0 ? 'redo_sound' : 'keep', reasons };
  }
  return { action: sound.length > 0 || seen.sound?.track == null ? 'redo_all' : 'redo_picture', reasons };
}

function judgePicture({ picture, fps, is_copyable }: Seen): RedoReason[] {
  const { stream, track, span } = picture;
  if (stream.codec !== 'h264') {
    return ['picture_codec'];
  }
  const isUpright = stream.rotation === 0 || stream.rotation === 180;
  const shown = isUpright ? [stream.width, stream.height] : [stream.height, stream.width];
  const reasons: [RedoReason, boolean][] = [
    ['picture_size', shown[0] !== CANVAS_WIDTH || shown[1] !== CANVAS_HEIGHT || stream.pixel_aspect !== 1],
    ['picture_format', !['yuv420p', 'yuvj420p'].includes(stream.pixel_format) || stream.is_interlaced],
    ['rotation', stream.rotation % 90 !== 0 || (track !== null && !isPureRotation(track.matrix))],
    ['hdr', stream.is_hdr],
    ['frame_rate', fps > CANVAS_MAX_FPS + FPS_TOLERANCE],
    ['container', track === null],
    ['edit_list', span !== null && (!span.is_plain || span.start_seconds < span.from_seconds - 0.001)],
    ['start', span !== null && span.from_seconds > LATE_START_SECONDS],
    ['parameter_sets', track !== null && !hasPlainConfig(track)],
    ['parameter_sets', !is_copyable],
  ];
  return [...new Set(reasons.filter(([, applies]) => applies).map(([reason]) => reason))];
}

function judgeSound(sound: SeenStream | null): RedoReason[] {
  if (sound === null) {
    return ['no_sound'];
  }
  if (sound.stream.codec !== 'aac') {
    return ['sound_codec'];
  }
  if (sound.track === null) {
    return [];
  }
  const config = sound.track.config === null ? null : readAacConfig(sound.track.config);
  if (config === null || sound.track.entries !== 1 || sound.track.timescale !== config.rate || ![44_100, 48_000].includes(config.rate)) {
    return ['sound_format'];
  }
  // where the frames tell another number than the config, ffprobe goes by them and other decoders need not
  if (sound.stream.channels !== config.channels) {
    return ['sound_format'];
  }
  // the copy places frames of 1024 samples side by side, so they must come that way
  const isRegular = sound.track.samples.slice(0, -1).every((sample) => sample.duration === 1024);
  return sound.span?.is_plain && isRegular ? [] : ['sound_edit_list'];
}

/** A tenth of this is usual; what stands behind the parameter sets would be copied into the video. */
const CONFIG_MAX_BYTES = 1024;

/** Constrained Baseline, Main and High in one `avc1` entry: what hardware decoders take. */
function hasPlainConfig(track: Track): boolean {
  const config = track.config === null || track.config.length > CONFIG_MAX_BYTES ? null : readAvcConfig(track.config);
  return track.codec === 'avc1' && track.entries === 1 && config !== null && [66, 77, 100].includes(config.profile);
}

/** True for turns by quarter circles: no flip, no scaling, no slant. */
function isPureRotation(matrix: readonly number[]): boolean {
  const [a = 0, b = 0, u = 0, c = 0, d = 0, v = 0] = matrix;
  const unit = 65536;
  const isQuarter = [a, b, c, d].every((value) => Math.abs(value) === unit || value === 0);
  return isQuarter && u === 0 && v === 0 && a * d - b * c === unit * unit;
}
