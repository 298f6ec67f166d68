// Which stride loses the invariance: each variant of a network without some strides against the network itself, over the
// same pictures and views; one family of tests a displacement.
import type { AttributionEffect, AttributionPlan, AttributionResult } from '../core/attribution.js';
import type { MaybeEstimate } from '../core/estimate.js';
import { bootstrapRatios } from './bootstrap.js';
import { selected } from './column.js';
import { pairedDifference, type ComparableMetric, type Resampled } from './compare.js';
import { estimateOf } from './estimate.js';
import { holmAdjusted } from './holm.js';
import type { PictureTallies } from './layers/collect.js';
import { layerMetrics } from './layers/registry.js';
import { drawsForTable } from './permutation.js';
import { metricNamed } from './registry.js';

/** Metrics of an attribution, in the order of tables. */
export const ATTRIBUTED = ['top1Change', 'nonShiftability', 'accuracy'] as const;

/** The metric that strides are ranked by. */
const RANKED = 'top1Change';

/** One model of the run: its tallies by metric. */
export type AttributedModel = {
  readonly name: string;
  /** Pictures with a true class. */
  readonly labelled: number;
  /** Null where the metric wasn't measured. */
  readonly tallies: (metric: string) => PictureTallies | null;
};

function factsOf(metric: string): ComparableMetric {
  const layer = layerMetrics.find(({ name }) => name === metric);
  if (layer === undefined) return metricNamed(metric);
  return { unit: layer.unit, none: layer.none, binary: false, needsLabels: false };
}

/** Every model's column of a metric over the pictures that all have, with its resampled ratios; null without tallies. */
function columnsOf(models: readonly AttributedModel[], metric: string, seed: number): Resampled[] | null {
  const found = models.map(({ tallies }) => tallies(metric)).filter((tally) => tally !== null);
  if (found.length < models.length) return null;
  const others = found.slice(1).map(({ pictures }) => new Set(pictures));
  const common = (found[0]?.pictures ?? []).filter((id) => others.every((known) => known.has(id)));
  const columns = found.map(({ pictures, column }) => {
    const rowOf = new Map(pictures.map((id, row) => [id, row]));
    return selected(
      column,
      Int32Array.from(common, (id) => rowOf.get(id) as number),
    );
  });
  const ratios = bootstrapRatios(columns, seed);
  return columns.map((column, i) => ({ column, ratios: ratios[i] as Float64Array }));
}

/** In how many resamples each stride's variant changes its answer least; a tie counts for each its part. */
function firstPlaces(
  plan: AttributionPlan,
  variants: readonly AttributedModel[],
  columns: readonly Resampled[],
): AttributionResult['first'] {
  const single = new Set(plan.variants.filter(({ sites }) => sites.length === 1).map(({ model }) => model));
  const found = variants.flatMap(({ name }, i) => (single.has(name) ? [{ name, ratios: columns[i]?.ratios }] : []));
  const resamples = found[0]?.ratios?.length ?? 0;
  const wins = found.map(() => 0);
  let counted = 0;
  for (let r = 0; r < resamples; r++) {
    const values = found.map(({ ratios }) => ratios?.[r] ?? Number.NaN);
    const least = Math.min(...values);
    if (Number.isNaN(least)) continue;
    const leaders = values.filter((value) => value === least).length;
    values.forEach((value, i) => (wins[i] = (wins[i] ?? 0) + (value === least ? 1 / leaders : 0)));
    counted++;
  }
  return found
    .map(({ name }, i) => ({ model: name, share: counted === 0 ? 0 : Number(((wins[i] ?? 0) / counted).toFixed(4)) }))
    .filter(({ share }) => share > 0);
}

/**
 * The attribution under one displacement.
 *
 * @param models those that were measured, the original among them
 * @param options.seed of resamples and permutations
 */
export function attributionOf(
  plan: AttributionPlan,
  models: readonly AttributedModel[],
  { seed }: { readonly seed: number },
): AttributionResult {
  const reference = models.find(({ name }) => name === plan.reference);
  const variants = plan.variants.flatMap(({ model }) => models.find(({ name }) => name === model) ?? []);
  if (reference === undefined) return { ...plan, original: {}, effects: [], first: [] };
  const family = variants.length * ATTRIBUTED.length;
  const original: Record<string, MaybeEstimate> = {};
  const effects: Omit<AttributionEffect, 'pHolm'>[] = [];
  let first: AttributionResult['first'] = [];
  for (const metric of ATTRIBUTED) {
    const facts = factsOf(metric);
    const columns = columnsOf([reference, ...variants], metric, seed);
    const [own, ...others] = columns ?? [];
    if (own === undefined) continue;
    const measured = own.column.sum.length;
    const draws = drawsForTable(measured, family);
    const estimate = ({ column, ratios }: Resampled, labelled: number): MaybeEstimate =>
      estimateOf(facts, column, ratios, { measured, labelled });
    original[metric] = estimate(own, reference.labelled);
    if (metric === RANKED) first = firstPlaces(plan, variants, others);
    for (const [i, resampled] of others.entries()) {
      const { name, labelled } = variants[i] as AttributedModel;
      const counts = { measured, labelled: Math.min(labelled, reference.labelled) };
      const difference = pairedDifference(facts, resampled, own, counts, seed, draws);
      effects.push({ model: name, metric, value: estimate(resampled, labelled), ...difference });
    }
  }
  const adjusted = holmAdjusted(effects.map(({ p }) => p));
  return { ...plan, original, effects: effects.map((effect, i) => ({ ...effect, pHolm: adjusted[i] ?? null })), first };
}
