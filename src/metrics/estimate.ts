// From columns to estimates: a value, its 95 % interval and how that was found, or the reason why there is none.
import type { MaybeEstimate } from '../core/estimate.js';
import type { Estimates, ModelResult } from '../core/result.js';
import { bootstrapRatios, percentileInterval } from './bootstrap.js';
import type { Collected } from './collect.js';
import { contributing, onePerPicture, ratioOf, total, type Column } from './column.js';
import type { Metric } from './metric.js';
import { wilsonInterval } from './wilson.js';

/** The parts of a model's result that come from its observations. */
type ModelEstimates = Pick<ModelResult, 'pictures' | 'estimates' | 'series' | 'views' | 'invalid'>;

/** Why a single picture that gives several values has no interval. */
export const ONE_PICTURE = 'only one picture counts, and an interval over pictures needs two';

/** Why a bootstrap has no interval. */
export const TOO_FEW = 'too few pictures count: more than half of the resamples have none of them';

/**
 * Estimates of every metric over all groups, of each series apart where there are several, and means a view.
 *
 * @param options.seed of the resamples: models with the same pictures get the same ones
 */
export function estimatesOf(collected: Collected, options: { readonly seed: number }): ModelEstimates {
  const { metrics, counts } = collected;
  const together = collected.series.filter(({ apart }) => !apart).length;
  // One series that is the whole run says nothing new.
  const series = collected.series.filter(({ apart }) => apart || together > 1);
  const parts = [collected.columns, ...series.map(({ columns }) => columns)];
  const ratios = bootstrapRatios(parts.flat(), options.seed);
  const [estimates, ...apart] = parts.map((columns, part): Estimates =>
    Object.fromEntries(
      metrics.map((metric, m) => [
        metric.name,
        estimateOf(metric, columns[m] as Column, ratios[part * metrics.length + m] as Float64Array, counts),
      ]),
    ),
  );
  return {
    pictures: counts,
    estimates: estimates as Estimates,
    series: apart.map((one, s) => {
      const against = series[s]?.apart === true ? differencesFrom(collected, s + 1, parts, ratios) : null;
      return { at: series[s]?.at ?? {}, estimates: one, ...(against === null ? {} : { against }) };
    }),
    views: collected.views,
    invalid: collected.invalid,
  };
}

/** Metrics of the reference view whose difference from the run's own is given for groups that stand apart. */
const AGAINST = ['accuracy', 'trueProbability'];

/** The share of the run's accuracy that is lost, 1 − accuracy / the run's accuracy. */
const LOST = 'accuracyLost';

/**
 * Differences of a part's estimates from the run's, with the intervals of the paired resamples; null where the part has
 * other pictures than the run.
 */
function differencesFrom(
  { metrics, counts }: Collected,
  part: number,
  parts: readonly (readonly Column[])[],
  ratios: readonly Float64Array[],
): Estimates | null {
  const whole = parts[0] as readonly Column[];
  const own = parts[part] as readonly Column[];
  if (picturesOf(own) !== picturesOf(whole)) return null;
  const differences: [string, MaybeEstimate][] = metrics.flatMap((metric, m) => {
    if (!AGAINST.includes(metric.name)) return [];
    const [from, to] = [whole[m] as Column, own[m] as Column];
    const [fromRatios, toRatios] = [ratios[m] as Float64Array, ratios[part * metrics.length + m] as Float64Array];
    const told = (value: number, resampled: Float64Array, unit: string): MaybeEstimate => {
      const pictures = contributing(to);
      const interval = percentileInterval(resampled);
      if (pictures === 1) return { unavailable: ONE_PICTURE, value };
      if (interval === null || !Number.isFinite(value)) return { unavailable: TOO_FEW };
      return { value, ...interval, n: total(to.count), pictures, unit, method: 'bootstrap over pictures' };
    };
    if (contributing(from) === 0 || contributing(to) === 0)
      return [[metric.name, { unavailable: noValues(metric, counts) }]];
    const unit = metric.unit === 'fraction' ? 'difference of fractions' : 'difference of probabilities';
    const difference = told(
      ratioOf(to) - ratioOf(from),
      toRatios.map((ratio, r) => ratio - (fromRatios[r] as number)),
      unit,
    );
    if (metric.name !== 'accuracy') return [[metric.name, difference]];
    const lost = told(
      1 - ratioOf(to) / ratioOf(from),
      toRatios.map((ratio, r) => 1 - ratio / (fromRatios[r] as number)),
      'fraction',
    );
    return [
      [metric.name, difference],
      [LOST, lost],
    ];
  });
  return Object.fromEntries(differences);
}

/** Pictures that count for any metric. */
function picturesOf(columns: readonly Column[]): number {
  return Math.max(0, ...columns.map(contributing));
}

/**
 * One number with its interval. Where every picture has one value of 0 or 1 that is Wilson's; else the bootstrap's over
 * pictures. A fraction that is the same for every picture (0 of all pairs, 1 of 8 in each) gives a bootstrap interval
 * without width, which claims more than the pictures can tell: there Wilson's interval over pictures, as if each were
 * one trial, is the cautious answer, since no variable between 0 and 1 varies more than a yes or no of the same mean.
 */
export function estimateOf(
  metric: Pick<Metric, 'binary' | 'unit' | 'needsLabels' | 'none'>,
  column: Column,
  ratios: Float64Array,
  counts: Pick<ModelResult['pictures'], 'measured' | 'labelled'>,
): MaybeEstimate {
  const pictures = contributing(column);
  if (pictures === 0) return { unavailable: noValues(metric, counts) };
  const value = ratioOf(column);
  const n = total(column.count);
  const known = { value, n, pictures, unit: metric.unit };
  if (metric.binary && onePerPicture(column)) return { ...known, ...wilsonInterval(value, n), method: 'Wilson' };
  if (pictures === 1) return { unavailable: ONE_PICTURE, value };
  const interval = percentileInterval(ratios);
  if (interval === null) return { unavailable: TOO_FEW, value };
  if (metric.unit === 'fraction' && interval.low === interval.high) {
    return { ...known, ...wilsonInterval(value, pictures), method: 'Wilson' };
  }
  return { ...known, ...interval, method: 'bootstrap over pictures' };
}

/** Why no picture counts. */
export function noValues(
  metric: Pick<Metric, 'needsLabels' | 'none'>,
  counts: Pick<ModelResult['pictures'], 'measured' | 'labelled'>,
): string {
  if (counts.measured === 0) return 'no pictures';
  return metric.needsLabels && counts.labelled === 0 ? 'no labels' : metric.none;
}
