// Estimates against a number of each model (its depth, its multiply-accumulates): what Azulay & Weiss (JMLR 2019) draw
// of "deeper, more accurate, less stable".
import type { AgainstResult, ComparedNumber } from '../core/compare.js';
import { isEstimate } from '../core/estimate.js';
import type { ModelResult } from '../core/result.js';
import { rankCorrelation } from './spearman.js';

/** The estimates that are drawn. */
export const AGAINST_METRICS = ['top1Change', 'accuracy'] as const;

/** Each estimate's rank correlation with the number, over the models that have both. */
export function againstOf(number: ComparedNumber, models: readonly ModelResult[], seed: number): AgainstResult {
  return {
    ...number,
    correlations: AGAINST_METRICS.map((metric) => {
      const points = models.flatMap(({ name, estimates }) => {
        const estimate = estimates[metric];
        const found = number.values.find(({ model }) => model === name);
        return isEstimate(estimate) && found ? [{ x: found.value, y: estimate.value }] : [];
      });
      const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
      return { metric, correlation: rankCorrelation(xs, ys, seed) };
    }),
  };
}
