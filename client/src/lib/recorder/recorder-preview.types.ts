import type { Recorder } from './recorder.types.ts';

export interface RecorderPreviewProps<R extends Recorder> {
  recorder: R;
  /** What a screen reader says of the picture. */
  label: string;
}
