// Spearman's rank correlation (C. Spearman, American Journal of Psychology 15, 1904) over a handful of models, with a
// permutation p: exact for up to eight, by random permutations beyond (add-one p of Phipson & Smyth 2010).
import type { RankCorrelation } from '../core/compare.js';
import { randomFor } from '../core/random.js';

/** Up to so many models all orders are tried (40,320); beyond, so many random ones. */
const EXACT = 8;
const DRAWS = 10_000;
/** Fewer models can't give a p below 0.05: of three, 2 of 6 orders are as far from 0 as any. */
const LEAST = 4;

/**
 * Rank correlation with a two-sided p: the share of orders of one side that correlate at least as strongly.
 *
 * @param xs one a model
 * @param ys in the same order
 * @returns why there is none: fewer than four models, or all values of one side alike
 */
export function rankCorrelation(xs: readonly number[], ys: readonly number[], seed: number): RankCorrelation {
  const n = xs.length;
  if (n < LEAST) return { unavailable: `a rank correlation needs at least ${LEAST} models, there are ${n}` };
  const [a, b] = [centredRanks(xs), centredRanks(ys)];
  const scale = Math.sqrt(squares(a) * squares(b));
  if (scale === 0) return { unavailable: 'all models are alike in one of the two numbers' };
  const observed = product(a, b);
  // Equal sums in another order may differ in the last bit.
  const least = Math.abs(observed) - 1e-9 * scale;
  const value = observed / scale;
  if (n <= EXACT) {
    let [extreme, all] = [0, 0];
    for (const order of ordersOf(b)) {
      all++;
      if (Math.abs(product(a, order)) >= least) extreme++;
    }
    return { value, n, p: extreme / all, test: 'exact permutation test over models' };
  }
  const random = randomFor(seed, 'spearman');
  const order = [...b];
  let extreme = 0;
  for (let draw = 0; draw < DRAWS; draw++) {
    for (let i = n - 1; i > 0; i--) {
      const other = random.below(i + 1);
      [order[i], order[other]] = [order[other] as number, order[i] as number];
    }
    if (Math.abs(product(a, order)) >= least) extreme++;
  }
  const p = (1 + extreme) / (1 + DRAWS);
  return { value, n, p, test: `permutation test over models (${DRAWS.toLocaleString('en-US')} draws)` };
}

/** Ranks about their mean; equal values share the mean of their ranks. */
function centredRanks(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal - 1) / 2 - (values.length - 1) / 2;
  });
}

function product(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}

function squares(a: readonly number[]): number {
  return product(a, a);
}

/** All orders of a list, by exchanges in place (B. R. Heap, The Computer Journal 6, 1963): the same array each time. */
function* ordersOf(values: readonly number[]): Generator<readonly number[]> {
  const order = [...values];
  const counters = order.map(() => 0);
  yield order;
  for (let i = 1; i < order.length;) {
    const counter = counters[i] as number;
    if (counter >= i) {
      counters[i++] = 0;
      continue;
    }
    const other = i % 2 === 0 ? 0 : counter;
    [order[i], order[other]] = [order[other] as number, order[i] as number];
    counters[i] = counter + 1;
    i = 1;
    yield order;
  }
}
