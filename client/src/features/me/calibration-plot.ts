/** Where the points of the calibration plot lie. Both axes begin at 0: sure and right on the same scale. */
import type { MyStats } from '@2t1l/contract/players';

type Bin = NonNullable<MyStats['calibration']>['bins'][number];

export interface PlotSize {
  width: number;
  height: number;
}

export interface PlotPoint {
  x: number;
  y: number;
  /** Ends of the share's interval. */
  top: number;
  bottom: number;
  radius: number;
}

/** The even split is the least that anybody can be sure: the plot begins a little before it. */
const FROM = 0.25;
const RADIUS_LEAST = 4;
const RADIUS_MOST = 10;

/** Pixels of a confidence from the left, of a share from the top. */
export function plotScale({ width, height }: PlotSize): { x: (confidence: number) => number; y: (share: number) => number } {
  return {
    x: (confidence) => ((confidence - FROM) / (1 - FROM)) * width,
    y: (share) => (1 - share) * height,
  };
}

/** A point for each bin; its area grows with the guesses in it. */
export function plotPoints(bins: readonly Bin[], size: PlotSize): PlotPoint[] {
  const { x, y } = plotScale(size);
  const most = Math.max(1, ...bins.map((bin) => bin.guesses));
  return bins.map((bin) => ({
    x: x(bin.mean_confidence),
    y: y(bin.share),
    top: y(bin.interval[1]),
    bottom: y(bin.interval[0]),
    radius: Math.max(RADIUS_LEAST, RADIUS_MOST * Math.sqrt(bin.guesses / most)),
  }));
}
