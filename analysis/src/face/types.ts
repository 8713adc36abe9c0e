import type { Square } from './picture.ts';

/** The seven classes of the expression net, in the order of its outputs. */
export const EMOTIONS = ['happiness', 'sadness', 'anger', 'fear', 'surprise', 'disgust', 'neutral'] as const;

/** One of the seven classes. It names how a face looks to human taggers, not what the person feels. */
export type Emotion = (typeof EMOTIONS)[number];

/** A probability for each class; they sum to 1. */
export type EmotionScores = Record<Emotion, number>;

/** Below this a frame counts as unsure, unless told otherwise: the most likely class has less than this probability. */
export const SURE_CONFIDENCE = 0.6;

/** One picture of a clip: `width * height * 3` bytes of RGB, rows from the top. */
export type Frame = { data: Uint8Array; width: number; height: number; timestamp_seconds: number };

/** What `emotion_analysis.segments[i].frames` holds: the scores of one frame and the probability of the most likely class. */
export type EmotionFrame = { timestamp_seconds: number; confidence: number } & EmotionScores;

/** Degrees. Positive yaw: the nose points to the right of the picture; positive pitch: up; positive roll: clockwise. All 0 in a straight look at the camera. */
export type HeadPose = { yaw: number; pitch: number; roll: number };

/** Geometry of one face from its mesh. Lengths are divided by the distance of the outer eye corners, so the size of the face drops out. */
export type FaceGeometry = {
  pose: HeadPose;
  /** Centre of the face as a share of the picture's width and height. */
  centre: { x: number; y: number };
  /** Distance of the outer eye corners as a share of the picture's width. */
  size: number;
  /** Opening of the lids divided by the width of the eye, mean of both eyes; about 0.3 open, under 0.15 shut. */
  eye_openness: number;
  /** Height difference of the mouth corners along the face's own vertical; 0 is even, positive: the corner at the right of the picture is higher. */
  mouth_slant: number;
  /** Where the irises stand in the eyes, in halves of the eye's width: x, positive to the right of the picture, and y, positive up. `null`: eyes shut or too small. */
  iris: { x: number; y: number } | null;
};

/** Why no face was read. `too_dark`: the picture has too little light; `at_edge`: part of the face is outside; `too_small`: under 20 pixels between the outer eye corners; `several_faces`: two are equally prominent over the clip, so that nobody can say which is the author's. */
export type NoFaceReason = 'none_found' | 'too_dark' | 'at_edge' | 'too_small' | 'several_faces';

/** What `analyse` says of one frame. `faces` counts the faces seen; with more than one the tracked one, at first the largest and most central, is read. */
export type FaceFrame =
  | { status: 'face'; timestamp_seconds: number; faces: number; emotion: EmotionFrame; geometry: FaceGeometry }
  | { status: 'no_face'; timestamp_seconds: number; faces: number; reason: NoFaceReason };

/** One face of a frame: where it is, how large and central (pixels), and what was read. */
export type Sighting = { square: Square; prominence: number; reading: FaceFrame };

/** Every face of a frame that may be the author's, most prominent first; `faces` counts all. `none` is why none was found, where none was. */
export type FrameFaces = { timestamp_seconds: number; faces: number; sightings: Sighting[]; none: NoFaceReason };

/**
 * Measures over one clip. They describe; to mean anything they are held against the same player's other clips.
 * `null` where the frames cannot carry the measure.
 */
export type FaceSignals = {
  /** Root mean square of the head's turning, degrees per second, between frames at most one second apart. */
  head_motion: number | null;
  /** Mean of |mouth_slant - its median over the clip| in frames whose happiness is at least 0.5, per distance of the eye corners. */
  smile_asymmetry: number | null;
  /** Blinks per minute; `null` under 10 frames per second. */
  blink_rate: number | null;
  /** Share of frames whose gaze is more than 15 degrees off the clip's own median direction, 0..1; `null` where the eyes are to be seen in less than half. */
  gaze_off_share: number | null;
  /** Changes of the most likely class per minute, counted between sure frames at most one second apart; `null` where those are less than half of the time. */
  expression_change_rate: number | null;
  /** Mean over frames of the entropy of the seven scores, bits, 0..log2(7). */
  expression_entropy: number | null;
  /** Share of the frames with a face whose confidence is below `SURE_CONFIDENCE` (or what was told), 0..1. */
  unsure_share: number | null;
  /** How long a face was followed: the time between frames at most one second apart, summed. */
  face_seconds: number;
  /** Share of all frames in which a face was read, 0..1. */
  face_share: number;
  /** Share of all frames that showed more than one face, 0..1. */
  several_faces_share: number;
};

/**
 * One clip's half of `emotion_analysis.segments[i]`. `variability`: mean distance of a frame's scores from their mean
 * (half the sum of absolute differences), 0..1. `model`: name of the committed weights.
 */
export type FaceSegment =
  | {
      status: 'completed';
      frames: EmotionFrame[];
      mean: EmotionScores;
      variability: number;
      dominant: Emotion;
      model: string;
      signals: FaceSignals;
    }
  | { status: 'no_face'; reason: NoFaceReason; model: string; signals: FaceSignals }
  | { status: 'failed'; model: string };
