/** What was measured in the face and the voice of a challenge's three clips. Describes, never accuses; no verdict on truth. */
import { CLIPS_PER_CHALLENGE } from '@2t1l/game/limits';
import { z } from 'zod';
import { SegmentIndexSchema } from './schemas.ts';

/** Where the analysis of a whole challenge stands; `failed` where a clip's broke off for good. */
export const ANALYSIS_STATUSES = ['pending', 'running', 'completed', 'failed'] as const;
/** Besides `completed` every one of these is a normal result, with null for each figure. */
export const SEGMENT_STATUSES = ['pending', 'completed', 'no_face', 'no_speech', 'declined', 'failed'] as const;

/** Why no face could be read: in most pictures of the clip, or, `several_faces`, because two are equally prominent over all of it. */
export const NO_FACE_REASONS = ['none_found', 'too_dark', 'at_edge', 'too_small', 'several_faces'] as const;

const Share = z.number().min(0).max(1);
const Figure = z.number().nullable();

const EMOTION_SCORES = {
  happiness: Share,
  sadness: Share,
  anger: Share,
  fear: Share,
  surprise: Share,
  disgust: Share,
  neutral: Share,
};
export const EMOTION_NAMES = Object.keys(EMOTION_SCORES) as (keyof typeof EMOTION_SCORES)[];

/** How a face looks to human taggers in one picture; `confidence` is the probability of the most likely class. */
const EmotionFrame = z.object({ timestamp_seconds: z.number().min(0), ...EMOTION_SCORES, confidence: Share }).meta({ id: 'EmotionFrame' });

export const EmotionSegment = z
  .object({
    status: z.enum(SEGMENT_STATUSES),
    reason: z.enum(NO_FACE_REASONS).optional().meta({ description: 'With `no_face`: why' }),
    frames: z.array(EmotionFrame).meta({ description: 'Times count from the start of the segment' }),
    mean: z.object(EMOTION_SCORES).nullable(),
    variability: Share.nullable().meta({ description: 'Mean distance of the frames from their mean, 0 to 1' }),
    dominant: z.enum(EMOTION_NAMES).nullable(),
    model: z.string().nullable(),
  })
  .meta({ id: 'EmotionSegment' });

export const VoiceSegment = z
  .object({
    status: z.enum(SEGMENT_STATUSES),
    stress_level: Share.nullable().meta({ description: 'A proxy: acted anger and fear against calm speech. Aroused, not lying' }),
    pitch_median_hz: Figure,
    pitch_variance: Figure.meta({ description: 'Semitones squared' }),
    speaking_rate: Figure.meta({ description: 'Syllables a second' }),
    voice_quality: z.object({ jitter_ratio: Figure, shimmer_ratio: Figure, hnr_db: Figure }),
    energy_db: Figure,
    pause_count: Figure,
    pause_seconds: Figure,
    confidence: Share,
    model: z.string().nullable(),
  })
  .meta({ id: 'VoiceSegment' });

/** One measured signal of one segment. */
const TellSignal = z
  .object({
    name: z.string(),
    unit: z.string(),
    value: Figure,
    difference: Figure.meta({ description: 'Against the mean of the author’s other two segments, in the same unit' }),
    effect: Figure.meta({ description: 'The difference over the spread that is usual for this signal within one person' }),
  })
  .meta({ id: 'TellSignal' });

/** A curve for drawing: value i lies `start_seconds + i * step_seconds` after the start of the segment; null where there is nothing. */
const Curve = z.object({ start_seconds: z.number(), step_seconds: z.number(), values: z.array(Figure) }).meta({ id: 'Curve' });

const Curves = z.object({ pitch_hz: Curve.nullable(), energy_db: Curve.nullable(), expression_change: Curve.nullable() });

const TellSegment = z.object({ signals: z.array(TellSignal), curves: Curves }).meta({ id: 'TellSegment' });

/** How often the strongest signal pointed at the lie on this server. Counted in batches, so that no single challenge shows in it. */
const TellRecord = z
  .object({
    challenges: z.int(),
    pointed: z.int(),
    crowd_share: Share.nullable().meta({ description: 'Share of the guesses on the same challenges that were right' }),
  })
  .meta({ id: 'TellRecord' });

export const Tells = z
  .object({
    segments: z.array(TellSegment).length(CLIPS_PER_CHALLENGE),
    strongest: z
      .object({ segment_index: SegmentIndexSchema, name: z.string(), effect: z.number(), direction: z.enum(['higher', 'lower']) })
      .nullable()
      .meta({ description: 'Null: no clear signal' }),
    record: TellRecord.nullable().meta({ description: 'Null until enough challenges have been counted' }),
  })
  .meta({ id: 'Tells' });

const three = <T extends z.ZodType>(segment: T) => z.object({ segments: z.array(segment).length(CLIPS_PER_CHALLENGE) });

export const Analysis = z
  .object({
    status: z.enum(ANALYSIS_STATUSES),
    emotion_analysis: three(EmotionSegment),
    voice_analysis: three(VoiceSegment),
    tells: Tells.nullable().meta({ description: 'Null until all three segments are done' }),
  })
  .meta({ id: 'Analysis' });

export const TellChoices = z
  .array(z.boolean())
  .length(CLIPS_PER_CHALLENGE)
  .meta({ description: 'For each clip: may its tells be measured?' });
export const TellChoicesBody = z.strictObject({ segments: TellChoices }).meta({ id: 'TellChoicesBody' });
export const TellChoicesAnswer = z.object({ segments: TellChoices }).meta({ id: 'TellChoices' });

/** One signal over a player's own lies: mean of (lie - mean of the two truths), with its 90 % interval. */
const OwnSignal = z
  .object({ name: z.string(), unit: z.string(), mean: z.number(), interval: z.tuple([z.number(), z.number()]), challenges: z.int() })
  .meta({ id: 'OwnSignal' });

export const OwnTells = z
  .object({
    challenges: z.int().meta({ description: 'Measured challenges of mine that are published' }),
    needed: z.int(),
    signals: z.array(OwnSignal).meta({ description: 'Empty until there are enough challenges; clearest first' }),
  })
  .meta({ id: 'OwnTells' });

export type Analysis = z.output<typeof Analysis>;
export type EmotionSegment = z.output<typeof EmotionSegment>;
export type VoiceSegment = z.output<typeof VoiceSegment>;
export type TellCurves = z.output<typeof Curves>;
export type OwnTells = z.output<typeof OwnTells>;
export type Tells = z.output<typeof Tells>;
