/** Opens a browser's camera and microphone, upright, and says in one word what is wrong when it cannot. */
import { CANVAS_HEIGHT, CANVAS_MAX_FPS, CANVAS_WIDTH } from '@2t1l/game/limits';
import type { CameraFacts, CameraProblem, Facing, OpenOptions } from './recorder.types.ts';

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
    width: { ideal: CANVAS_WIDTH },
    height: { ideal: CANVAS_HEIGHT },
    aspectRatio: { ideal: CANVAS_WIDTH / CANVAS_HEIGHT },
    frameRate: { ideal: CANVAS_MAX_FPS, max: CANVAS_MAX_FPS },
  };
}

/**
 * Some phones take width and height as the sensor lies, not as the phone is held, and then give a wide strip of an upright scene.
 * Asking again the other way round mends it; a browser that refuses keeps its first answer.
 */
async function turnUpright(stream: MediaStream): Promise<void> {
  const track = stream.getVideoTracks()[0];
  const { width = 0, height = 0 } = track?.getSettings() ?? {};
  const isHeldUpright = window.matchMedia('(orientation: portrait) and (pointer: coarse)').matches;
  if (track === undefined || !isHeldUpright || width <= height) {
    return;
  }
  const swapped = {
    width: { ideal: CANVAS_HEIGHT },
    height: { ideal: CANVAS_WIDTH },
    aspectRatio: { ideal: CANVAS_HEIGHT / CANVAS_WIDTH },
  };
  await track.applyConstraints({ ...swapped, frameRate: { ideal: CANVAS_MAX_FPS, max: CANVAS_MAX_FPS } }).catch(() => undefined);
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
