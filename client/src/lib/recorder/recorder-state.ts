/** The recorder's states and what may follow what; both platforms send their events through it. */
import { CLIP_MAX_SECONDS, CLIP_MIN_SECONDS } from '@2t1l/game/limits';
import type { CameraFacts, CameraProblem, EndedBy, FinishedClip, RecorderState, TakeProblem } from './recorder.types.ts';

export type RecorderEvent =
  | { type: 'opening' }
  | { type: 'opened'; camera: CameraFacts }
  | { type: 'blocked'; problem: CameraProblem }
  | { type: 'started' }
  | { type: 'ticked'; elapsed_seconds: number }
  | { type: 'paused' }
  | { type: 'resumed' }
  | { type: 'stopping' }
  | { type: 'finished'; clip: FinishedClip; ended_by: EndedBy }
  | { type: 'take_failed'; problem: TakeProblem }
  | { type: 'released'; camera: CameraFacts | null }
  | { type: 'closed' };

export const CLOSED: RecorderState = { status: 'closed' };

/** The next state. An event that does not fit is ignored: a late callback of a closed camera must not bring it back. */
export function reduceRecorder(state: RecorderState, event: RecorderEvent): RecorderState {
  switch (event.type) {
    case 'opening':
      return isTaking(state) || state.status === 'finished' ? state : { status: 'opening' };
    case 'opened':
      return state.status === 'opening' ? { status: 'live', camera: event.camera, refused: null } : state;
    case 'blocked':
      // A finished clip stays on the table: losing the camera afterwards must not take it away.
      return isTaking(state) || state.status === 'finished' ? state : { status: 'blocked', problem: event.problem };
    case 'started':
      return state.status === 'live' ? { status: 'recording', camera: state.camera, elapsed_seconds: 0 } : state;
    case 'ticked':
      return state.status === 'recording' ? { ...state, elapsed_seconds: clampElapsed(event.elapsed_seconds) } : state;
    case 'paused':
      return state.status === 'recording' ? { ...state, status: 'paused' } : state;
    case 'resumed':
      return state.status === 'paused' ? { ...state, status: 'recording' } : state;
    case 'stopping':
      return state.status === 'recording' || state.status === 'paused' ? { ...state, status: 'finishing' } : state;
    case 'finished':
      return isTaking(state) ? { status: 'finished', clip: event.clip, ended_by: event.ended_by } : state;
    case 'take_failed':
      // Also before a take has begun: without room for it there is none.
      return isTaking(state) || state.status === 'live' ? { status: 'live', camera: state.camera, refused: event.problem } : state;
    case 'released':
      return state.status === 'finished' ? afterRelease(event.camera) : state;
    case 'closed':
      return state.status === 'finished' ? state : CLOSED;
  }
}

/** Why a take cannot be a clip, or null. Said on the spot, so nobody waits for a server to hear it. */
export function takeProblem(clip: Pick<FinishedClip, 'size_bytes' | 'duration_seconds'>): TakeProblem | null {
  if (clip.size_bytes === 0) {
    return 'empty';
  }
  return clip.duration_seconds < CLIP_MIN_SECONDS ? 'too_short' : null;
}

type Taking = Extract<RecorderState, { status: 'recording' | 'paused' | 'finishing' }>;

/** Why there is no picture, or null. */
export function stateProblem(state: RecorderState): CameraProblem | null {
  return state.status === 'blocked' ? state.problem : null;
}

/** True while a recording is under way. */
export function isTaking(state: RecorderState): state is Taking {
  return state.status === 'recording' || state.status === 'paused' || state.status === 'finishing';
}

function afterRelease(camera: CameraFacts | null): RecorderState {
  return camera === null ? CLOSED : { status: 'live', camera, refused: null };
}

function clampElapsed(seconds: number): number {
  return Math.min(Math.max(seconds, 0), CLIP_MAX_SECONDS);
}
