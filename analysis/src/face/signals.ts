import { EMOTIONS, type Emotion, type EmotionFrame, type FaceFrame, type FaceSignals, SURE_CONFIDENCE } from './types.ts';

type Read = Extract<FaceFrame, { status: 'face' }>;

/** Frames further apart than this (seconds) say nothing of the movement between them. */
const LONGEST_STEP = 1;
/** Blinks last 0.1 to 0.4 s: slower sampling than this many frames a second misses them. */
const BLINK_RATE_NEEDS = 10;
const LONGEST_BLINK = 0.5;
/** A blink: the lids close below this share of the clip's usual opening, and open again. */
const BLINK_SHARE = 0.6;
/** Degrees off the clip's own median direction from which on a look counts as away. */
const OFF_CAMERA = 15;
/** Radius of the eyeball (12 mm) against half the width of the eye (15 mm): turns the place of the iris into an angle. */
const EYE_RADIUS = 12 / 15;
/** The smile of a frame is read when its happiness is at least this, and that of a clip in as many frames. */
const SMILING = 0.5;
const SMILES_MIN = 4;
/** A signal that only some of the frames with a face carry needs this share of them. */
const ENOUGH = 0.5;
const MINUTE = 60;
const DEGREES = 180 / Math.PI;

/** Measures over the frames of one clip, in their order. `FaceSignals` says what each means. `sure` is the confidence from which on a frame is sure. */
export function faceSignals(frames: FaceFrame[], sure: number = SURE_CONFIDENCE): FaceSignals {
  const read = frames.filter((frame) => frame.status === 'face');
  const emotions = read.map(({ emotion }) => emotion);
  const n = frames.length || 1;
  return {
    head_motion: headMotion(read),
    smile_asymmetry: smileAsymmetry(read),
    blink_rate: blinkRate(read),
    gaze_off_share: gazeOffShare(read),
    expression_change_rate: changeRate(read, sure),
    expression_entropy: read.length === 0 ? null : mean(emotions.map(entropy)),
    unsure_share: read.length === 0 ? null : mean(emotions.map(({ confidence }) => (confidence < sure ? 1 : 0))),
    face_seconds: durationOf(steps(read)),
    face_share: read.length / n,
    several_faces_share: frames.filter(({ faces }) => faces > 1).length / n,
  };
}

/** Pairs of neighbours that are close enough in time, with the seconds between them. */
function steps(read: Read[]): { from: Read; to: Read; seconds: number }[] {
  return read.slice(1).flatMap((to, i) => {
    const from = read[i] as Read;
    const seconds = to.timestamp_seconds - from.timestamp_seconds;
    return seconds > 0 && seconds <= LONGEST_STEP ? [{ from, to, seconds }] : [];
  });
}

function durationOf(some: { seconds: number }[]): number {
  return some.reduce((sum, { seconds }) => sum + seconds, 0);
}

function headMotion(read: Read[]): number | null {
  const speeds = steps(read).map(({ from, to, seconds }) => {
    const [a, b] = [from.geometry.pose, to.geometry.pose];
    return ((a.yaw - b.yaw) ** 2 + (a.pitch - b.pitch) ** 2 + (a.roll - b.roll) ** 2) / seconds ** 2;
  });
  return speeds.length === 0 ? null : Math.sqrt(mean(speeds));
}

function smileAsymmetry(read: Read[]): number | null {
  const usual = median(read.map(({ geometry }) => geometry.mouth_slant));
  const smiles = read.filter(({ emotion }) => emotion.happiness >= SMILING);
  return smiles.length < SMILES_MIN ? null : mean(smiles.map(({ geometry }) => Math.abs(geometry.mouth_slant - usual)));
}

function blinkRate(read: Read[]): number | null {
  const counted = countBlinks(read);
  return counted && (counted.blinks / counted.watched_seconds) * MINUTE;
}

/** Blinks in frames with a face, in their order, and how long those watched it; null under 10 frames a second. */
export function countBlinks(read: Read[]): { blinks: number; watched_seconds: number } | null {
  const gaps = steps(read).map(({ seconds }) => seconds);
  if (gaps.length === 0 || median(gaps) > 1.05 / BLINK_RATE_NEEDS) {
    return null;
  }
  const limit = BLINK_SHARE * median(read.map(({ geometry }) => geometry.eye_openness));
  let [blinks, shutSince] = [0, null as number | null];
  for (const { timestamp_seconds, geometry } of read) {
    if (geometry.eye_openness < limit) {
      shutSince ??= timestamp_seconds;
      continue;
    }
    // Longer than a blink is a look down or closed eyes.
    if (shutSince !== null && timestamp_seconds - shutSince <= LONGEST_BLINK) {
      blinks++;
    }
    shutSince = null;
  }
  return { blinks, watched_seconds: gaps.reduce((a, b) => a + b, 0) };
}

/** Direction of the look: of the head, and of the irises in it. */
function gazeOffShare(read: Read[]): number | null {
  const looks = read.flatMap(({ geometry: { pose, iris } }) =>
    iris ? [{ x: pose.yaw + angleOf(iris.x), y: pose.pitch + angleOf(iris.y) }] : [],
  );
  if (looks.length === 0 || looks.length < read.length * ENOUGH) {
    return null;
  }
  const [x, y] = [median(looks.map((look) => look.x)), median(looks.map((look) => look.y))];
  return mean(looks.map((look) => (Math.hypot(look.x - x, look.y - y) > OFF_CAMERA ? 1 : 0)));
}

function angleOf(iris: number): number {
  return Math.asin(Math.max(-1, Math.min(1, iris / EYE_RADIUS))) * DEGREES;
}

/** Between sure frames, while they are close enough in time, which must be half of the time that there is a face. */
function changeRate(read: Read[], least: number): number | null {
  const sure = steps(read.filter(({ emotion }) => emotion.confidence >= least));
  const seconds = durationOf(sure);
  if (seconds === 0 || seconds < durationOf(steps(read)) * ENOUGH) {
    return null;
  }
  return (sure.filter(({ from, to }) => likeliest(from.emotion) !== likeliest(to.emotion)).length / seconds) * MINUTE;
}

function likeliest(frame: EmotionFrame): Emotion {
  return EMOTIONS.reduce((best, emotion) => (frame[emotion] > frame[best] ? emotion : best));
}

function entropy(frame: EmotionFrame): number {
  return EMOTIONS.reduce((sum, emotion) => sum - (frame[emotion] > 0 ? frame[emotion] * Math.log2(frame[emotion]) : 0), 0);
}

function mean(values: number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? (sorted[half] as number) : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
}
