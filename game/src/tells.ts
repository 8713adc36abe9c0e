/** Rules of the tells: described, compared with oneself, never a verdict. */

/** The record grows by at least so many challenges at once: from one alone its lie could be read off. */
export const RECORD_BATCH = 10;

/** So many own challenges it takes before the private statistics show anything. */
export const OWN_TELLS_MIN = 20;

/** Student's t at 95 % one-sided (a 90 % interval), by degrees of freedom; between the rows the smaller row's value, which is the wider one. */
const T_95: readonly (readonly [number, number])[] = [
  [1, 6.314],
  [2, 2.92],
  [3, 2.353],
  [5, 2.015],
  [10, 1.812],
  [15, 1.753],
  [19, 1.729],
  [24, 1.711],
  [29, 1.699],
  [40, 1.684],
  [60, 1.671],
  [120, 1.658],
];

/** Mean of the values and its 90 % interval by Student's t; null for fewer than two values. */
export function meanInterval(values: readonly number[]): { mean: number; interval: [number, number] } | null {
  const n = values.length;
  if (n < 2) {
    return null;
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const t = T_95.findLast(([freedom]) => freedom <= n - 1)?.[1] ?? Number.POSITIVE_INFINITY;
  const half = t * Math.sqrt(variance / n);
  return { mean, interval: [mean - half, mean + half] };
}
