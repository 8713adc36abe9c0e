/** The dial is a half circle: an even split at its left end, certain at its right. Percent are whole. */
export const DIAL_MIN = 33;
export const DIAL_MAX = 100;
export const DIAL_STEP = 5;

export interface Point {
  x: number;
  y: number;
}

/** The confidence the rules know: the left end is exactly a third, not 33 %. */
export function confidenceOf(percent: number): number {
  return percent <= DIAL_MIN ? 1 / 3 : percent / 100;
}

export function clampPercent(percent: number): number {
  return Math.min(DIAL_MAX, Math.max(DIAL_MIN, Math.round(percent)));
}

/** One step up or down, on whole fives. */
export function stepped(percent: number, steps: number): number {
  const on = steps > 0 ? Math.floor(percent / DIAL_STEP) : Math.ceil(percent / DIAL_STEP);
  return clampPercent((on + steps) * DIAL_STEP);
}

/** How far along the arc, 0 to 1. */
export function fractionOf(percent: number): number {
  return (percent - DIAL_MIN) / (DIAL_MAX - DIAL_MIN);
}

/** The percent a finger at `point` means, with the hub at `hub`; below the hub the nearer end counts. */
export function percentAt(point: Point, hub: Point): number {
  const angle = Math.atan2(Math.max(0, hub.y - point.y), point.x - hub.x);
  const fraction = 1 - angle / Math.PI;
  return clampPercent(DIAL_MIN + fraction * (DIAL_MAX - DIAL_MIN));
}
