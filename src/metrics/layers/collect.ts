// From traces to estimates of layers, of what is lost at each stride, and of the local equivariance error. One
// observation at a time, in any order, a few numbers kept of each.
import { isEstimate, valueOf, type MaybeEstimate, type Unavailable } from '../../core/estimate.js';
import { LOCAL_CAUSES } from '../../core/layers.js';
import type {
  LayerResult,
  LayersResult,
  LocalCause,
  LocalResult,
  LossResult,
  ModelLayers,
  PictureTrace,
} from '../../core/layers.js';
import type { Observation } from '../../core/observation.js';
import { bootstrapRatios, percentileInterval } from '../bootstrap.js';
import { growingColumn, ratioOf, total, type Column, type GrowingColumn } from '../column.js';
import { estimateOf, ONE_PICTURE, TOO_FEW } from '../estimate.js';
import type { LayerMetric } from './layer-metric.js';
import { layerMetrics } from './registry.js';

export type LayersCollector = {
  /** Takes one picture's trace; a picture without one is left out. */
  readonly add: (observation: Pick<Observation, 'picture' | 'trace'>) => void;
  /** @param seed of the resamples */
  readonly result: (seed: number) => LayersResult;
  /** One layer's tallies of one metric, picture by picture (ids ascending); null where the layer wasn't looked at. */
  readonly tallies: (layer: string, metric: string) => PictureTallies | null;
};

/** A column with the pictures of its rows. */
export type PictureTallies = { readonly pictures: readonly string[]; readonly column: Column };

/** What one layer's pictures add up to. */
type LayerRows = {
  readonly columns: readonly GrowingColumn[];
  quiet: number;
  traces: number;
  negative: boolean | null;
};

/** What one picture's local error is made of: `[total, by step all, by step each cause]`. */
type LocalRow = { readonly picture: string; readonly local: NonNullable<PictureTrace['local']> };

/**
 * @param inside what was looked at in the model
 * @param shifts whether the views differ by shifts
 */
export function createLayersCollector(inside: ModelLayers, shifts: boolean): LayersCollector {
  const pictures = new Map<string, number>();
  const rows = inside.layers.map((): LayerRows => ({
    columns: layerMetrics.map(() => growingColumn()),
    quiet: 0,
    traces: 0,
    negative: null,
  }));
  const locals: LocalRow[] = [];
  const sorted = (): readonly (readonly [string, number])[] => [...pictures].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    tallies: (layer, metric) => {
      const found = rows[inside.layers.findIndex(({ name }) => name === layer)];
      const column = found?.columns[layerMetrics.findIndex(({ name }) => name === metric)];
      const order = sorted();
      const places = Int32Array.from(order, ([, row]) => row);
      return column ? { pictures: order.map(([id]) => id), column: column.rows(places) } : null;
    },
    add: ({ picture, trace }) => {
      if (trace === undefined || pictures.has(picture)) return;
      const row = pictures.size;
      pictures.set(picture, row);
      rows.forEach((layer, i) => addLayer(layer, row, trace, i));
      if (trace.local !== undefined) locals.push({ picture, local: trace.local });
    },
    result: (seed) => {
      const order = Int32Array.from(sorted(), ([, row]) => row);
      const columns = rows.map((layer) => layer.columns.map((column) => column.rows(order)));
      const ratios = bootstrapRatios(columns.flat(), seed);
      const ratiosOf = (layer: number, m: number): Float64Array =>
        ratios[layer * layerMetrics.length + m] as Float64Array;
      const layers = inside.layers.map((facts, i): LayerResult => ({
        ...facts,
        estimates: Object.fromEntries(
          layerMetrics.map((metric, m) => [
            metric.name,
            layerEstimate(metric, columns[i]?.[m] as Column, ratiosOf(i, m), pictures.size),
          ]),
        ),
        quiet: quietOf(rows[i] as LayerRows),
        negative: rows[i]?.negative ?? null,
      }));
      return {
        shifts,
        layers,
        losses: lossesOf(inside, layers, (layer) => ({
          column: columns[layer]?.[LOST] as Column,
          ratios: ratiosOf(layer, LOST),
        })),
        skipped: inside.skipped,
        local: localOf(inside, locals, seed),
      };
    },
  };
}

/** The metric whose rise across strides is ranked. */
const LOST = layerMetrics.findIndex(({ name }) => name === 'nonShiftability');

function addLayer(rows: LayerRows, row: number, { sums, equivariance }: PictureTrace, layer: number): void {
  const found = sums.flatMap((group) => group[layer] ?? []);
  const closer = equivariance?.[layer] ?? null;
  layerMetrics.forEach((metric, m) => {
    const tally = metric.tally({ sums: found, equivariance: closer });
    if (tally !== null) rows.columns[m]?.add(row, tally.sum, tally.count);
  });
  for (const { quiet } of found) {
    rows.quiet += quiet;
    rows.traces++;
  }
  if (closer !== null) rows.negative = (rows.negative ?? false) || closer.negative;
}

function quietOf({ quiet, traces }: LayerRows): number {
  return traces === 0 ? 0 : quiet / traces;
}

function layerEstimate(metric: LayerMetric, column: Column, ratios: Float64Array, measured: number): MaybeEstimate {
  const { unit, none } = metric;
  return estimateOf({ unit, none, binary: false, needsLabels: false }, column, ratios, { measured, labelled: 0 });
}

/** Non-shiftability across every node that subsamples, the largest rise first. */
function lossesOf(
  { subsamplings, layers: facts }: ModelLayers,
  layers: readonly LayerResult[],
  sideOf: (layer: number) => { readonly column: Column; readonly ratios: Float64Array },
): LossResult[] {
  const losses = subsamplings.map(({ node, operator, before, after, stageEnd }): LossResult => {
    const none: MaybeEstimate = { unavailable: 'not looked at' };
    const from = layers[before]?.estimates['nonShiftability'] ?? none;
    const to = layers[after]?.estimates['nonShiftability'] ?? none;
    const end = layers[stageEnd]?.estimates['nonShiftability'] ?? none;
    const one = { y: 1, x: 1 };
    return {
      node,
      operator,
      before: facts[before]?.name ?? '',
      after: facts[after]?.name ?? '',
      factorBefore: facts[before]?.factor ?? one,
      factorAfter: facts[after]?.factor ?? one,
      from,
      to,
      rise: riseOf(from, to, sideOf(before), sideOf(after)),
      stageEnd: facts[stageEnd]?.name ?? '',
      stageTo: end,
      stageRise: riseOf(from, end, sideOf(before), sideOf(stageEnd)),
    };
  });
  const size = ({ rise }: LossResult): number => valueOf(rise) ?? -Infinity;
  return losses.sort((a, b) => size(b) - size(a));
}

type Side = { readonly column: Column; readonly ratios: Float64Array };

function riseOf(from: MaybeEstimate, to: MaybeEstimate, a: Side, b: Side): MaybeEstimate {
  const value = ratioOf(b.column) - ratioOf(a.column);
  const missing = [from, to].find((estimate) => !isEstimate(estimate));
  if (!isEstimate(from) || !isEstimate(to)) {
    return { unavailable: (missing as Unavailable).unavailable, ...(Number.isNaN(value) ? {} : { value }) };
  }
  const interval = percentileInterval(b.ratios.map((ratio, r) => ratio - (a.ratios[r] as number)));
  if (interval === null) return { unavailable: TOO_FEW, value };
  return {
    value,
    ...interval,
    n: Math.min(total(a.column.count), total(b.column.count)),
    pictures: Math.min(from.pictures, to.pictures),
    unit: 'difference of fractions',
    method: 'bootstrap over pictures',
  };
}

/** Shares of the local equivariance error over pictures: by step, and by what causes it. */
function localOf({ local: steps }: ModelLayers, found: readonly LocalRow[], seed: number): LayersResult['local'] {
  if ('unavailable' in steps) return steps;
  const rows = [...found].sort((a, b) => (a.picture < b.picture ? -1 : 1)).map(({ local }) => local);
  if (rows.length === 0) return { unavailable: 'no picture was looked at' };
  const overSteps = rows.map((row) => row.steps.reduce((sum, { all }) => sum + all, 0));
  const causeOf = (row: LocalRow['local'], cause: LocalCause): number =>
    row.steps.reduce((sum, step) => sum + (step[cause] ?? 0), 0);
  const overCauses = rows.map((row) => LOCAL_CAUSES.reduce((sum, cause) => sum + causeOf(row, cause), 0));
  const column = (values: readonly number[], counts: readonly number[]): Column => ({
    sum: Float64Array.from(values),
    count: Float64Array.from(counts),
  });
  const ones = rows.map(() => 1);
  const columns = [
    column(
      rows.map(({ total: all }) => all),
      ones,
    ),
    ...LOCAL_CAUSES.map((cause) =>
      column(
        rows.map((row) => causeOf(row, cause)),
        overCauses,
      ),
    ),
    ...steps.map((_, i) =>
      column(
        rows.map((row) => row.steps[i]?.all ?? 0),
        overSteps,
      ),
    ),
  ];
  const ratios = bootstrapRatios(columns, seed);
  const estimate = (i: number, unit: string): MaybeEstimate => {
    const value = ratioOf(columns[i] as Column);
    if (Number.isNaN(value)) return { unavailable: 'no error at all, so there are no shares of it' };
    if (rows.length === 1) return { unavailable: ONE_PICTURE, value };
    const interval = percentileInterval(ratios[i] as Float64Array);
    if (interval === null) return { unavailable: TOO_FEW, value };
    const known = { value, n: rows.length, pictures: rows.length, unit };
    return { ...known, ...interval, method: 'bootstrap over pictures' };
  };
  const all = total(Float64Array.from(overSteps));
  return {
    pictures: rows.length,
    total: estimate(0, 'squared outputs a squared pixel'),
    causes: Object.fromEntries(
      LOCAL_CAUSES.map((cause, i) => [cause, estimate(1 + i, 'fraction')]),
    ) as LocalResult['causes'],
    steps: steps.map(({ name, operator }, i) => ({
      name,
      operator,
      share: estimate(1 + LOCAL_CAUSES.length + i, 'fraction'),
      causes: Object.fromEntries(
        LOCAL_CAUSES.flatMap((cause) => {
          const parts = rows.map((row) => row.steps[i]?.[cause]);
          if (parts.every((part) => part === undefined) || all === 0) return [];
          return [[cause, parts.reduce((sum: number, part) => sum + (part ?? 0), 0) / all]];
        }),
      ),
    })),
    unexplained: rows.reduce((sum, { unexplained }) => sum + unexplained, 0) / rows.length,
  };
}
