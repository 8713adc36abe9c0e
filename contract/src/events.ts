/** Server-sent events of one challenge: `id` (for Last-Event-ID), `event` (the type), `data` (JSON of one of these). */
import { STATUSES, STEPS } from '@2t1l/game/challenge';
import { z } from 'zod';
import { ANALYSIS_STATUSES } from './analysis.ts';
import { Clip, Id, SegmentIndexSchema } from './schemas.ts';

/** The challenge went from one status to another. The author hears of every change, others of `published` and `removed`. */
export const ChallengeChanged = z
  .object({ type: z.literal('challenge.changed'), challenge_id: Id, status: z.enum(STATUSES) })
  .meta({ id: 'ChallengeChanged' });

/** A clip of the author's changed: arrived, ready, refused. */
export const ClipChanged = z.object({ type: z.literal('clip.changed'), challenge_id: Id, clip: Clip }).meta({ id: 'ClipChanged' });

/** A step of the author's challenge is at `percent`. */
export const StepProgress = z
  .object({
    type: z.literal('step.progress'),
    challenge_id: Id,
    step: z.enum(STEPS),
    segment_index: SegmentIndexSchema.nullable(),
    percent: z.int().min(0).max(100),
  })
  .meta({ id: 'StepProgress' });

/** A further clip has been measured, or never will be: for the author, who knows what they turn off themselves, and for those who have guessed before they listen. */
export const AnalysisChanged = z
  .object({ type: z.literal('analysis.changed'), challenge_id: Id, status: z.enum(ANALYSIS_STATUSES) })
  .meta({ id: 'AnalysisChanged' });

export const ChallengeEvent = z
  .discriminatedUnion('type', [ChallengeChanged, ClipChanged, StepProgress, AnalysisChanged])
  .meta({ id: 'ChallengeEvent' });
export type ChallengeEvent = z.output<typeof ChallengeEvent>;
