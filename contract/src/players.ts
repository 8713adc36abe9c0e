/** What a player is told of their own guesses, and what everybody may know of a player. */
import { CALIBRATION_MIN } from '@2t1l/game/calibration';
import { z } from 'zod';
import { Author, Id, PublicChallenge, page, SegmentIndexSchema, Time } from './schemas.ts';

const Share = z.number().min(0).max(1);
const Interval = z.tuple([Share, Share]).meta({ description: 'Wilson, 90 %' });

const Rate = z
  .object({ hits: z.int(), of: z.int(), share: Share.nullable(), interval: Interval.nullable() })
  .meta({ id: 'Rate', description: 'A share with its interval; null where nothing was tried' });

const CalibrationBin = z
  .object({
    from: z.number(),
    to: z.number(),
    guesses: z.int(),
    correct: z.int(),
    mean_confidence: z.number(),
    share: Share,
    interval: Interval,
  })
  .meta({ id: 'CalibrationBin' });

const Calibration = z
  .object({
    guesses: z.int(),
    mean_confidence: z.number(),
    share: Share,
    interval: Interval,
    verdict: z.enum(['fits', 'over', 'under']).meta({ description: 'Where the mean confidence lies against the interval of the share' }),
    bins: z.array(CalibrationBin),
  })
  .meta({ id: 'Calibration', description: 'How sure against how often right, in bins of confidence' });

export const MyStats = z
  .object({
    caught: Rate.meta({ description: 'Guesses that were right' }),
    fooled: Rate.meta({ description: 'Guesses on my newest challenges, 200 at most, that were wrong' }),
    calibration: Calibration.nullable().meta({ description: `Null below ${CALIBRATION_MIN} guesses` }),
    needed: z.int().meta({ description: 'Guesses it takes for the calibration' }),
  })
  .meta({ id: 'MyStats' });

export const MyGuess = z
  .object({
    id: Id,
    challenge: z
      .object({ id: Id, author: Author, title: z.string(), poster_url: z.string().nullable() })
      .nullable()
      .meta({ description: 'Null where it is not on stage any more; the guess still counts' }),
    guess: SegmentIndexSchema,
    confidence: z.number(),
    correct: z.boolean(),
    score: z.int(),
    created_at: Time,
  })
  .meta({ id: 'MyGuess' });

export const PlayerParams = z.strictObject({ username: z.string().min(1).max(100) });

/** No rate and no score: with those, a guess of somebody else would tell where a lie is. */
export const PlayerPage = z
  .object({
    id: Id,
    username: z.string(),
    is_house: z.boolean(),
    created_at: Time,
    published: z.int(),
    guesses: z.int().meta({ description: 'Challenges they have guessed' }),
    challenges: page(PublicChallenge, 'PlayerChallengePage').meta({ description: 'What they have published for everybody, newest first' }),
  })
  .meta({ id: 'PlayerPage' });

export type MyStats = z.output<typeof MyStats>;
export type MyGuess = z.output<typeof MyGuess>;
export type PlayerPage = z.output<typeof PlayerPage>;
