// Wilson score interval for a binomial proportion: E. B. Wilson, JASA 22 (1927), 209–212.

/** Two-sided 95 % point of the normal distribution. */
const Z95 = 1.959963984540054;

/**
 * 95 % interval of a fraction.
 *
 * @param fraction observed, 0…1; needn't be a whole number of successes over n
 * @param n independent trials, at least 1
 */
export function wilsonInterval(fraction: number, n: number): { low: number; high: number } {
  const z2 = Z95 * Z95;
  const centre = (fraction + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z95 / (1 + z2 / n)) * Math.sqrt((fraction * (1 - fraction)) / n + z2 / (4 * n * n));
  return { low: fraction === 0 ? 0 : centre - half, high: fraction === 1 ? 1 : centre + half };
}
