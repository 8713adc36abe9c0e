/** The recorder of browsers, by getUserMedia and MediaRecorder. */
import { type CameraChoice, cameraIds, type OpenCamera, openCamera } from './camera.web.ts';
import { watchForCamera } from './camera-return.web.ts';
import { createLevelMeter, type LevelMeter } from './level-meter.web.ts';
import { containerOf, pickMediaType } from './media-types.ts';
import {
  AUDIO_BITS_PER_SECOND,
  type EndedBy,
  type FinishedClip,
  type OpenOptions,
  type Recorder,
  type RecorderOptions,
  VIDEO_BITS_PER_SECOND,
} from './recorder.types.ts';
import { createRecorderCore, createTakeClock } from './recorder-core.ts';
import { isTaking, stateProblem, takeProblem } from './recorder-state.ts';
import { createStreamWatch, type StreamWatch } from './stream-watch.web.ts';
import { NO_SIZE, sizeOf } from './video-size.web.ts';
import { LEAST_FREE_BYTES, LEAST_FREE_BYTES_TO_START } from './watch-take.ts';

/**
 * A piece a second, so that what was recorded before a camera broke, or the browser, is already here. Chromium (147) closes a piece of
 * an mp4 only before a keyframe, of which it makes one in three seconds by itself: so that too is asked for each second.
 */
const PIECE_MS = 1000;

export interface WebRecorder extends Recorder {
  /** For the preview; changes with the state. */
  stream(): MediaStream | null;
}

/** A recorder without a camera yet; `open` asks for one. */
export function createRecorder(options: RecorderOptions): WebRecorder {
  const core = createRecorderCore();
  let open: OpenCamera | null = null;
  let meter: LevelMeter | null = null;
  let watch: StreamWatch | null = null;
  let cameraReturn: (() => void) | null = null;
  let asked: OpenOptions = { facing: 'front', sound: true };
  let take: { recorder: MediaRecorder; ended: Promise<void>; endedBy: EndedBy } | null = null;
  /** Counts openings: an answer that comes after the next question (or after closing) is closed again. */
  let opening = 0;

  const clock = createTakeClock(
    () => performance.now(),
    (elapsed_seconds) => {
      core.send({ type: 'ticked', elapsed_seconds });
      if (hasLess(LEAST_FREE_BYTES)) {
        void end('no_space');
      }
    },
    () => void end('limit'),
  );

  const hasLess = (bytes: number) => (watch?.readings().free_bytes ?? bytes) < bytes;

  function letGo(): void {
    meter?.close();
    meter = null;
    watch?.close();
    watch = null;
    for (const track of open?.stream.getTracks() ?? []) {
      track.onended = null;
      track.stop();
    }
    open = null;
  }

  async function openWith(choice: CameraChoice): Promise<void> {
    letGo();
    opening += 1;
    const mine = opening;
    core.send({ type: 'opening' });
    const answer = await openCamera(choice, asked);
    if (mine !== opening) {
      stopAll(answer);
      return;
    }
    if (typeof answer === 'string') {
      core.send({ type: 'blocked', problem: answer });
      return;
    }
    open = answer;
    meter = createLevelMeter(answer.stream);
    watch = createStreamWatch(answer.stream);
    for (const track of answer.stream.getTracks()) {
      track.onended = () => void loseDevice();
    }
    core.send({ type: 'opened', camera: answer.facts });
  }

  async function loseDevice(): Promise<void> {
    await end('lost_device');
    letGo();
    core.send({ type: 'blocked', problem: 'unplugged' });
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
    }
    if (recorder.state !== 'inactive') {
      recorder.stop();
    }
    await ended;
  }

  async function finish(pieces: Blob[], recorder: MediaRecorder): Promise<void> {
    clock.stop();
    const endedBy = take?.endedBy ?? 'lost_device';
    window.removeEventListener('beforeunload', askBeforeLeaving);
    const media_type = mediaTypeOf(recorder, pieces);
    const blob = new Blob(pieces, { type: media_type });
    const facts = { media_type, duration_seconds: clock.elapsedSeconds(), size_bytes: blob.size };
    const problem = takeProblem(facts);
    const size = problem === null ? await sizeOfBlob(blob) : NO_SIZE;
    const clip: FinishedClip = { source: { kind: 'blob', blob }, ...facts, ...size };
    take = null;
    if (problem !== null) {
      core.send({ type: 'take_failed', problem });
      return;
    }
    options.onClip(clip, endedBy);
    core.send({ type: 'finished', clip, ended_by: endedBy });
  }

  async function start(): Promise<void> {
    if (open === null || core.getState().status !== 'live') {
      return;
    }
    if (hasLess(LEAST_FREE_BYTES_TO_START)) {
      core.send({ type: 'take_failed', problem: 'no_space' });
      return;
    }
    const mimeType = pickMediaType((type) => MediaRecorder.isTypeSupported(type));
    // The key frames are in no DOM type yet (MediaStream Recording, 2.3).
    const wish: MediaRecorderOptions & { videoKeyFrameIntervalDuration: number } = {
      ...(mimeType === null ? {} : { mimeType }),
      videoBitsPerSecond: VIDEO_BITS_PER_SECOND,
      audioBitsPerSecond: AUDIO_BITS_PER_SECOND,
      videoKeyFrameIntervalDuration: PIECE_MS,
    };
    const recorder = new MediaRecorder(open.stream, wish);
    const pieces: Blob[] = [];
    recorder.ondataavailable = ({ data }) => {
      if (data.size > 0) {
        pieces.push(data);
        options.onPiece?.({ blob: data, media_type: mediaTypeOf(recorder, pieces), elapsed_seconds: clock.elapsedSeconds() });
      }
    };
    recorder.onstart = () => clock.start();
    const ended = new Promise<void>((resolve) => {
      // Also called when the tracks end by themselves: what was recorded until then is a clip like any other.
      recorder.onstop = () => {
        if (core.getState().status !== 'finishing') {
          core.send({ type: 'stopping' });
        }
        void finish(pieces, recorder).finally(resolve);
      };
    });
    recorder.onerror = () => void end('lost_device');
    take = { recorder, ended, endedBy: 'lost_device' };
    window.addEventListener('beforeunload', askBeforeLeaving);
    core.send({ type: 'started' });
    recorder.start(PIECE_MS);
  }

  async function pause(): Promise<void> {
    if (take !== null && core.getState().status === 'recording') {
      clock.pause();
      take.recorder.pause();
      core.send({ type: 'paused' });
    }
  }

  /** A hidden tab gets no camera frames on phones: pause, so that the clip has no frozen stretch. */
  const onVisibility = () => {
    if (document.visibilityState === 'hidden') {
      void pause();
    }
  };

  return {
    getState: core.getState,
    subscribe: core.subscribe,
    stream: () => open?.stream ?? null,
    level: () => meter?.level() ?? null,
    readings: () => ({
      light: null,
      free_bytes: null,
      arrived: null,
      ...watch?.readings(),
      level: meter?.level() ?? null,
      is_clipping: meter?.wasClipped() ?? null,
    }),
    async open(next) {
      if (isTaking(core.getState())) {
        return;
      }
      asked = next;
      document.addEventListener('visibilitychange', onVisibility);
      cameraReturn ??= watchForCamera(
        () => stateProblem(core.getState()),
        () => void openWith({ facing: asked.facing }),
      );
      await openWith({ facing: next.facing });
    },
    start,
    pause,
    async resume() {
      if (take !== null && core.getState().status === 'paused') {
        take.recorder.resume();
        clock.resume();
        core.send({ type: 'resumed' });
      }
    },
    stop: () => end('author'),
    release() {
      core.send({ type: 'released', camera: open?.facts ?? null });
    },
    async switchCamera() {
      if (open === null || core.getState().status !== 'live') {
        return;
      }
      const before = open;
      asked = { ...asked, facing: before.facts.facing === 'front' ? 'back' : 'front' };
      const ids = await cameraIds();
      // A webcam has no side, so a computer's cameras are taken in turn.
      const hasSides = before.stream.getVideoTracks()[0]?.getSettings().facingMode !== undefined;
      const next = ids[(ids.indexOf(before.device_id ?? '') + 1) % ids.length];
      await openWith(hasSides || next === undefined ? { facing: asked.facing } : { facing: asked.facing, device_id: next });
    },
    async setTorch(on) {
      const advanced: object[] = [{ torch: on }];
      await open?.stream
        .getVideoTracks()[0]
        ?.applyConstraints({ advanced })
        .catch(() => undefined);
    },
    async close() {
      opening += 1;
      const mine = opening;
      await end('author');
      // Opened again meanwhile: that camera is not this call's to close.
      if (mine !== opening) {
        return;
      }
      document.removeEventListener('visibilitychange', onVisibility);
      cameraReturn?.();
      cameraReturn = null;
      letGo();
      core.send({ type: 'closed' });
    },
  };
}

function mediaTypeOf(recorder: MediaRecorder, pieces: Blob[]): string {
  return containerOf(recorder.mimeType) || containerOf(pieces[0]?.type ?? '') || 'video/mp4';
}

/** What the file really holds, which is not always what the camera says. */
async function sizeOfBlob(blob: Blob): Promise<{ width: number; height: number }> {
  const uri = URL.createObjectURL(blob);
  try {
    return await sizeOf((video) => {
      video.src = uri;
    });
  } finally {
    URL.revokeObjectURL(uri);
  }
}

function stopAll(answer: OpenCamera | string): void {
  if (typeof answer !== 'string') {
    for (const track of answer.stream.getTracks()) {
      track.stop();
    }
  }
}

function askBeforeLeaving(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
