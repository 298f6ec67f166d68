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
  const { metrics, counts, series } = collected;
  const parts = [collected.columns, ...(series.length > 1 ? series.map(({ columns }) => columns) : [])];
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
    series: apart.map((one, s) => ({ at: series[s]?.at ?? {}, estimates: one })),
    views: collected.views,
    invalid: collected.invalid,
  };
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
