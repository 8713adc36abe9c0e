/** The recorder of iOS and Android, by VisionCamera. The session belongs to `RecorderPreview`, which renders it. */
import { CLIP_MAX_BYTES, CLIP_MAX_SECONDS } from '@2t1l/game/limits';
import { AppState, type AppStateStatus } from 'react-native';
import {
  type CameraVideoOutput,
  CommonResolutions,
  getDefaultCameraDevice,
  VisionCamera,
  type Recorder as VisionRecorder,
} from 'react-native-vision-camera';
import {
  type CameraFacts,
  type CameraProblem,
  type EndedBy,
  type Facing,
  type OpenOptions,
  type Recorder,
  type RecorderOptions,
  VIDEO_BITS_PER_SECOND,
} from './recorder.types.ts';
import { createRecorderCore, createTakeClock } from './recorder-core.ts';
import { isTaking, takeProblem } from './recorder-state.ts';
import { keepRecording } from './recording-file.native.ts';

/** What the preview renders; a new object for every change. */
export interface NativeView {
  facing: Facing;
  output: CameraVideoOutput;
  torch: boolean;
}

export interface NativeRecorder extends Recorder {
  view(): NativeView | null;
  subscribeView(listener: () => void): () => void;
  /** Told by the preview: the session runs with this output. */
  onSessionStarted(): void;
  /** Told by the preview: the session broke, or another app took the camera. */
  onSessionLost(problem: CameraProblem): void;
}

/** A recorder without a camera yet; `open` asks for one. */
export function createRecorder(options: RecorderOptions): NativeRecorder {
  const core = createRecorderCore();
  const viewListeners = new Set<() => void>();
  let view: NativeView | null = null;
  let facts: CameraFacts | null = null;
  let asked: OpenOptions = { facing: 'front', sound: true };
  /** Counts openings: what was asked before the last one or before closing is dropped. */
  let opening = 0;
  let appState: { remove(): void } | null = null;
  let take: { recorder: VisionRecorder; endedBy: EndedBy; ended: Promise<void>; end: () => void } | null = null;

  const clock = createTakeClock(
    () => performance.now(),
    (elapsed_seconds) => core.send({ type: 'ticked', elapsed_seconds }),
    () => void end('limit'),
  );

  function show(next: NativeView | null): void {
    view = next;
    for (const listener of [...viewListeners]) {
      listener();
    }
  }

  async function openSide(facing: Facing): Promise<void> {
    opening += 1;
    const mine = opening;
    core.send({ type: 'opening' });
    const problem = await askPermission(asked.sound);
    if (mine !== opening) {
      return;
    }
    if (problem !== null) {
      core.send({ type: 'blocked', problem });
      return;
    }
    const [device, other] = await Promise.all([getDefaultCameraDevice(facing), getDefaultCameraDevice(otherSide(facing))]);
    if (mine !== opening) {
      return;
    }
    if (device === undefined && other === undefined) {
      core.send({ type: 'blocked', problem: 'no_camera' });
      return;
    }
    const side = device === undefined ? otherSide(facing) : facing;
    facts = {
      facing: side,
      can_switch: device !== undefined && other !== undefined,
      has_torch: (device ?? other)?.hasTorch === true,
      has_sound: asked.sound,
    };
    const output = VisionCamera.createVideoOutput({
      targetResolution: CommonResolutions.HD_16_9,
      targetBitRate: VIDEO_BITS_PER_SECOND,
      enableAudio: asked.sound,
      fileType: 'mp4',
    });
    show({ facing: side, output, torch: false });
  }

  async function end(endedBy: EndedBy): Promise<void> {
    clock.stop();
    if (take === null) {
      return;
    }
    const { recorder, ended } = take;
    if (core.getState().status !== 'finishing') {
      take.endedBy = endedBy;
      core.send({ type: 'stopping' });
      // Rejects when the platform has stopped by itself; its callback then has the file all the same.
      await recorder.stopRecording().catch(() => undefined);
    }
    await ended;
  }

  function finish(filePath: string): void {
    clock.stop();
    const ended = take;
    const kept = keepRecording(filePath);
    const clip = {
      ...kept,
      duration_seconds: clock.elapsedSeconds(),
      width: CommonResolutions.HD_16_9.width,
      height: CommonResolutions.HD_16_9.height,
    };
    const problem = kept.isWhole ? takeProblem(clip) : 'unfinished';
    take = null;
    if (problem !== null) {
      core.send({ type: 'take_failed', problem });
    } else {
      const endedBy = ended?.endedBy ?? 'lost_device';
      options.onClip(clip, endedBy);
      core.send({ type: 'finished', clip, ended_by: endedBy });
    }
    ended?.end();
  }

  async function start(): Promise<void> {
    if (view === null || core.getState().status !== 'live') {
      return;
    }
    const recorder = await view.output.createRecorder({ maxDuration: CLIP_MAX_SECONDS, maxFileSize: CLIP_MAX_BYTES });
    const { promise: ended, resolve } = withResolvers();
    take = { recorder, endedBy: 'lost_device', ended, end: resolve };
    core.send({ type: 'started' });
    await recorder.startRecording(
      (filePath, reason) => {
        if (take !== null && reason !== 'stopped') {
          take.endedBy = 'limit';
        }
        finish(filePath);
      },
      () => {
        clock.stop();
        take = null;
        core.send({ type: 'take_failed', problem: 'recording_failed' });
        resolve();
      },
      () => core.send({ type: 'paused' }),
      () => core.send({ type: 'resumed' }),
    );
    clock.start();
  }

  /** The system takes the camera from an app in the background: end the clip while its file can still be finished. */
  const onAppState = (next: AppStateStatus) => {
    if (next === 'background') {
      void end('lost_device');
    }
  };

  return {
    getState: core.getState,
    subscribe: core.subscribe,
    view: () => view,
    subscribeView(listener) {
      viewListeners.add(listener);
      return () => {
        viewListeners.delete(listener);
      };
    },
    onSessionStarted() {
      // iOS picks HEVC unless told otherwise, and can be told only once the output is attached.
      view?.output.setOutputSettings({ codec: 'h264' }).catch(() => undefined);
      if (facts !== null) {
        core.send({ type: 'opened', camera: facts });
      }
    },
    onSessionLost(problem) {
      void end('lost_device').then(() => core.send({ type: 'blocked', problem }));
    },
    // VisionCamera gives no sound level beside a recording.
    level: () => null,
    async open(next) {
      if (!isTaking(core.getState())) {
        asked = next;
        appState ??= AppState.addEventListener('change', onAppState);
        await openSide(next.facing).catch(() => core.send({ type: 'blocked', problem: 'camera_failed' }));
      }
    },
    start,
    async pause() {
      if (core.getState().status === 'recording') {
        clock.pause();
        await take?.recorder.pauseRecording();
      }
    },
    async resume() {
      if (core.getState().status === 'paused') {
        await take?.recorder.resumeRecording();
        clock.resume();
      }
    },
    stop: () => end('author'),
    release() {
      core.send({ type: 'released', camera: view === null ? null : facts });
    },
    async switchCamera() {
      if (core.getState().status === 'live' && facts !== null) {
        await openSide(otherSide(facts.facing));
      }
    },
    async setTorch(on) {
      if (view !== null) {
        show({ ...view, torch: on });
      }
    },
    async close() {
      opening += 1;
      const mine = opening;
      await end('author');
      // Opened again meanwhile: that camera is not this call's to close.
      if (mine !== opening) {
        return;
      }
      appState?.remove();
      appState = null;
      show(null);
      core.send({ type: 'closed' });
    },
  };
}

async function askPermission(sound: boolean): Promise<CameraProblem | null> {
  const camera = VisionCamera.cameraPermissionStatus === 'authorized' || (await VisionCamera.requestCameraPermission());
  if (!camera) {
    return 'denied';
  }
  const microphone =
    !sound || VisionCamera.microphonePermissionStatus === 'authorized' || (await VisionCamera.requestMicrophonePermission());
  return microphone ? null : 'denied';
}

function otherSide(facing: Facing): Facing {
  return facing === 'front' ? 'back' : 'front';
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
