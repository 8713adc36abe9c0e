/** The phones' recorder on a camera and a disk of the test: everything that VisionCamera may say, in whatever order. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { AppStateStatus } from 'react-native';
import { AppState, Platform } from 'react-native';
import type { EndedBy, FinishedClip, RecorderState } from './recorder.types.ts';

type Status = 'not-determined' | 'authorized' | 'denied' | 'restricted';
type Callbacks = [(path: string, reason: string) => void, (error: Error) => void, () => void, () => void];

const mockSettings: { vision: unknown; files: unknown } = { vision: null, files: null };
jest.mock('react-native-vision-camera', () => ({
  CommonResolutions: { HD_16_9: { width: 720, height: 1280 } },
  getDefaultCameraDevice: async (side: string) => mockCamera.devices[side],
  get VisionCamera() {
    return mockSettings.vision;
  },
}));
jest.mock('./recording-file.native.ts', () => ({
  keepRecording: (path: string) => mockDisk.keep(path),
  newRecordingPath: (name: string) => `/documents/${name}.mp4`,
  freeBytes: () => mockDisk.free,
}));

const mockCamera: { devices: Record<string, object | undefined> } = { devices: {} };
const mockDisk: { free: number | null; keep: (path: string) => FinishedClip | null } = { free: null, keep: () => null };

const CLIP: FinishedClip = {
  source: { kind: 'file', uri: 'file:///documents/a.mp4' },
  media_type: 'video/mp4',
  duration_seconds: 8,
  width: 720,
  height: 1280,
  size_bytes: 1_200_000,
};

/** A recorder with its camera open, and what the test may do to it. */
async function openRecorder({ permission = 'authorized' as Status, answer = true, microphone = 'authorized' as Status } = {}) {
  const { createRecorder } = require('./recorder.native.ts') as typeof import('./recorder.native.ts');
  const callbacks: Callbacks[] = [];
  const calls: string[] = [];
  const permissions = { camera: permission, microphone };
  const ask = (what: string, reply: boolean) => {
    calls.push(`ask ${what}`);
    return reply;
  };
  const native = {
    filePath: '',
    recordedDuration: 0,
    startRecording: async (...given: Callbacks) => void callbacks.push(given),
    stopRecording: async () => void calls.push('stop'),
    pauseRecording: async () => callbacks.at(-1)?.[2](),
    resumeRecording: async () => callbacks.at(-1)?.[3](),
  };
  const output = {
    options: {} as object,
    setOutputSettings: async (settings: object) => void calls.push(JSON.stringify(settings)),
    createRecorder: async ({ filePath }: { filePath: string }) => Object.assign(native, { filePath }),
  };
  mockSettings.vision = {
    get cameraPermissionStatus() {
      return permissions.camera;
    },
    get microphonePermissionStatus() {
      return permissions.microphone;
    },
    requestCameraPermission: async () => ask('camera', answer),
    requestMicrophonePermission: async () => ask('microphone', false),
    createVideoOutput: (options: object) => Object.assign(output, { options }),
  };
  const appStates: ((next: AppStateStatus) => void)[] = [];
  jest.spyOn(AppState, 'addEventListener').mockImplementation((_type, listener) => {
    appStates.push(listener as (next: AppStateStatus) => void);
    return { remove: () => undefined } as ReturnType<typeof AppState.addEventListener>;
  });
  const clips: [FinishedClip, EndedBy][] = [];
  const recorder = createRecorder({ takeName: () => 'draft.1', onClip: (clip, endedBy) => clips.push([clip, endedBy]) });
  await recorder.open({ facing: 'front', sound: true });
  await recorder.onSessionStarted();
  const status = () => recorder.getState().status;
  return {
    recorder,
    native,
    output,
    calls,
    clips,
    permissions,
    callbacks,
    status,
    goTo: (next: AppStateStatus) => appStates.at(-1)?.(next),
  };
}

async function record(at: Awaited<ReturnType<typeof openRecorder>>): Promise<Callbacks> {
  await at.recorder.start();
  await settled();
  expect(at.status()).toBe('recording');
  const given = at.callbacks.at(-1);
  if (given === undefined) {
    throw new Error('nothing was started');
  }
  return given;
}

const settled = () => jest.advanceTimersByTimeAsync(0);

beforeEach(() => {
  jest.useFakeTimers();
  mockCamera.devices = { front: { hasTorch: false }, back: { hasTorch: true } };
  mockDisk.free = 5e9;
  mockDisk.keep = () => CLIP;
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

test('it asks for 720 × 1280 in H.264 at 1.2 Mbit/s, in mp4, before anybody can record', async () => {
  const at = await openRecorder();
  expect(at.output.options).toEqual({
    targetResolution: { width: 720, height: 1280 },
    targetBitRate: 1_200_000,
    enableAudio: true,
    fileType: 'mp4',
  });
  expect(at.calls).toContain('{"codec":"h264"}');
  expect(at.recorder.getState()).toMatchObject({ status: 'live', camera: { facing: 'front', can_switch: true, has_sound: true } });
});

describe('permission', () => {
  test.each<[Status, boolean, string]>([
    ['not-determined', false, 'refused'],
    ['denied', false, 'denied'],
    ['restricted', false, 'restricted'],
  ])('%s, answered %s: %s', async (permission, answer, problem) => {
    const at = await openRecorder({ permission, answer });
    expect(at.recorder.getState()).toEqual({ status: 'blocked', problem });
  });

  test('a microphone alone has a screen of its own, and can be done without', async () => {
    const at = await openRecorder({ microphone: 'denied' });
    expect(at.recorder.getState()).toEqual({ status: 'blocked', problem: 'microphone_denied' });
    await at.recorder.open({ facing: 'front', sound: false });
    await at.recorder.onSessionStarted();
    expect(at.recorder.getState()).toMatchObject({ status: 'live', camera: { has_sound: false } });
  });

  test('back from the settings: allowed opens the camera, not allowed asks nothing', async () => {
    const at = await openRecorder({ permission: 'denied', answer: false });
    const asked = at.calls.filter((call) => call.startsWith('ask')).length;
    at.goTo('active');
    await settled();
    expect([at.status(), at.calls.filter((call) => call.startsWith('ask')).length]).toEqual(['blocked', asked]);
    at.permissions.camera = 'authorized';
    at.goTo('active');
    await settled();
    await at.recorder.onSessionStarted();
    expect(at.status()).toBe('live');
  });

  test('no camera at all', async () => {
    mockCamera.devices = {};
    expect((await openRecorder()).recorder.getState()).toEqual({ status: 'blocked', problem: 'no_camera' });
  });
});

/** What ends a take, how the platform then answers, and who is said to have ended it. */
const ENDS: [string, (at: Awaited<ReturnType<typeof openRecorder>>, given: Callbacks) => void, EndedBy][] = [
  ['the author', (at) => void at.recorder.stop(), 'author'],
  ['a minute', (_at, [finished]) => finished('/cache/a.mp4', 'max-duration-reached'), 'limit'],
  ['the app in the background', (at) => at.goTo('background'), 'interrupted'],
  ['a phone call', (at) => at.recorder.onInterrupted('audio-device-in-use-by-another-client'), 'interrupted'],
  ['a broken session', (at) => at.recorder.onSessionLost(), 'interrupted'],
  ['leaving the studio', (at) => void at.recorder.close(), 'author'],
  ['an encoder that gave up', (_at, [, failed]) => failed(new Error('ERROR_ENCODING_FAILED')), 'interrupted'],
];

test.each(ENDS)('%s: the take is kept', async (_name, end, endedBy) => {
  const at = await openRecorder();
  const given = await record(at);
  await jest.advanceTimersByTimeAsync(3000);
  end(at, given);
  await settled();
  expect(at.native.filePath).toBe('/documents/draft.1.mp4');
  given[0]('/cache/a.mp4', 'stopped');
  await settled();
  expect(at.clips).toEqual([[CLIP, endedBy]]);
  expect(at.recorder.getState()).toEqual({ status: 'finished', clip: CLIP, ended_by: endedBy });
});

test('room that runs out ends the take while its file can still be finished', async () => {
  const at = await openRecorder();
  const given = await record(at);
  await jest.advanceTimersByTimeAsync(2500);
  expect(at.calls).not.toContain('stop');
  mockDisk.free = 15_000_000;
  await jest.advanceTimersByTimeAsync(1500);
  expect(at.calls).toContain('stop');
  given[0]('/cache/a.mp4', 'stopped');
  expect(at.clips).toEqual([[CLIP, 'no_space']]);
});

test('without room nothing is begun, and the author is told why', async () => {
  const at = await openRecorder();
  mockDisk.free = 30_000_000;
  await at.recorder.start();
  expect(at.recorder.getState()).toMatchObject({ status: 'live', refused: 'no_space' });
  expect(at.callbacks).toEqual([]);
});

test.each<[string, () => FinishedClip | null, (given: Callbacks) => void, Partial<RecorderState>]>([
  [
    'a file without its moov',
    () => null,
    ([finished]) => finished('/cache/a.mp4', 'stopped'),
    { status: 'live', refused: 'unfinished' } as never,
  ],
  [
    'an error that left nothing',
    () => null,
    ([, failed]) => failed(new Error('ERROR_NO_VALID_DATA')),
    { status: 'live', refused: 'recording_failed' } as never,
  ],
  [
    'half a second',
    () => ({ ...CLIP, duration_seconds: 0.5 }),
    ([finished]) => finished('/cache/a.mp4', 'stopped'),
    { status: 'live', refused: 'too_short' } as never,
  ],
  [
    'a file that cannot be moved',
    () => {
      throw new Error('ENOSPC');
    },
    ([finished]) => finished('/cache/a.mp4', 'stopped'),
    { status: 'live', refused: 'unfinished' } as never,
  ],
])('%s is said, and the camera stays open', async (_name, keep, end, state) => {
  const at = await openRecorder();
  mockDisk.keep = keep;
  end(await record(at));
  await settled();
  expect(at.recorder.getState()).toMatchObject(state);
  expect(at.clips).toEqual([]);
});

test('a recorder that does not start leaves no recording that never ends', async () => {
  const at = await openRecorder();
  at.native.startRecording = async () => {
    throw new Error('VideoOutput is not yet connected to the CameraSession!');
  };
  await at.recorder.start();
  await settled();
  expect(at.recorder.getState()).toMatchObject({ status: 'live', refused: 'recording_failed' });
  await at.recorder.close();
  expect(at.status()).toBe('closed');
});

test('stopped before the platform has begun: it is stopped as soon as it can be', async () => {
  const at = await openRecorder();
  void at.recorder.start();
  void at.recorder.stop();
  await settled();
  expect(at.calls.filter((call) => call === 'stop')).toHaveLength(1);
  at.callbacks.at(-1)?.[0]('/cache/a.mp4', 'stopped');
  expect(at.clips).toEqual([[CLIP, 'author']]);
});

test.each([
  ['18.1', true],
  ['17.5', false],
])('iOS %s can pause: %s; a pause is not recorded time', async (version, canPause) => {
  Object.defineProperty(Platform, 'Version', { configurable: true, get: () => version });
  const at = await openRecorder();
  await record(at);
  expect(at.recorder.getState()).toMatchObject({ camera: { can_pause: canPause } });
  await jest.advanceTimersByTimeAsync(2000);
  await at.recorder.pause();
  await jest.advanceTimersByTimeAsync(30_000);
  expect(at.status()).toBe(canPause ? 'paused' : 'recording');
  await at.recorder.resume();
  await jest.advanceTimersByTimeAsync(1000);
  const state = at.recorder.getState();
  expect(state.status === 'recording' && Math.round(state.elapsed_seconds)).toBe(canPause ? 3 : 33);
});

test('taken away while nothing is recorded: the screen says by whom, and coming back opens it again', async () => {
  const at = await openRecorder();
  at.recorder.onInterrupted('video-device-not-available-in-background');
  await settled();
  expect(at.status()).toBe('live');
  at.recorder.onInterrupted('video-device-not-available-due-to-system-pressure');
  await settled();
  expect(at.recorder.getState()).toEqual({ status: 'blocked', problem: 'overheated' });
  at.goTo('active');
  await settled();
  await at.recorder.onSessionStarted();
  expect(at.status()).toBe('live');
});
