/** Curves of three segments as one SVG path. */
interface Curve {
  start_seconds: number;
  step_seconds: number;
  values: readonly (number | null)[];
}

/** A segment of which nothing was measured still has room. */
const EMPTY_SECONDS = 3;
const MARGIN = 3;

/** How long each segment's part of the picture is: as its longest curve. */
export function lengthsOf(segments: readonly (readonly (Curve | null)[])[]): number[] {
  return segments.map(
    (curves) =>
      Math.max(0, ...curves.map((curve) => (curve === null ? 0 : curve.start_seconds + curve.values.length * curve.step_seconds))) ||
      EMPTY_SECONDS,
  );
}

interface Frame {
  width: number;
  height: number;
  /** Of each segment, from `lengthsOf`. */
  lengths: readonly number[];
  /** The height stands for so much at least, so that next to nothing is not drawn like much. */
  spanMin: number;
  /** What the foot stands for: whatever is less lies there. Null: values stand in the middle. */
  foot: number | null;
}

/** `path`: a line with a gap wherever a value is missing; `borders`: the x where a segment ends and the next begins; `range`: least and largest value. */
export function pathOf(
  curves: readonly (Curve | null)[],
  { width, height, lengths, spanMin, foot }: Frame,
): { path: string; borders: number[]; range: [number, number] | null } {
  const total = lengths.reduce((sum, seconds) => sum + seconds, 0);
  const values = curves.flatMap((curve) => curve?.values.filter((value) => value !== null) ?? []);
  if (values.length === 0 || width <= 0) {
    return { path: '', borders: [], range: null };
  }
  const [least, largest] = [Math.min(...values), Math.max(...values)];
  const span = Math.max(spanMin, largest - (foot ?? least));
  const low = foot ?? (least + largest - span) / 2;
  const starts = lengths.map((_, index) => lengths.slice(0, index).reduce((sum, seconds) => sum + seconds, 0));
  const x = (seconds: number) => Math.round((seconds / total) * width * 10) / 10;
  const y = (value: number) => Math.round((height - MARGIN - (Math.max(0, value - low) / span) * (height - 2 * MARGIN)) * 10) / 10;
  const path = curves.map((curve, index) => (curve === null ? '' : lineOf(curve, starts[index] ?? 0, x, y))).join('');
  return { path, borders: starts.slice(1).map(x), range: [least, largest] };
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
