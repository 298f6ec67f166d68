// Percentile bootstrap over whole pictures (Efron, Annals of Statistics 7, 1979; Davison & Hinkley 1997, chapter 2):
// the pairs of one picture are not independent, so a picture is drawn with all its values, numerator and denominator
// together.
import { randomFor } from '../core/random.js';
import type { Column } from './column.js';

/** Resamples of a bootstrap. */
const RESAMPLES = 2_000;

/**
 * Ratios Σsum / Σcount of each column over pictures drawn with replacement. The same seed and number of pictures give
 * the same draws: for all columns, and from call to call, so that models with the same pictures are compared pairwise.
 *
 * @param columns of the same pictures in the same order
 * @returns by column, its ratio in each resample; NaN where no drawn picture counts
 */
export function bootstrapRatios(columns: readonly Column[], seed: number, resamples = RESAMPLES): Float64Array[] {
  const { distinct, places } = distinctRows(columns.flatMap(({ sum, count }) => [sum, count]));
  const pictures = distinct[0]?.length ?? 0;
  const ratios = columns.map(() => new Float64Array(resamples));
  const { uniform } = randomFor(seed, 'bootstrap');
  const times = new Float64Array(pictures);
  const sums = new Float64Array(distinct.length);
  for (let r = 0; r < resamples; r++) {
    times.fill(0);
    // 2^32 equally likely numbers over so many fewer pictures: the most and least likely picture differ by pictures / 2^32.
    for (let i = 0; i < pictures; i++) times[Math.floor(uniform() * pictures)]!++;
    for (let d = 0; d < distinct.length; d++) sums[d] = weighted(times, distinct[d] as Float64Array);
    ratios.forEach((ratio, c) => {
      ratio[r] = (sums[places[2 * c] as number] as number) / (sums[places[2 * c + 1] as number] as number);
    });
  }
  return ratios;
}

function weighted(times: Float64Array, values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < times.length; i++) sum += (times[i] as number) * (values[i] as number);
  return sum;
}

/** Many counts are alike (all pairs, all pictures): each distinct array is summed once. */
function distinctRows(arrays: readonly Float64Array[]): { distinct: Float64Array[]; places: number[] } {
  const distinct: Float64Array[] = [];
  const places = arrays.map((array) => {
    const known = distinct.findIndex((other) => array === other || array.every((value, i) => value === other[i]));
    return known >= 0 ? known : distinct.push(array) - 1;
  });
  return { distinct, places };
}

/**
 * 95 % percentile interval: the 2.5 % and 97.5 % points of the resampled values.
 *
 * @param values NaN where a resample has none; such resamples are dropped
 * @returns null if more than half are dropped
 */
export function percentileInterval(values: Float64Array): { low: number; high: number } | null {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0 || 2 * sorted.length < values.length) return null;
  return { low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) };
}

/** Quantile of ascending values, linearly interpolated (Hyndman & Fan 1996, type 7). */
export function quantile(sorted: Float64Array, fraction: number): number {
  const place = fraction * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (place - below) * (high - low);
}
