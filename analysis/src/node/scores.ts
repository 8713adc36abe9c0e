import { wilson } from '@2t1l/game/calibration';

/** The two-sided 95 % point of the normal distribution. */
const Z_95 = 1.959964;

/** A label and the probability given to 1. */
export interface Scored {
  label: 0 | 1;
  score: number;
}

/** Figures of a two-class judgement at the threshold 0.5. */
export interface Scores {
  n: number;
  accuracy: number;
  /** Wilson's 95 % interval of the accuracy. */
  ci95: [number, number];
  /** Mean of the two classes' recalls; null where a class is missing. */
  balanced_accuracy: number | null;
  /** Chance that a 1 scores higher than a 0, ties halved; null where a class is missing. */
  auc: number | null;
  /** Expected calibration error over 15 equal bins of the score. */
  ece: number;
}

/** Figures of judgements, rounded to four places. @param scored at least one */
export function scoresOf(scored: Scored[]): Scores {
  const right = (label: 0 | 1) => scored.filter((each) => each.label === label && each.score > 0.5 === (label === 1)).length;
  const of = (label: 0 | 1) => scored.filter((each) => each.label === label).length;
  const n = scored.length;
  const hits = right(0) + right(1);
  const hasBoth = of(0) > 0 && of(1) > 0;
  return {
    n,
    accuracy: rounded(hits / n),
    ci95: ci95(hits, n),
    balanced_accuracy: hasBoth ? rounded((right(0) / of(0) + right(1) / of(1)) / 2) : null,
    auc: hasBoth ? rounded(areaUnderCurve(scored)) : null,
    ece: rounded(calibrationError(scored)),
  };
}

/** Wilson's 95 % score interval for the share `hits / n`, rounded to four places. @param n at least one */
export function ci95(hits: number, n: number): [number, number] {
  const [low, high] = wilson(hits, n, Z_95)?.interval ?? [0, 1];
  return [rounded(low), rounded(high)];
}

/** To four places. */
export function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

function areaUnderCurve(scored: Scored[]): number {
  const sorted = [...scored].sort((a, b) => a.score - b.score);
  let [zeros, area, ones] = [0, 0, 0];
  for (let i = 0; i < sorted.length; ) {
    let [tiedZeros, tiedOnes] = [0, 0];
    const { score } = sorted[i] as Scored;
    for (; i < sorted.length && sorted[i]?.score === score; i++) {
      tiedOnes += sorted[i]?.label ?? 0;
      tiedZeros += 1 - (sorted[i]?.label ?? 0);
    }
    area += tiedOnes * (zeros + tiedZeros / 2);
    zeros += tiedZeros;
    ones += tiedOnes;
  }
  return area / (zeros * ones);
}

function calibrationError(scored: Scored[]): number {
  const bins = Map.groupBy(scored, ({ score }) => Math.min(14, Math.floor(15 * score)));
  let error = 0;
  for (const bin of bins.values()) {
    error += Math.abs(bin.reduce((sum, { label, score }) => sum + label - score, 0));
  }
  return error / scored.length;
}
