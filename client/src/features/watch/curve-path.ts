/** Curves of three segments as one SVG path. */
interface Curve {
  start_seconds: number;
  step_seconds: number;
  values: readonly (number | null)[];
}

/** Where a segment has no curve, this much room is left for it. */
const EMPTY_SECONDS = 3;
const MARGIN = 3;

/** `path`: a line with a gap wherever a value is missing; `borders`: the x where a segment ends and the next begins. */
export function pathOf(
  curves: readonly (Curve | null)[],
  { width, height }: { width: number; height: number },
): { path: string; borders: number[] } {
  const lengths = curves.map((curve) => (curve === null ? EMPTY_SECONDS : curve.start_seconds + curve.values.length * curve.step_seconds));
  const total = lengths.reduce((sum, seconds) => sum + seconds, 0);
  const values = curves.flatMap((curve) => curve?.values.filter((value) => value !== null) ?? []);
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  if (width <= 0 || values.length === 0) {
    return { path: '', borders: [] };
  }
  const starts = lengths.map((_, index) => lengths.slice(0, index).reduce((sum, seconds) => sum + seconds, 0));
  const x = (seconds: number) => Math.round((seconds / total) * width * 10) / 10;
  const y = (value: number) => Math.round((height - MARGIN - ((value - low) / span) * (height - 2 * MARGIN)) * 10) / 10;
  const path = curves.map((curve, index) => (curve === null ? '' : lineOf(curve, starts[index] ?? 0, x, y))).join('');
  return { path, borders: starts.slice(1).map(x) };
}

function lineOf(curve: Curve, start: number, x: (seconds: number) => number, y: (value: number) => number): string {
  let line = '';
  let isDrawing = false;
  for (const [index, value] of curve.values.entries()) {
    if (value === null) {
      isDrawing = false;
      continue;
    }
    line += `${isDrawing ? 'L' : 'M'}${x(start + curve.start_seconds + index * curve.step_seconds)} ${y(value)}`;
    isDrawing = true;
  }
  return line;
}
