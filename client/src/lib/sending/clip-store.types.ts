import type { ClipSource } from '../recorder/recorder.types.ts';

/** A clip that a player can show. `release` gives its memory back. */
export interface PlayableClip {
  uri: string;
  release(): void;
}

/** What tus reads from: a Blob in browsers, a file below the app's folder elsewhere. */
export type SendableClip = Blob | { uri: string; size: number };

/** The bytes of every take, on this device. */
export interface ClipStore {
  put(takeId: string, source: ClipSource): Promise<void>;
  /** Null when the bytes are gone, which a browser short of space may do. */
  playable(takeId: string): Promise<PlayableClip | null>;
  sendable(takeId: string): Promise<SendableClip | null>;
  remove(takeId: string): Promise<void>;
}
