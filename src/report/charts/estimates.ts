// Estimates with their intervals: a panel a metric, a row a model, published values as light ticks in a row of their own.
import { isEstimate } from '../../core/estimate.js';
import { directionOf, titleOf, type Facts } from '../facts.js';
import { estimateText, percent } from '../format.js';
import { reasonOf } from '../words.js';
import { fractionDomain, percentLabel, type Domain } from './axes.js';
import { framed, type Chart, type Drawing, type Row, type Spec } from './chart.js';

const PUBLISHED_ROW = 'published';
/** Metrics that tell instability share one axis, so that their bars can be compared. */
const INSTABILITY = ['top1Change', 'meanAbsoluteChange', 'jaggedness', 'everChanged'];

/** Width of the column of row names, pixels: as the longest name asks for, within limits. */
export function nameWidth(names: readonly string[]): number {
  return Math.max(84, Math.min(172, 16 + 7.6 * Math.max(...names.map((name) => name.length))));
}

/** Height of a row: smaller where there are many. */
function rowHeight(rows: number): number {
  return rows > 8 ? 30 : 38;
}

function spec(domain: Domain, rows: readonly string[], left: number | null): Spec {
  const scale = { domain: domain.domain, nice: false };
  const axis = { values: domain.ticks, labelExpr: percentLabel, title: null, labelFlush: false };
  const x = { field: 'value', type: 'quantitative', scale, axis };
  const isSubject = 'datum.value === subject';
  const names = {
    title: null,
    labelLimit: (left ?? 0) - 4,
    labelFontWeight: { condition: { test: isSubject, value: 'bold' }, value: 'normal' },
    labelColor: {
      condition: { test: `datum.value === '${PUBLISHED_ROW}'`, value: 'var(--soft)' },
      value: 'var(--ink)',
    },
  };
  const y = {
    field: 'model',
    type: 'nominal',
    sort: rows,
    scale: { domain: rows, paddingInner: 0, paddingOuter: 0 },
    axis: left === null ? null : names,
  };
  const number = (side: string, mark: Spec, at: string): Spec => ({
    transform: [{ filter: `datum.kind === 'model' && datum.side === '${side}'` }],
    mark: { type: 'text', fontSize: 13, ...mark },
    encoding: { x: { ...x, field: at }, text: { field: 'label' } },
  });
  const ours = [{ filter: "datum.kind === 'model'" }];
  return {
    ...framed(rowHeight(rows.length) * rows.length, { left: left ?? 4, top: 2, right: 16, bottom: 24 }),
    data: { name: 'estimates' },
    params: [{ name: 'subject', value: '' }],
    encoding: { y },
    layer: [
      {
        transform: ours,
        mark: { type: 'rule', strokeWidth: 4, strokeCap: 'butt', color: 'var(--interval)' },
        encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' } },
      },
      {
        transform: ours,
        mark: { type: 'point', size: 70, color: 'var(--right)', stroke: 'var(--paper)', strokeWidth: 1.5 },
        encoding: { x },
      },
      number('right', { align: 'left', dx: 8 }, 'high'),
      number('left', { align: 'right', dx: -8 }, 'low'),
      number('above', { align: 'center', dy: -11 }, 'value'),
      {
        transform: [{ filter: "datum.kind === 'published'" }],
        mark: { type: 'tick', orient: 'vertical', thickness: 1.5, size: 14, color: 'var(--faint)' },
        encoding: { x },
      },
      {
        transform: [{ filter: "datum.kind === 'range'" }],
        mark: {
          type: 'text',
          align: { expr: "datum.side === 'left' ? 'right' : 'left'" },
          dx: { expr: "datum.side === 'left' ? -8 : 8" },
          color: 'var(--soft)',
        },
        encoding: { x, text: { field: 'label' } },
      },
      {
        transform: [{ filter: "datum.kind === 'reason'" }],
        mark: { type: 'text', align: 'left', dx: 4, color: 'var(--soft)', limit: 160 },
        encoding: { x, text: { field: 'label' } },
      },
    ],
  };
}

/** Where the number has room: beyond the bar, before it, or above it. */
function sideOf(low: number, high: number, [from, to]: readonly [number, number]): string {
  const place = (value: number): number => (value - from) / (to - from);
  return place(high) <= 0.66 ? 'right' : place(low) >= 0.36 ? 'left' : 'above';
}

function rowsOf({ models, published }: Facts, metric: string, { domain }: Domain): Row[] {
  const ours = models.map(({ name, estimates }) => {
    const estimate = estimates[metric];
    if (!isEstimate(estimate)) return { kind: 'reason', model: name, value: domain[0], label: reasonOf(estimate) };
    const { value, low, high } = estimate;
    return { kind: 'model', model: name, value, low, high, label: percent(value), side: sideOf(low, high, domain) };
  });
  const values = published?.values[metric];
  if (!values) return ours;
  const ticks = values.map(({ name, value }) => ({ kind: 'published', model: PUBLISHED_ROW, name, value }));
  const all = values.map(({ value }) => value);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const side = sideOf(low, high, domain);
  const label = `${(100 * low).toFixed(1)}–${percent(high)}`;
  return [...ours, ...ticks, { kind: 'range', model: PUBLISHED_ROW, value: side === 'left' ? low : high, side, label }];
}

function domains(facts: Facts): (metric: string) => Domain {
  const highest = (metrics: readonly string[]): number =>
    Math.max(
      ...metrics.flatMap((metric) =>
        facts.models.map(({ estimates }) => {
          const estimate = estimates[metric];
          return isEstimate(estimate) ? estimate.high : 0;
        }),
      ),
      ...metrics.flatMap((metric) => facts.published?.values[metric]?.map(({ value }) => value) ?? []),
    );
  const shared = fractionDomain(0, highest(facts.panels.filter((metric) => INSTABILITY.includes(metric))), 4, 0.1);
  const whole: Domain = { domain: [0, 1], ticks: [0, 0.25, 0.5, 0.75, 1] };
  return (metric) => (INSTABILITY.includes(metric) ? shared : whole);
}

function drawing(facts: Facts, metric: string, named: boolean): Drawing {
  const domain = domains(facts)(metric);
  const anyPublished = facts.panels.some((panel) => facts.published?.values[panel]);
  const published = named ? facts.published?.values[metric] !== undefined : anyPublished;
  const rows = [...facts.names, ...(published ? [PUBLISHED_ROW] : [])];
  const words = facts.models.map(({ name, estimates }) => {
    const estimate = estimates[metric];
    return `${name} ${isEstimate(estimate) ? estimateText(estimate) : reasonOf(estimate)}`;
  });
  return {
    id: `estimates-${metric}${named ? '-named' : ''}`,
    spec: spec(domain, rows, named ? nameWidth(rows) : null),
    data: { estimates: rowsOf(facts, metric, domain) },
    signals: { subject: facts.names[0] ?? '' },
    label: `${titleOf(metric)}: ${words.join('; ')}`,
  };
}

export const estimates: Chart = {
  name: 'estimates',
  drawings: (facts) => [true, false].flatMap((named) => facts.panels.map((metric) => drawing(facts, metric, named))),
  figures: (facts) =>
    facts.panels.map((metric) => {
      const { label: _, ...rest } = drawing(facts, metric, true);
      return {
        ...rest,
        id: `estimates-${metric}`,
        signals: { subject: '' },
        title: titleOf(metric),
        subtitle: `95\u202f% intervals over pictures; ${directionOf(metric)}`,
        width: 360,
      };
    }),
};
