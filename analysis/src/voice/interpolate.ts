/** Samples on each side of the point that the sum takes in. */
const DEPTH = 30;

/**
 * The value of a band-limited, even sequence (`values[-i] === values[i]`) at the fractional place `at`, by a sum of sinc functions under a
 * raised cosine. `values` must reach `DEPTH` places beyond `at`; places beyond its end count as 0.
 */
export function valueBetween(values: Float64Array, at: number): number {
  const left = Math.floor(at);
  const part = at - left;
  if (part === 0) {
    return values[Math.abs(left)] ?? 0;
  }
  // sin(pi * (part + k)) only changes its sign from one k to the next.
  const sine = Math.sin(Math.PI * part) / Math.PI;
  const angle = Math.PI / (DEPTH + 1);
  const turn = 2 * Math.cos(angle);
  let before = Math.cos(angle * (part - DEPTH - 1));
  let window = Math.cos(angle * (part - DEPTH));
  let sum = 0;
  for (let k = -DEPTH; k < DEPTH; k++) {
    const value = values[Math.abs(left - k)] ?? 0;
    const sign = (k & 1) === 0 ? 1 : -1;
    sum += (sign * value * (0.5 + 0.5 * window)) / (part + k);
    const next = turn * window - before;
    before = window;
    window = next;
  }
  return sum * sine;
}

/** Where the parabola through three neighbours has its vertex, in places from the middle one (-1 to 1 at a maximum), and its height there. */
export function vertex(left: number, middle: number, right: number): { offset: number; value: number } {
  const curvature = 2 * middle - left - right;
  if (curvature <= 0) {
    return { offset: 0, value: middle };
  }
  const slope = 0.5 * (right - left);
  return { offset: slope / curvature, value: middle + (0.5 * slope * slope) / curvature };
}

/** The maximum near `at` of a sequence as `valueBetween` reads it: a vertex on each of two ever narrower steps. */
export function peakNear(values: Float64Array, at: number): { at: number; value: number } {
  let place = at;
  let value = valueBetween(values, place);
  for (const step of [0.3, 0.05]) {
    const found = vertex(valueBetween(values, place - step), value, valueBetween(values, place + step));
    if (Math.abs(found.offset) > 3) {
      break;
    }
    place += found.offset * step;
    value = valueBetween(values, place);
  }
  return { at: place, value };
}
