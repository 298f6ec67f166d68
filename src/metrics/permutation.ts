// Paired permutation test for a difference of ratios (Good, Permutation Tests, 2nd ed. 2000, section 3.6; add-one p of
// Phipson & Smyth 2010): if the models don't differ, each picture's two tallies might as well be swapped.
import { randomFor } from '../core/random.js';
import { ratioOf, total, type Column } from './column.js';

/** Number of random swaps: fewer where there are many pictures, which need the time and have the power. */
export function permutationDraws(pictures: number): number {
  return pictures > 5_000 ? 2_000 : 10_000;
}

/** A p below 0.05 after Holm's adjustment needs draws in proportion to the table's rows: so many a row. */
const DRAWS_A_ROW = 40;

/**
 * Draws for a difference in a table of `rows` tests, where the usual number can't settle any: the smallest p that draws
 * can give, times the rows, would hardly lie below 0.05.
 */
export function drawsForTable(pictures: number, rows: number): number {
  const usual = permutationDraws(pictures);
  return rows / (1 + usual) > 0.04 ? DRAWS_A_ROW * rows : usual;
}

/**
 * Two-sided p of the difference of two ratios over the same pictures: (1 + draws at least as far from 0) / (1 + draws).
 * The same seed gives the same swaps for all metrics and models. A draw without any count is taken as extreme.
 */
export function permutationTest(a: Column, b: Column, seed: number, draws = permutationDraws(a.sum.length)): number {
  const rows = differingRows(a, b);
  const moved = rows.length;
  const sumStep = Float64Array.from(rows, (row) => (b.sum[row] as number) - (a.sum[row] as number));
  const countStep = Float64Array.from(rows, (row) => (b.count[row] as number) - (a.count[row] as number));
  const [sumA, sumB, countA, countB] = [total(a.sum), total(b.sum), total(a.count), total(b.count)];
  // Swapping everything gives the observed difference again, up to rounding: such draws must count.
  const observed = Math.abs(ratioOf(a) - ratioOf(b)) * (1 - 1e-9);
  const bits = new Uint32Array(Math.ceil(a.sum.length / 32));
  const { uniform } = randomFor(seed, 'permutation');
  let extreme = 0;
  for (let draw = 0; draw < draws; draw++) {
    for (let word = 0; word < bits.length; word++) bits[word] = uniform() * 0x1_0000_0000;
    let sum = 0;
    let count = 0;
    for (let i = 0; i < moved; i++) {
      const row = rows[i] as number;
      // Multiplied, not branched on: a random branch is mispredicted every other time, and this loop is the test's time.
      const swapped = ((bits[row >>> 5] as number) >>> (row & 31)) & 1;
      sum += swapped * (sumStep[i] as number);
      count += swapped * (countStep[i] as number);
    }
    const difference = (sumA + sum) / (countA + count) - (sumB - sum) / (countB - count);
    if (!(Math.abs(difference) < observed)) extreme++;
  }
  return (1 + extreme) / (1 + draws);
}

/** Rows whose tallies differ: swapping the others changes nothing. */
function differingRows(a: Column, b: Column): Int32Array {
  const rows: number[] = [];
  a.sum.forEach((sum, row) => {
    if (sum !== b.sum[row] || a.count[row] !== b.count[row]) rows.push(row);
  });
  return Int32Array.from(rows);
}
