/**
 * The score of a guess: a proper (quadratic, Brier) rule, so saying what you believe is optimal.
 * G. W. Brier, "Verification of forecasts expressed in terms of probability", 1950.
 */
import { SEGMENT_INDEXES, type SegmentIndex } from './challenge.ts';

/** Confidence of a plain pick, the quick mode and the public API's default. */
export const QUICK_CONFIDENCE = 2 / 3;

/** Chance of each of the three statements to be the lie; the three add up to 1. */
export type Distribution = readonly [number, number, number];

export interface Pick {
  /** Which statement the player takes for the lie. */
  guess: SegmentIndex;
  /** Chance, from an even split (1/3, or 1/2 after a hint) to 1, that the pick is the lie. */
  confidence: number;
  /** The truth that a 50/50 hint has struck out, if the player bought one. */
  struck?: SegmentIndex;
}

/** The least confidence that a pick can have: an even split over what is left. */
export function minConfidence(hinted: boolean): number {
  return hinted ? 1 / 2 : 1 / 3;
}

/** Spreads a pick over the three statements: the pick has `confidence`, the others share the rest, a struck one has 0. */
export function distribution(pick: Pick): Distribution {
  assertPick(pick);
  const rest = (1 - pick.confidence) / (pick.struck === undefined ? 2 : 1);
  const [first, second, third] = SEGMENT_INDEXES.map((index) => {
    if (index === pick.guess) {
      return pick.confidence;
    }
    return index === pick.struck ? 0 : rest;
  });
  return [first ?? 0, second ?? 0, third ?? 0];
}

/**
 * The detector's score, an integer: 0 for an even split, +100 for sure and right, -200 for sure and wrong.
 * After a hint it is re-based so that an even split over the two left is 0 again, from +100 to -300.
 */
export function score(pick: Pick, lie: SegmentIndex): number {
  const weight = pick.struck === undefined ? 1.5 : 2;
  const miss = distribution(pick).reduce((sum, chance, index) => sum + (chance - (index === lie ? 1 : 0)) ** 2, 0);
  return Math.round(100 * (1 - weight * miss)) + 0;
}

/** The author's points for one rated guess: `100 * (p_put_off - 2/3)`, `p_put_off` being the chance that was put off the lie. */
export function authorPoints(pick: Pick, lie: SegmentIndex): number {
  const putOff = 1 - distribution(pick)[lie];
  return Math.round(100 * (putOff - 2 / 3)) + 0;
}

/** Only a bug can break this: the door has checked the pick. */
function assertPick(pick: Pick): void {
  const least = minConfidence(pick.struck !== undefined);
  if (!(pick.confidence >= least - 1e-9 && pick.confidence <= 1)) {
    throw new RangeError(`confidence ${pick.confidence} is outside [${least}, 1]`);
  }
  if (pick.guess === pick.struck) {
    throw new RangeError(`statement ${pick.guess} was struck out by the hint`);
  }
}
