/** Mean; 0 of none. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    sum += values[i] ?? 0;
  }
  return values.length === 0 ? 0 : sum / values.length;
}

/** Variance about the mean (divided by n); 0 of none. */
export function variance(values: ArrayLike<number>): number {
  const middle = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    sum += ((values[i] ?? 0) - middle) ** 2;
  }
  return values.length === 0 ? 0 : sum / values.length;
}

/** The value below which the share `share` (0 to 1) of the values lies, linear between neighbours; 0 of none. Sorts a copy. */
export function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  const at = share * (sorted.length - 1);
  const left = Math.floor(at);
  const low = sorted[left] ?? 0;
  return low + (at - left) * ((sorted[left + 1] ?? low) - low);
}

/** Slope and Pearson's correlation of y over x; 0 where either is constant. */
export function line(x: number[], y: number[]): { slope: number; correlation: number } {
  const [meanX, meanY] = [mean(x), mean(y)];
  let [xx, yy, xy] = [0, 0, 0];
  for (const [i, value] of x.entries()) {
    const dx = value - meanX;
    const dy = (y[i] ?? 0) - meanY;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  return { slope: xx > 0 ? xy / xx : 0, correlation: xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0 };
}
