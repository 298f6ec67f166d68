// Models compared in pairs on the pictures that all of them have measured: differences with intervals and tests.
import type { Comparison, MaybeEstimate } from '../core/estimate.js';
import { bootstrapRatios, percentileInterval } from './bootstrap.js';
import type { Collected } from './collect.js';
import { ratioOf, selected, total, type Column } from './column.js';
import { noValues, ONE_PICTURE, TOO_FEW } from './estimate.js';
import { holmAdjusted } from './holm.js';
import { mcnemarExact } from './mcnemar.js';
import type { Metric } from './metric.js';
import { drawsForTable, permutationDraws, permutationTest } from './permutation.js';
import { metricNamed } from './registry.js';
import { wilsonInterval } from './wilson.js';

/** The metrics whose differences are tested: each further row makes Holm's adjustment harder on all others. */
export const comparedMetrics = [
  'top1Change',
  'top1ChangeAmongCorrect',
  'meanAbsoluteChange',
  'jaggedness',
  'accuracy',
  'everChanged',
  'meanConfidence',
].map(metricNamed);

/** A p above this is told by the usual number of draws, whatever the size of the table. */
const WORTH_MORE = 0.005;

/** What a difference needs to know of its metric. */
export type ComparableMetric = Pick<Metric, 'unit' | 'binary' | 'needsLabels' | 'none'>;

/** One model's columns, one a compared metric, over the common pictures, with each column's resampled ratios. */
type Side = {
  readonly name: string;
  readonly labelled: number;
  readonly columns: readonly Column[];
  readonly ratios: readonly Float64Array[];
};

/**
 * Every pair of models, metric by metric; empty for fewer than two models. The difference is model `a` minus model `b`,
 * `a` the earlier one. Intervals come from the same resamples of pictures for both; they are not adjusted. Holm's
 * adjustment is over all rows that could be tested.
 *
 * @param models with names unique in the run
 * @param options.seed of resamples and permutations
 * @param options.pairs all (default), or those of the first model alone, or all with the first model as the reference:
 *   then Holm's adjustment of its rows is over them alone, since they are what the comparison is for
 */
export function compareModels(
  models: readonly { readonly name: string; readonly collected: Collected }[],
  options: { readonly seed: number; readonly pairs?: 'all' | 'with the first' | 'the first apart' },
): Comparison[] {
  if (models.length < 2) return [];
  const pictures = commonPictures(models.map(({ collected }) => collected.pictures));
  const columns = models.map(({ collected }) => commonColumns(collected, pictures));
  const ratios = bootstrapRatios(columns.flat(), options.seed);
  const sides = models.map(({ name, collected }, i): Side => ({
    name,
    labelled: collected.counts.labelled,
    columns: columns[i] as Column[],
    ratios: ratios.slice(i * comparedMetrics.length, (i + 1) * comparedMetrics.length),
  }));
  const first = options.pairs === 'with the first';
  const pairs = first ? sides.length - 1 : (sides.length * (sides.length - 1)) / 2;
  const draws = drawsForTable(pictures.length, pairs * comparedMetrics.length);
  const rows = comparedMetrics.flatMap((_, m) =>
    sides
      .slice(0, first ? 1 : undefined)
      .flatMap((a, i) => sides.slice(i + 1).map((b) => comparison(m, a, b, pictures.length, options.seed, draws))),
  );
  if (options.pairs !== 'the first apart') return withHolm(rows);
  const isFirst = ({ a }: { readonly a: string }): boolean => a === sides[0]?.name;
  const ofFirst = withHolm(rows.filter(isFirst));
  const others = withHolm(rows.filter((row) => !isFirst(row)));
  return rows.flatMap((row) => (isFirst(row) ? ofFirst : others).shift() ?? []);
}

function withHolm(rows: readonly Omit<Comparison, 'pHolm'>[]): Comparison[] {
  const adjusted = holmAdjusted(rows.map(({ p }) => p));
  return rows.map((row, i) => ({ ...row, pHolm: adjusted[i] ?? null }));
}

function comparison(
  m: number,
  a: Side,
  b: Side,
  measured: number,
  seed: number,
  draws: number,
): Omit<Comparison, 'pHolm'> {
  const metric = comparedMetrics[m] as Metric;
  const [one, other] = [a, b].map(({ columns, ratios }): Resampled => ({
    column: columns[m] as Column,
    ratios: ratios[m] as Float64Array,
  })) as [Resampled, Resampled];
  const counts = { measured, labelled: Math.min(a.labelled, b.labelled) };
  return { metric: metric.name, a: a.name, b: b.name, ...pairedDifference(metric, one, other, counts, seed, draws) };
}

/** A column and its ratio in each resample of the pictures. */
export type Resampled = { readonly column: Column; readonly ratios: Float64Array };

/**
 * One model's number minus another's over the same pictures, with its interval and test.
 *
 * @param counts pictures that both have measured, and those with labels
 * @param draws of the permutation test, where the usual number says that more may settle something
 */
export function pairedDifference(
  metric: ComparableMetric,
  a: Resampled,
  b: Resampled,
  counts: { readonly measured: number; readonly labelled: number },
  seed: number,
  draws: number,
): Pick<Comparison, 'difference' | 'p' | 'test'> {
  const differences = a.ratios.map((ratio, r) => ratio - (b.ratios[r] as number));
  const difference = differenceOf(metric, a.column, b.column, differences, counts);
  if ('unavailable' in difference) return { difference, p: null, test: 'none' };
  return { difference, ...tested(metric, a.column, b.column, seed, draws) };
}

/**
 * Difference of two ratios. A fraction's bootstrap interval without width (models that never differ) is widened to
 * Wilson's bounds of its size over pictures, for the same reason as an estimate's; round 0 on both sides.
 */
function differenceOf(
  metric: ComparableMetric,
  a: Column,
  b: Column,
  differences: Float64Array,
  counts: { readonly measured: number; readonly labelled: number },
): MaybeEstimate {
  const [nA, nB] = [total(a.count), total(b.count)];
  if (nA === 0 || nB === 0)
    return { unavailable: counts.measured === 0 ? 'no pictures in common' : noValues(metric, counts) };
  const pictures = a.count.reduce((sum, count, row) => sum + Number(count > 0 || (b.count[row] as number) > 0), 0);
  if (pictures === 1) return { unavailable: ONE_PICTURE };
  const interval = percentileInterval(differences);
  if (interval === null) return { unavailable: TOO_FEW };
  const value = ratioOf(a) - ratioOf(b);
  const known = {
    value,
    n: Math.min(nA, nB),
    pictures,
    unit: metric.unit === 'fraction' ? 'difference of fractions' : 'difference of probabilities',
  };
  if (metric.unit !== 'fraction' || interval.low < interval.high) {
    return { ...known, ...interval, method: 'bootstrap over pictures' };
  }
  const { low, high } = wilsonInterval(Math.abs(value), pictures);
  const [from, to] = value === 0 ? [-high, high] : value > 0 ? [low, high] : [-high, -low];
  return { ...known, low: from, high: to, method: 'Wilson' };
}

/** McNemar's exact test where each picture has one yes or no from both models, else the permutation test. */
function tested(
  metric: ComparableMetric,
  a: Column,
  b: Column,
  seed: number,
  most: number,
): { p: number; test: string } {
  if (metric.binary && a.count.every((count, row) => count <= 1 && count === b.count[row])) {
    let [onlyA, onlyB] = [0, 0];
    a.sum.forEach((sum, row) => {
      if (sum > (b.sum[row] as number)) onlyA++;
      if (sum < (b.sum[row] as number)) onlyB++;
    });
    return { p: mcnemarExact(onlyA, onlyB), test: 'exact McNemar test over pictures' };
  }
  const usual = permutationDraws(a.sum.length);
  const first = permutationTest(a, b, seed, usual);
  // More draws only where the usual number says that they may settle something.
  const draws = first < WORTH_MORE ? most : usual;
  return {
    p: draws === usual ? first : permutationTest(a, b, seed, draws),
    test: `paired permutation test over pictures (${draws.toLocaleString('en-US')} draws)`,
  };
}

/** Ids that every list has, ascending. */
function commonPictures(lists: readonly (readonly string[])[]): readonly string[] {
  const [first = [], ...rest] = lists;
  const others = rest.map((list) => new Set(list));
  return first.filter((id) => others.every((list) => list.has(id)));
}

function commonColumns(collected: Collected, pictures: readonly string[]): Column[] {
  const rowOf = new Map(collected.pictures.map((id, row) => [id, row]));
  const rows = Int32Array.from(pictures, (id) => rowOf.get(id) as number);
  return comparedMetrics.map((metric) => {
    const column = collected.columns[collected.metrics.indexOf(metric)];
    return selected(column as Column, rows);
  });
}
