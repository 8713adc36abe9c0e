/** What the live preview promises: `use-tell-preview.web.ts` by a worker; there is none on phones. */
import type { FaceFrame } from '@2t1l/analysis/face/types';

/** Why a preview has ended by itself. `slow`: under 8 pictures a second; `unsupported`: no WebAssembly SIMD or no canvas in workers. */
export type PreviewEnd = 'slow' | 'unsupported' | 'failed';

/** What the author wants, or why it is off although they wanted it. */
export type PreviewWish = 'off' | 'on' | PreviewEnd;

/** The newest reading; null until the nets are loaded and have read a picture. */
export type PreviewReading = { frame: FaceFrame; blinks: Blinks; per_second: number } | null;

/** Whether a picture belongs to a take. */
export type PreviewTake = 'none' | 'running' | 'paused';

/** Blinks of the take that runs. `none`: no take; `counting`: too little of it yet; `too_slow`: under 10 pictures a second, too few to see a blink. */
export type Blinks = { status: 'none' | 'counting' | 'too_slow' } | { status: 'counted'; per_minute: number };

/** From the page to the worker: one picture, which the worker closes. The next is sent once this one is answered. */
export interface PreviewPicture {
  bitmap: ImageBitmap;
  timestamp_seconds: number;
  take: PreviewTake;
}

/** From the worker to the page. */
export type PreviewAnswer = { status: 'read'; frame: FaceFrame; blinks: Blinks } | { status: 'failed'; reason: string };
