/** Pure: what of three clips can be copied into one file, and what has to be encoded, with the reasons. */
import { CANVAS_HEIGHT, CANVAS_WIDTH } from '@2t1l/game/limits';
import { type AacConfig, joinAvcConfigs, parameterSetIds, readAacConfig, readAvcConfig } from './codec-config.ts';
import { OWN_PARAMETER_SET_ID, OWN_SOUND } from './encode.ts';

/** What the plan depends on, of one clip. */
export interface MergeClip {
  /** Four letters of the picture's sample entry. */
  codec: string;
  /** As coded, before the matrix. */
  width: number;
  height: number;
  matrix: readonly number[];
  /** `avcC` payload. */
  avcc: Uint8Array | null;
  /** AudioSpecificConfig; null where the clip has no sound. */
  asc: Uint8Array | null;
  duration_seconds: number;
}

/** Why something of a clip has to be encoded. */
export type MergeReason = 'codec' | 'size' | 'matrix' | 'parameter_sets' | 'sound_config';

/** What happens to each half of one clip; `silence` is written, not encoded. */
export interface ClipPlan {
  picture: 'copy' | 'encode';
  sound: 'copy' | 'encode' | 'silence';
  reasons: readonly MergeReason[];
}

/** `kind` is the dearest thing that any clip needs. */
export interface MergePlan {
  kind: 'copy' | 'copy_with_sound' | 'encode';
  clips: readonly ClipPlan[];
  /** What all sound is, or becomes. */
  sound: AacConfig;
}

const UPRIGHT = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000];

/** Keeps the largest part, by duration, that fits into one track with one sample entry. Of equal parts the earlier clips stay. */
export function planMerge(clips: readonly MergeClip[]): MergePlan {
  const kept = keptPictures(clips);
  const reference = clips.find((_, index) => kept[index]);
  const sound = commonSound(clips);
  const plans = clips.map((clip, index): ClipPlan => {
    const picture = kept[index] ? 'copy' : 'encode';
    const soundPlan = planSound(clip, sound);
    const reasons: MergeReason[] = picture === 'copy' ? [] : whyNot(clip, reference);
    return { picture, sound: soundPlan, reasons: soundPlan === 'encode' ? [...reasons, 'sound_config'] : reasons };
  });
  const kind = plans.some((plan) => plan.picture === 'encode')
    ? 'encode'
    : plans.some((plan) => plan.sound === 'encode')
      ? 'copy_with_sound'
      : 'copy';
  return { kind, clips: plans, sound };
}

/** The plan with the pictures of some clips, by place, encoded too, because what stands between the clips does not fit beside them. */
export function encodeToo(plan: MergePlan, places: readonly number[]): MergePlan {
  const clips = plan.clips.map((clip, index): ClipPlan => {
    const isKept = clip.picture === 'encode' || !places.includes(index);
    return isKept ? clip : { ...clip, picture: 'encode', reasons: ['parameter_sets', ...clip.reasons] };
  });
  return { ...plan, kind: 'encode', clips };
}

/** The one `avcC` for clips that all fit; null where they do not. */
export function commonAvcConfig(clips: readonly MergeClip[]): Buffer | null {
  const [first] = clips;
  if (first === undefined || clips.some((clip) => clip.codec !== 'avc1' || clip.avcc === null || !isSameShape(clip, first))) {
    return null;
  }
  return joinAvcConfigs(clips.map((clip) => clip.avcc ?? new Uint8Array()));
}

/** Tries every part of the three and keeps the longest that fits. */
function keptPictures(clips: readonly MergeClip[]): boolean[] {
  let best = clips.map(() => false);
  let bestSeconds = 0;
  // the first clip is the highest bit, so that counting down meets the parts with early clips first
  for (let part = 2 ** clips.length - 1; part > 0; part -= 1) {
    const chosen = clips.map((_, index) => (part & (1 << (clips.length - 1 - index))) !== 0);
    const seconds = clips.reduce((sum, clip, index) => sum + (chosen[index] ? clip.duration_seconds : 0), 0);
    if (seconds > bestSeconds && canStay(clips, chosen)) {
      best = chosen;
      bestSeconds = seconds;
    }
  }
  return best;
}

/** True where the chosen clips fit each other and, if any other is to be encoded, our own encodes too. */
function canStay(clips: readonly MergeClip[], chosen: readonly boolean[]): boolean {
  const kept = clips.filter((_, index) => chosen[index]);
  if (commonAvcConfig(kept) === null) {
    return false;
  }
  return kept.length === clips.length || kept.every(fitsOurs);
}

/** Ours is upright, as large as the canvas, and its parameter sets have an id of their own. */
function fitsOurs(clip: MergeClip): boolean {
  const config = clip.avcc === null ? null : readAvcConfig(clip.avcc);
  if (config === null || config.length_size !== 4 || clip.width !== CANVAS_WIDTH || clip.height !== CANVAS_HEIGHT) {
    return false;
  }
  const ids = parameterSetIds(config);
  const isOurs = ids.length === 2 && ids.every((id) => id === OWN_PARAMETER_SET_ID);
  return isSameMatrix(clip.matrix, UPRIGHT) && (isOurs || !ids.includes(OWN_PARAMETER_SET_ID));
}

function whyNot(clip: MergeClip, reference: MergeClip | undefined): MergeReason[] {
  const target = reference ?? { width: CANVAS_WIDTH, height: CANVAS_HEIGHT, matrix: UPRIGHT };
  const reasons: [MergeReason, boolean][] = [
    ['codec', clip.codec !== 'avc1' || clip.avcc === null],
    ['size', clip.width !== target.width || clip.height !== target.height],
    ['matrix', !isSameMatrix(clip.matrix, target.matrix)],
  ];
  const found = reasons.filter(([, applies]) => applies).map(([reason]) => reason);
  return found.length > 0 ? found : ['parameter_sets'];
}

/** The sound that most seconds have; ours where no clip has any that can be copied. */
function commonSound(clips: readonly MergeClip[]): AacConfig {
  const seconds = new Map<string, { config: AacConfig; seconds: number }>();
  for (const clip of clips) {
    const config = clip.asc === null ? null : readAacConfig(clip.asc);
    if (config !== null) {
      const key = `${config.rate}/${config.channels}`;
      const known = seconds.get(key) ?? { config, seconds: 0 };
      known.seconds += clip.duration_seconds;
      seconds.set(key, known);
    }
  }
  let best: { config: AacConfig; seconds: number } | undefined;
  for (const candidate of seconds.values()) {
    if (best === undefined || candidate.seconds > best.seconds) {
      best = candidate;
    }
  }
  return best?.config ?? OWN_SOUND;
}

function planSound(clip: MergeClip, target: AacConfig): ClipPlan['sound'] {
  if (clip.asc === null) {
    return 'silence';
  }
  const config = readAacConfig(clip.asc);
  return config?.rate === target.rate && config.channels === target.channels ? 'copy' : 'encode';
}

function isSameShape(a: MergeClip, b: MergeClip): boolean {
  return a.width === b.width && a.height === b.height && isSameMatrix(a.matrix, b.matrix);
}

/** The last column only shifts and scales the whole and is written anew. */
function isSameMatrix(a: readonly number[], b: readonly number[]): boolean {
  return [0, 1, 3, 4].every((index) => a[index] === b[index]);
}
