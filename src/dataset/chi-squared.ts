// Pearson's chi-squared test of counts against equal shares of the cells: K. Pearson, Phil. Mag. 50 (1900), 157–175;
// cells joined until each expects five (W. G. Cochran, Biometrics 10, 1954, 417–451).
import type { UniformityTest } from '../core/dataset.js';
import type { Unavailable } from '../core/estimate.js';
import { upperGamma } from './incomplete-gamma.js';

/** Smallest expected count of a cell. */
const LEAST_EXPECTED = 5;

/** Fewer boxes are not tested: at most four cells would be left. */
const LEAST_BOXES = 25;

/** Upper tail of the chi-squared distribution. */
export function chiSquaredTail(statistic: number, degrees: number): number {
  return upperGamma(degrees / 2, statistic / 2);
}

/**
 * Tests counts of cells that a uniform distribution fills equally. Where a cell expects fewer than five, cells that
 * follow each other in `order` are joined, as few as needed, whatever they hold; a remainder goes to the last.
 *
 * @param order every cell once, neighbours next to each other
 */
export function uniformityTest(counts: readonly number[], order: readonly number[]): UniformityTest | Unavailable {
  const n = counts.reduce((sum, count) => sum + count, 0);
  if (n < LEAST_BOXES)
    return { unavailable: `${n === 0 ? 'none' : `only ${n}`} to count, and a test needs ${LEAST_BOXES}` };
  const share = n / counts.length;
  const size = Math.ceil(LEAST_EXPECTED / share - 1e-9);
  const cells = Math.floor(counts.length / size);
  let statistic = 0;
  for (let cell = 0; cell < cells; cell++) {
    const joined = order.slice(cell * size, cell === cells - 1 ? undefined : (cell + 1) * size);
    const observed = joined.reduce((sum, place) => sum + (counts[place] as number), 0);
    const expected = share * joined.length;
    statistic += (observed - expected) ** 2 / expected;
  }
  return { statistic, degrees: cells - 1, cells, n, p: chiSquaredTail(statistic, cells - 1), pHolm: null };
}
