// The Pareto front of accuracy and stability (V. Pareto, Cours d'économie politique, 1896): the models that no other
// beats, being no worse on either count and better on one; and of each other model the one that beats it.
import { isEstimate, type Comparison } from '../core/estimate.js';
import type { ModelResult } from '../core/result.js';
import { isSettled } from './verdict.js';

/** The two counts, with the sign that makes more of them better. */
const COUNTS = [
  { metric: 'accuracy', sign: 1 },
  { metric: 'top1Change', sign: -1 },
] as const;

/** A model's place. */
export type Placed = {
  readonly model: string;
  /** Null on the front; else the model of the front that is no worse on either count and better on one. */
  readonly beatenBy: string | null;
  /** Metrics in which that model is better beyond chance (Holm over the run's table); empty where neither is settled. */
  readonly settled: readonly string[];
};

/**
 * Places of all models that have both numbers. Of several models that beat one, the one is named that is better beyond
 * chance in most counts, then the steadiest.
 */
export function paretoPlaces(models: readonly ModelResult[], comparisons: readonly Comparison[]): Placed[] {
  const points = models.flatMap(({ name, estimates: { accuracy, top1Change } }) =>
    isEstimate(accuracy) && isEstimate(top1Change)
      ? [{ name, accuracy: accuracy.value, top1Change: top1Change.value }]
      : [],
  );
  type Point = (typeof points)[number];
  const gain = (better: Point, worse: Point): number[] =>
    COUNTS.map(({ metric, sign }) => sign * (better[metric] - worse[metric]));
  const beats = (better: Point, worse: Point): boolean => {
    const gains = gain(better, worse);
    return gains.every((value) => value >= 0) && gains.some((value) => value > 0);
  };
  const isOnFront = (point: Point): boolean => !points.some((other) => beats(other, point));
  return points.map((point) => {
    const [best] = points
      .filter((other) => beats(other, point) && isOnFront(other))
      .map((other) => ({ other, settled: settledBetween(other.name, point.name, comparisons) }))
      .sort((a, b) => b.settled.length - a.settled.length || a.other.top1Change - b.other.top1Change);
    return { model: point.name, beatenBy: best?.other.name ?? null, settled: best?.settled ?? [] };
  });
}

/** Counts in which `better` is better than `worse` beyond chance. */
function settledBetween(better: string, worse: string, comparisons: readonly Comparison[]): string[] {
  return COUNTS.flatMap(({ metric, sign }) => {
    const row = comparisons.find(
      (one) =>
        one.metric === metric && ((one.a === better && one.b === worse) || (one.a === worse && one.b === better)),
    );
    if (row === undefined || !isSettled(row) || !isEstimate(row.difference)) return [];
    return sign * (row.a === better ? 1 : -1) * row.difference.value > 0 ? [metric] : [];
  });
}
