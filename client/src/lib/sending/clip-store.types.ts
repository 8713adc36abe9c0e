import type { SegmentIndex } from '@2t1l/game/challenge';
import type { ClipSource } from '../recorder/recorder.types.ts';
import type { Take } from './draft.ts';

/** A clip that a player can show. `release` gives its memory back. */
export interface PlayableClip {
  uri: string;
  release(): void;
}

/** What tus reads from: a Blob in browsers, a file below the app's folder elsewhere. */
export type SendableClip = Blob | { uri: string; size: number };

/** A take that says itself where it belongs, so that its bytes are worth something without the draft that names them. */
export interface StoredTake {
  draft_id: string;
  index: SegmentIndex;
  take: Take;
}

/** The bytes of every take, on this device. */
export interface ClipStore {
  /** A second of a recording that still runs, where the platform gives it out; a crash then leaves what was recorded before it. */
  addPiece(number: number, piece: Blob, stored: StoredTake): Promise<void>;
  /** A finished recording. Throws where the device has no room for it; the pieces that are there stay. */
  put(source: ClipSource, stored: StoredTake): Promise<void>;
  /** Keeps a finished recording in memory, for as long as the app is open: better than lost. */
  hold(source: ClipSource, stored: StoredTake): Promise<void>;
  /** Null when the bytes are gone, which a browser short of space may do. */
  playable(takeId: string): Promise<PlayableClip | null>;
  sendable(takeId: string): Promise<SendableClip | null>;
  remove(takeId: string): Promise<void>;
  /** Every take that is kept, finished or not. */
  list(): Promise<StoredTake[]>;
}
