import type { FinishedClip } from './recorder.types.ts';

/** Gives a recording to the author as a file of their own, called `name`; null where recordings are files already. */
export type SaveAsFile = ((clip: FinishedClip, name: string) => void) | null;
