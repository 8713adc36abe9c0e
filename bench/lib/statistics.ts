/** Figures out of samples. */

/** The middle value, the mean of the two middle ones for an even count. Throws on no samples. */
export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return Number.isInteger(middle) ? (at(sorted, middle - 1) + at(sorted, middle)) / 2 : at(sorted, Math.floor(middle));
}

/** The smallest sample that at least `share` (0 to 1) of all samples do not exceed (nearest rank). Throws on no samples. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = Float64Array.from(samples).sort();
  return at(sorted, Math.max(0, Math.ceil(share * sorted.length) - 1));
}

/** `value` to three significant digits, whole numbers left whole. */
export function round(value: number): number {
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
}

function at(sorted: ArrayLike<number>, index: number): number {
  const value = sorted[index];
  if (value === undefined) {
    throw new RangeError('no samples');
  }
  return value;
}
