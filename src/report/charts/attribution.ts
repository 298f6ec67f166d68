// Which stride loses the invariance: what taking each off changes, ranked, a panel a metric; and the numbers from no
// stride taken off to all, against what an answer then costs.
import type { AttributedVariant, AttributionResult } from '../../core/attribution.js';
import { isEstimate } from '../../core/estimate.js';
import { ATTRIBUTED } from '../../metrics/attribution.js';
import { costLabel, fromTheLast, rankedSites, siteLabel } from '../../metrics/attribution-words.js';
import { isSettled } from '../../metrics/verdict.js';
import { points } from '../../metrics/words.js';
import { DISPLACEMENTS, attributed, attributedTitle } from '../attribution-words.js';
import type { Facts } from '../facts.js';
import { shortNames } from '../layer-words.js';
import { roundDomain, type Domain } from './axes.js';
import { bandDrawing, bandFigure, type BandRow } from './band-lines.js';
import type { Chart, Drawing, Row } from './chart.js';
import { intervalPanel, type Naming } from './interval-panel.js';

/** Metrics that the attribution has numbers of. */
export function attributedMetrics(result: AttributionResult): string[] {
  return ATTRIBUTED.filter((metric) => isEstimate(result.original[metric]));
}

/** Letters of a layer's name at most. */
const LETTERS = 24;

/** "0 stem_conv, 4×": the stride, its layer's name shortened, and what an answer without it costs. */
function rowNames(result: AttributionResult): ReadonlyMap<AttributedVariant, string> {
  const short = shortNames(
    result.sites.map(({ nodes: [first = ''] }) => first),
    LETTERS,
  );
  const label = (index: number): string => {
    const place = result.sites.findIndex((site) => site.index === index);
    const site = result.sites[place];
    return site ? siteLabel({ ...site, nodes: [short[place] ?? '', ...site.nodes.slice(1)] }) : '';
  };
  return new Map(
    result.variants.map((variant) => [
      variant,
      [...variant.sites.map(label), costLabel(variant)].filter((part) => part !== '').join(', '),
    ]),
  );
}

function effectRows(result: AttributionResult, metric: string): Row[] {
  const names = rowNames(result);
  return rankedSites(result).flatMap(({ variant, effects }) => {
    const effect = effects[metric];
    if (!isEstimate(effect?.difference)) return [];
    const { value, low, high } = effect.difference;
    return [
      {
        pair: names.get(variant) ?? '',
        ...{ value, low, high },
        clear: isSettled(effect),
        side: value < 0 ? 'left' : 'right',
        label: points(value),
      },
    ];
  });
}

/** One scale for a metric under all displacements. */
function domainOf(facts: Facts, metric: string): Domain {
  const bounds = attributed(facts).flatMap(({ result }) =>
    rankedSites(result).flatMap(({ effects }) => {
      const difference = effects[metric]?.difference;
      return isEstimate(difference) ? [difference.low, difference.high] : [];
    }),
  );
  const all = [0, ...bounds];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const { domain, ticks } = roundDomain(low, high, 5, 0.02);
  const room = 0.24 * (domain[1] - domain[0]);
  return { domain: [low < 0 ? low - room : domain[0], Math.max(domain[1], high + room)], ticks };
}

/** Width of the column of names, pixels. */
export function siteWidth(facts: Facts): number {
  const names = attributed(facts).flatMap(({ result }) =>
    rankedSites(result).map(({ variant }) => rowNames(result).get(variant) ?? ''),
  );
  return Math.round(Math.max(90, Math.min(240, 14 + 7.1 * Math.max(0, ...names.map((name) => name.length)))));
}

type Effects = Drawing & { readonly metric: string; readonly displacement: string };

function effectDrawings(facts: Facts): Effects[] {
  return attributed(facts).flatMap(({ name, result }) =>
    attributedMetrics(result).flatMap((metric, i) =>
      ([i === 0 ? 'left' : 'none', 'above'] as const).map((naming: Naming): Effects => {
        const rows = effectRows(result, metric);
        const panel = { naming, left: siteWidth(facts), oneLine: true };
        return {
          id: `attribution-${name}-${metric}${naming === 'above' ? '-narrow' : ''}`,
          metric,
          displacement: name,
          spec: intervalPanel(domainOf(facts, metric), rows.length, panel),
          data: { differences: rows },
          label: `${attributedTitle(metric)} without each stride, points: ${rows.map(({ pair, label }) => `${String(pair)} ${String(label)}`).join('; ')}`,
        };
      }),
    ),
  );
}

/** Lines of one metric from no stride taken off to all, one a displacement. */
function curveOf(facts: Facts, metric: string) {
  const all = attributed(facts);
  const [first] = all;
  if (first === undefined) return null;
  const steps = [{ strides: 0, at: 1 }, ...fromTheLast(first.result).flatMap(placed)];
  const rows = all.flatMap(({ name, result }): BandRow[] => {
    const own = result.original[metric];
    const start = isEstimate(own) ? [{ at: 1, ...own }] : [];
    const others = fromTheLast(result).flatMap((row) => {
      const value = row.effects[metric]?.value;
      const [step] = placed(row);
      return isEstimate(value) && step ? [{ ...value, at: step.at }] : [];
    });
    return [...start, ...others].map(({ at, value, low, high }) => ({
      model: result.reference,
      line: DISPLACEMENTS[name] ?? name,
      ...{ at, value, low, high },
    }));
  });
  return {
    id: `attribution-curve-${metric}`,
    title: attributedTitle(metric),
    subtitle: 'against the number of strides taken off, from the last on',
    rows,
    axis: {
      values: steps.map(({ at }) => at),
      labels: steps.map(({ strides, at }) => (strides === 0 ? 'none' : `${strides} (${short(at)}×)`)),
      title: 'last strides taken off (and the cost of an answer)',
    },
    subject: first.result.reference,
    others: false,
  };
}

/** Where a row of the curve stands: at its cost. */
function placed({ variant }: ReturnType<typeof fromTheLast>[number]): { strides: number; at: number }[] {
  const { model, macsRatio, sites } = variant;
  return model === null ? [] : [{ strides: sites.length, at: macsRatio ?? 4 ** sites.length }];
}

function short(cost: number): string {
  return cost < 10 ? String(Number(cost.toFixed(1))) : String(Math.round(cost));
}

function curves(facts: Facts): NonNullable<ReturnType<typeof curveOf>>[] {
  const [first] = attributed(facts);
  return (first ? attributedMetrics(first.result) : []).flatMap((metric) => curveOf(facts, metric) ?? []);
}

export const attribution: Chart = {
  name: 'attribution',
  drawings: (facts) => [
    ...effectDrawings(facts).map(({ metric: _metric, displacement: _displacement, ...drawing }) => drawing),
    ...curves(facts).flatMap((curve) => bandDrawing(curve) ?? []),
  ],
  figures: (facts) => [
    ...effectDrawings(facts)
      .filter(({ id }) => !id.endsWith('-narrow'))
      .map(({ metric, displacement, label: _label, data, id }) => ({
        ...{ id, data },
        spec: intervalPanel(domainOf(facts, metric), data['differences']?.length ?? 0, {
          naming: 'left',
          left: siteWidth(facts),
          oneLine: true,
        }),
        title: `${attributedTitle(metric)} without each stride, ${DISPLACEMENTS[displacement] ?? displacement}`,
        subtitle: 'percentage points, 95\u202f% intervals; filled: p < 0.05 after Holm',
        width: 360,
      })),
    ...curves(facts).flatMap((curve) => bandFigure(curve) ?? []),
  ],
};
