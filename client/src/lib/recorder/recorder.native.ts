/** The recorder of iOS and Android, by VisionCamera. The session belongs to `RecorderPreview`, which renders it. */
import { AppState, type AppStateStatus, Platform } from 'react-native';
import {
  type CameraRef,
  type CameraVideoOutput,
  CommonResolutions,
  getDefaultCameraDevice,
  type InterruptionReason,
  VisionCamera,
} from 'react-native-vision-camera';
import { createLightMeter, type LightMeter } from './light.native.ts';
import { askPermission, isPermitted } from './permission.native.ts';
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
import { isTaking } from './recorder-state.ts';
import { freeBytes } from './recording-file.native.ts';
import { beginTake, isBelow, type Take, type TakeResult } from './take.native.ts';
import { LEAST_FREE_BYTES_TO_START } from './watch-take.ts';

/** What the preview renders; a new object for every change. */
export interface NativeView {
  facing: Facing;
  output: CameraVideoOutput;
  torch: boolean;
}

export interface NativeRecorder extends Recorder {
  view(): NativeView | null;
  subscribeView(listener: () => void): () => void;
  /** Told by the preview: the picture on the screen, to be asked for its light; null when it went. */
  onPreview(camera: CameraRef | null): void;
  /** Told by the preview: the session runs with the view's output. */
  onSessionStarted(): Promise<void>;
  /** Told by the preview: the session broke. */
  onSessionLost(): void;
  /** Told by the preview: the system took camera or microphone, for a call or another app. */
  onInterrupted(reason: InterruptionReason): void;
}

/** What only the settings, or a second question, can mend. */
const NEEDS_PERMISSION: readonly CameraProblem[] = ['refused', 'denied', 'restricted', 'microphone_denied'];

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
  let preview: CameraRef | null = null;
  let meter: LightMeter | null = null;
  let take: Take | null = null;

  const clock = createTakeClock(
    () => performance.now(),
    (elapsed_seconds) => {
      core.send({ type: 'ticked', elapsed_seconds });
      if (take?.isOutOfRoom(performance.now() / 1000)) {
        void end('no_space');
      }
    },
    () => void end('limit'),
  );

  function show(next: NativeView | null): void {
    view = next;
    for (const listener of [...viewListeners]) {
      listener();
    }
  }

  /** No picture: its view goes too, so that the next one opens a session of its own. */
  function block(problem: CameraProblem): void {
    show(null);
    core.send({ type: 'blocked', problem });
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
      block(problem);
      return;
    }
    const [device, other] = await Promise.all([getDefaultCameraDevice(facing), getDefaultCameraDevice(otherSide(facing))]);
    if (mine !== opening) {
      return;
    }
    if (device === undefined && other === undefined) {
      block('no_camera');
      return;
    }
    const side = device === undefined ? otherSide(facing) : facing;
    facts = {
      facing: side,
      can_switch: device !== undefined && other !== undefined,
      can_pause: canPause(),
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

  const reopen = () => openSide(asked.facing).catch(() => block('camera_failed'));

  async function end(endedBy: EndedBy): Promise<void> {
    clock.stop();
    if (take !== null) {
      core.send({ type: 'stopping' });
      await take.stop(endedBy);
    }
  }

  function start(): void {
    if (view === null || core.getState().status !== 'live') {
      return;
    }
    if (isBelow(LEAST_FREE_BYTES_TO_START)) {
      core.send({ type: 'take_failed', problem: 'no_space' });
      return;
    }
    core.send({ type: 'started' });
    const events = {
      onStarted: clock.start,
      onPaused() {
        clock.pause();
        core.send({ type: 'paused' });
      },
      onResumed() {
        clock.resume();
        core.send({ type: 'resumed' });
      },
      onEnded: finish,
    };
    take = beginTake(view.output, events, options.takeName());
  }

  function finish(result: TakeResult): void {
    clock.stop();
    take = null;
    if ('problem' in result) {
      core.send({ type: 'take_failed', problem: result.problem });
    } else {
      options.onClip(result.clip, result.ended_by);
      core.send({ type: 'finished', ...result });
    }
  }

  const onAppState = (next: AppStateStatus) => {
    if (next === 'background') {
      // The system takes the camera from an app in the background: end the clip while its file can still be finished.
      void end('interrupted');
      return;
    }
    const state = core.getState();
    if (next === 'active' && state.status === 'blocked' && (!NEEDS_PERMISSION.includes(state.problem) || isPermitted(asked.sound))) {
      void reopen();
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
    onPreview(camera) {
      preview = camera;
    },
    async onSessionStarted() {
      const output = view?.output;
      // iOS picks HEVC unless told otherwise, and can be told only once the output is attached.
      await output?.setOutputSettings({ codec: 'h264' }).catch(() => undefined);
      if (facts !== null && output !== undefined && view?.output === output) {
        core.send({ type: 'opened', camera: facts });
      }
    },
    onSessionLost() {
      void end('interrupted').then(() => block('camera_failed'));
    },
    onInterrupted(reason) {
      const ended = end('interrupted');
      // In the background the session sleeps, and wakes by itself.
      if (reason !== 'video-device-not-available-in-background') {
        void ended.then(() => block(reason === 'video-device-not-available-due-to-system-pressure' ? 'overheated' : 'in_use'));
      }
    },
    // VisionCamera gives no sound level beside a recording.
    level: () => null,
    readings: () => ({
      light: meter?.light() ?? null,
      level: null,
      is_clipping: null,
      free_bytes: freeBytes(),
      arrived: take?.arrived() ?? null,
    }),
    async open(next) {
      if (!isTaking(core.getState())) {
        asked = next;
        meter ??= createLightMeter(() => preview);
        appState ??= AppState.addEventListener('change', onAppState);
        await reopen();
      }
    },
    start: async () => start(),
    async pause() {
      if (core.getState().status === 'recording' && canPause()) {
        await take?.pause();
      }
    },
    async resume() {
      if (core.getState().status === 'paused') {
        await take?.resume();
      }
    },
    stop: () => end('author'),
    release() {
      core.send({ type: 'released', camera: view === null ? null : facts });
    },
    async switchCamera() {
      if (core.getState().status === 'live' && facts !== null) {
        asked = { ...asked, facing: otherSide(facts.facing) };
        await reopen();
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
      meter?.close();
      meter = null;
      show(null);
      core.send({ type: 'closed' });
    },
  };
}

/** AVCaptureMovieFileOutput pauses from iOS 18 on. */
function canPause(): boolean {
  return Platform.OS !== 'ios' || Number.parseInt(String(Platform.Version), 10) >= 18;
}

function otherSide(facing: Facing): Facing {
  return facing === 'front' ? 'back' : 'front';
}
