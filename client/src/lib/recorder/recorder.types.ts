/** What both recorders promise: `recorder.web.ts` by MediaRecorder, `recorder.native.ts` by VisionCamera. */
import type { Readings } from './watch-take.ts';

export type Facing = 'front' | 'back';

/** Where the bytes of a finished clip lie: in memory on web, in a file below the app's document folder elsewhere. */
export type ClipSource = { kind: 'blob'; blob: Blob } | { kind: 'file'; uri: string };

export interface FinishedClip {
  source: ClipSource;
  /** Container only, without codecs: `video/mp4` or `video/webm`. */
  media_type: string;
  duration_seconds: number;
  width: number;
  height: number;
  size_bytes: number;
}

/** Why there is no picture. Each has its own screen with what to do. */
export const CAMERA_PROBLEMS = [
  'refused',
  'denied',
  'restricted',
  'microphone_denied',
  'no_camera',
  'no_microphone',
  'in_use',
  'overheated',
  'unplugged',
  'insecure',
  'unsupported',
  'camera_failed',
] as const;
export type CameraProblem = (typeof CAMERA_PROBLEMS)[number];

/** Why a recording was not kept. */
export const TAKE_PROBLEMS = ['empty', 'too_short', 'unfinished', 'recording_failed', 'no_space'] as const;
export type TakeProblem = (typeof TAKE_PROBLEMS)[number];

/**
 * Who ended a recording: the author, the clock at 60 s, a camera or microphone that went away, the system (a call, another app, the app in
 * the background), or a device without room for more.
 */
export type EndedBy = 'author' | 'limit' | 'lost_device' | 'interrupted' | 'no_space';

/** What the open camera can do. */
export interface CameraFacts {
  facing: Facing;
  can_switch: boolean;
  can_pause: boolean;
  has_torch: boolean;
  has_sound: boolean;
}

export type RecorderState =
  | { status: 'closed' }
  | { status: 'opening' }
  | { status: 'blocked'; problem: CameraProblem }
  | { status: 'live'; camera: CameraFacts; refused: TakeProblem | null }
  | { status: 'recording'; camera: CameraFacts; elapsed_seconds: number }
  | { status: 'paused'; camera: CameraFacts; elapsed_seconds: number }
  | { status: 'finishing'; camera: CameraFacts; elapsed_seconds: number }
  | { status: 'finished'; clip: FinishedClip; ended_by: EndedBy };

export interface OpenOptions {
  facing: Facing;
  /** False records a silent clip, for somebody without a microphone. */
  sound: boolean;
}

/** What was recorded since the piece before; all pieces in their order are a file that plays as far as it goes. */
export interface RecordedPiece {
  blob: Blob;
  media_type: string;
  /** Length of the recording up to the end of this piece. */
  elapsed_seconds: number;
}

export interface RecorderOptions {
  /** Where the recording that begins belongs, in letters that a file's name can have: found again where the app is killed before it ends. */
  takeName(): string;
  /** Gets a piece about once a second while a recording runs, where the platform gives any out: keep it, and a crash loses a second. */
  onPiece?(piece: RecordedPiece): void;
  /**
   * Gets every finished clip, also one that ends because the screen was left or a device was pulled out. It is the place to
   * make the clip durable: the recorder forgets it on `release`.
   */
  onClip(clip: FinishedClip, endedBy: EndedBy): void;
}

/** One camera, one recording at a time. State is read with `getState` and `subscribe`, as `useSyncExternalStore` wants it. */
export interface Recorder {
  getState(): RecorderState;
  subscribe(listener: () => void): () => void;
  /** Asks for camera and microphone and shows the preview. Never throws: what goes wrong is the state `blocked`. */
  open(options: OpenOptions): Promise<void>;
  start(): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Ends the recording; the clip is in the state `finished`. */
  stop(): Promise<void>;
  /** Lets go of the finished clip: back to the live preview, or to `closed` where the camera is gone. */
  release(): void;
  /** Between recordings only: no platform can change the picture's source inside one file. */
  switchCamera(): Promise<void>;
  setTorch(on: boolean): Promise<void>;
  /** Loudness now, 0 to 1, or null where the platform does not tell. Cheap; read it once a frame. */
  level(): number | null;
  /** What the device tells about the picture, the sound and its room now. Cheap enough for twice a second. */
  readings(): Readings;
  /** Lets go of camera and microphone. A running recording is finished first, so nothing is lost. */
  close(): Promise<void>;
}

/** What every recorder asks its encoder for. */
export const VIDEO_BITS_PER_SECOND = 1_200_000;
export const AUDIO_BITS_PER_SECOND = 96_000;
