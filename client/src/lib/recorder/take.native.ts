/** One recording by VisionCamera, from its start to the file that is kept. */
import { CLIP_MAX_BYTES, CLIP_MAX_SECONDS } from '@2t1l/game/limits';
import type { CameraVideoOutput, Recorder as VisionRecorder } from 'react-native-vision-camera';
import type { EndedBy, FinishedClip, TakeProblem } from './recorder.types.ts';
import { takeProblem } from './recorder-state.ts';
import { freeBytes, keepRecording, newRecordingPath } from './recording-file.native.ts';
import { LEAST_FREE_BYTES } from './watch-take.ts';

/** How often a running take looks whether there is room for more of it. */
const LOOK_SECONDS = 1;

export type TakeResult = { clip: FinishedClip; ended_by: EndedBy } | { problem: TakeProblem };

export interface TakeEvents {
  onStarted(): void;
  onPaused(): void;
  onResumed(): void;
  /** Once, last of all; the file is whole and away from the cache by then. */
  onEnded(result: TakeResult): void;
}

export interface Take {
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Ends it; settles after `onEnded`. May be called at any time and more than once: the first call says why it ended. */
  stop(endedBy: EndedBy): Promise<void>;
  /** To be called often while it runs; true when the room runs out, so that it should be stopped. */
  isOutOfRoom(nowSeconds: number): boolean;
  /** Share of the last second that reached the file; null until it is known. */
  arrived(): number | null;
}

/** Starts recording at once; `name`: see `newRecordingPath`. Whatever goes wrong is a result, and what was written until then is looked at before it is given up. */
export function beginTake(output: CameraVideoOutput, events: TakeEvents, name: string): Take {
  let recorder: VisionRecorder | null = null;
  let endedBy: EndedBy | null = null;
  let isOver = false;
  let isRunning = false;
  let looked = { at: 0, recorded: 0 };
  let arrived: number | null = null;
  let settle = () => {};
  const ended = new Promise<void>((resolve) => {
    settle = resolve;
  });

  function finish(filePath: string | null, wayOut: TakeProblem): void {
    if (isOver) {
      return;
    }
    isOver = true;
    events.onEnded(resultOf(filePath, wayOut, endedBy ?? 'interrupted'));
    settle();
  }

  async function run(): Promise<void> {
    const filePath = newRecordingPath(name);
    const made = await output.createRecorder({ filePath, maxDuration: CLIP_MAX_SECONDS, maxFileSize: CLIP_MAX_BYTES });
    recorder = made;
    await made.startRecording(
      (filePath, reason) => {
        endedBy ??= reason === 'stopped' ? 'interrupted' : 'limit';
        finish(filePath, 'unfinished');
      },
      () => {
        // Often whole all the same: CameraX finishes the file on a full disk, iOS after an interruption.
        endedBy ??= isBelow(LEAST_FREE_BYTES) ? 'no_space' : 'interrupted';
        finish(made.filePath, 'recording_failed');
      },
      () => events.onPaused(),
      () => events.onResumed(),
    );
    isRunning = true;
    if (endedBy !== null) {
      await made.stopRecording();
    } else {
      events.onStarted();
    }
  }
  run().catch(() => finish(null, 'recording_failed'));

  return {
    pause: async () => recorder?.pauseRecording().catch(() => undefined),
    resume: async () => recorder?.resumeRecording().catch(() => undefined),
    async stop(reason) {
      if (endedBy === null) {
        endedBy = reason;
        if (isRunning) {
          // Rejects when the platform has stopped by itself; its callback then has the file all the same.
          await recorder?.stopRecording().catch(() => undefined);
        }
      }
      await ended;
    },
    isOutOfRoom(now) {
      const passed = now - looked.at;
      if (passed < LOOK_SECONDS) {
        return false;
      }
      const recorded = recorder?.recordedDuration ?? 0;
      arrived = looked.at === 0 ? null : Math.min(Math.max((recorded - looked.recorded) / passed, 0), 1);
      looked = { at: now, recorded };
      return isBelow(LEAST_FREE_BYTES);
    },
    arrived: () => arrived,
  };
}

/** True when the device says that less is free. */
export function isBelow(bytes: number): boolean {
  const free = freeBytes();
  return free !== null && free < bytes;
}

function resultOf(filePath: string | null, wayOut: TakeProblem, ended_by: EndedBy): TakeResult {
  const clip = filePath === null ? null : kept(filePath);
  if (clip === null) {
    return { problem: wayOut };
  }
  const problem = takeProblem(clip);
  return problem === null ? { clip, ended_by } : { problem };
}

function kept(filePath: string): FinishedClip | null {
  try {
    return keepRecording(filePath);
  } catch {
    return null;
  }
}
