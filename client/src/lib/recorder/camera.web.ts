/** Opens a browser's camera and microphone, upright, and says in one word what is wrong when it cannot. */
import { CANVAS_HEIGHT, CANVAS_MAX_FPS, CANVAS_WIDTH } from '@2t1l/game/limits';
import type { CameraFacts, CameraProblem, Facing, OpenOptions } from './recorder.types.ts';
import { sizeOf } from './video-size.web.ts';

export interface OpenCamera {
  stream: MediaStream;
  facts: CameraFacts;
  device_id: string | null;
}

/** Where to look: a side of the phone, or one camera by its id. */
export type CameraChoice = { facing: Facing } | { device_id: string; facing: Facing };

/** The open camera, or why not. */
export async function openCamera(choice: CameraChoice, options: Pick<OpenOptions, 'sound'>): Promise<OpenCamera | CameraProblem> {
  if (!window.isSecureContext) {
    return 'insecure';
  }
  if (navigator.mediaDevices?.getUserMedia === undefined || typeof MediaRecorder === 'undefined') {
    return 'unsupported';
  }
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: pictureOf(choice), audio: options.sound && SOUND });
    await turnUpright(stream);
    return { stream, ...(await factsOf(stream, choice.facing)) };
  } catch (error) {
    return await problemOf(error);
  }
}

/** Ids of all cameras. Labels and ids are empty before the first permission. */
export async function cameraIds(): Promise<string[]> {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter((device) => device.kind === 'videoinput').map((device) => device.deviceId);
}

const SOUND: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: { ideal: 1 } };

function pictureOf(choice: CameraChoice): MediaTrackConstraints {
  return {
    ...('device_id' in choice
      ? { deviceId: { exact: choice.device_id } }
      : { facingMode: { ideal: choice.facing === 'front' ? 'user' : 'environment' } }),
    frameRate: { ideal: CANVAS_MAX_FPS, max: CANVAS_MAX_FPS },
    ...(isHeldUpright() ? SENSOR : CUT_UPRIGHT),
  };
}

/** A phone's sensor lies on its side: asked for as it lies, its picture is turned upright without being cut or scaled. */
const SENSOR: MediaTrackConstraints = { width: { ideal: CANVAS_HEIGHT }, height: { ideal: CANVAS_WIDTH } };

/** A phone that took the above as it is held. */
const UPRIGHT: MediaTrackConstraints = { width: { ideal: CANVAS_WIDTH }, height: { ideal: CANVAS_HEIGHT } };

/**
 * A webcam is wide: its middle is cut out, so that the author records what the preview shows. Not the full canvas height:
 * Chromium would take a 4K mode for it, and its MediaRecorder (147) writes what was cut before it is scaled down.
 */
const CUT_UPRIGHT: MediaTrackConstraints = { height: { ideal: 1080 }, aspectRatio: { ideal: CANVAS_WIDTH / CANVAS_HEIGHT } };

function isHeldUpright(): boolean {
  return window.matchMedia('(orientation: portrait) and (pointer: coarse)').matches;
}

async function turnUpright(stream: MediaStream): Promise<void> {
  const track = stream.getVideoTracks()[0];
  if (track === undefined || !isHeldUpright()) {
    return;
  }
  // The track's settings do not say on every phone how the picture is turned; a frame does.
  const { width, height } = await sizeOf((video) => {
    video.srcObject = stream;
  });
  if (width > height) {
    await track.applyConstraints({ ...UPRIGHT, frameRate: { ideal: CANVAS_MAX_FPS, max: CANVAS_MAX_FPS } }).catch(() => undefined);
  }
}

async function factsOf(stream: MediaStream, asked: Facing): Promise<Omit<OpenCamera, 'stream'>> {
  const track = stream.getVideoTracks()[0];
  const settings = track?.getSettings() ?? {};
  const facing = settings.facingMode === 'environment' ? 'back' : settings.facingMode === 'user' ? 'front' : asked;
  const cameras = await cameraIds().catch(() => []);
  return {
    device_id: settings.deviceId ?? null,
    facts: {
      facing,
      can_switch: cameras.length > 1,
      can_pause: true,
      has_torch: hasTorch(track),
      has_sound: stream.getAudioTracks().length > 0,
    },
  };
}

/** `torch` is in no DOM type yet (W3C Image Capture, 4.1). */
function hasTorch(track: MediaStreamTrack | undefined): boolean {
  const capabilities: object = track?.getCapabilities?.() ?? {};
  return 'torch' in capabilities && capabilities.torch === true;
}

/** Media Capture and Streams, 10.2: the names of what getUserMedia refuses with. */
async function problemOf(error: unknown): Promise<CameraProblem> {
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return (await cameraIds().catch(() => [])).length === 0 ? 'no_camera' : 'no_microphone';
    case 'NotReadableError':
    case 'AbortError':
      return 'in_use';
    default:
      return 'camera_failed';
  }
}
