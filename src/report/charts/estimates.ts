// Estimates with their intervals: a panel a metric, a row a model, published values as light ticks in a row of their own.
import { isEstimate } from '../../core/estimate.js';
import { directionOf, titleOf, type Facts } from '../facts.js';
import { estimateText, percent } from '../format.js';
import { reasonOf } from '../words.js';
import { fractionDomain, percentLabel, type Domain } from './axes.js';
import { framed, type Chart, type Drawing, type Row, type Spec } from './chart.js';
import { shortName } from './short-names.js';

const PUBLISHED_ROW = 'published';
/** Metrics that tell instability share one axis, so that their bars can be compared. */
const INSTABILITY = ['top1Change', 'meanAbsoluteChange', 'jaggedness', 'everChanged'];

/** Width of the column of row names, pixels: as the longest name asks for, within limits. */
export function nameWidth(names: readonly string[]): number {
  const longest = Math.max(...names.map((name) => name.length));
  return Math.round(Math.max(84, Math.min(172, 16 + 7.6 * longest)));
}

/** Width of a letter of a row's name, pixels. */
const LETTER = 8.2;

/** How rows are named: left of the plot, above each bar (narrow columns), or by the panel to the left. */
type Naming = 'left' | 'above' | 'none';

/** Height of a row: smaller where there are many. */
function rowHeight(rows: number, naming: Naming): number {
  if (naming === 'above') return 44;
  return rows > 8 ? 30 : 38;
}

function spec(domain: Domain, rows: readonly string[], naming: Naming): Spec {
  const left = naming === 'left' ? nameWidth(rows) : 4;
  const lowered = naming === 'above' ? { yOffset: 9 } : {};
  const scale = { domain: domain.domain, nice: false };
  const axis = { values: domain.ticks, labelExpr: percentLabel, title: null, labelFlush: naming === 'above' };
  const x = { field: 'value', type: 'quantitative', scale, axis };
  const isSubject = 'datum.value === subject';
  const names = {
    title: null,
    labelLimit: left - 4,
    labelExpr: shortName('datum.label', Math.floor((left - 4) / LETTER)),
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
    axis: naming === 'left' ? names : null,
  };
  const number = (side: string, mark: Spec, at: string): Spec => ({
    transform: [{ filter: `datum.kind === 'model' && datum.side === '${side}'` }],
    mark: { type: 'text', fontSize: 13, ...lowered, ...mark },
    encoding: { x: { ...x, field: at }, text: { field: 'label' } },
  });
  const ours = [{ filter: "datum.kind === 'model'" }];
  return {
    ...framed(rowHeight(rows.length, naming) * rows.length, { left, top: 2, right: 16, bottom: 24 }),
    data: { name: 'estimates' },
    params: [{ name: 'subject', value: '' }],
    encoding: { y },
    layer: [
      ...(naming === 'above' ? [nameAbove] : []),
      {
        transform: ours,
        mark: { type: 'rule', strokeWidth: 4, strokeCap: 'butt', color: 'var(--interval)', ...lowered },
        encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' } },
      },
      {
        transform: ours,
        mark: { type: 'point', size: 70, color: 'var(--right)', stroke: 'var(--paper)', strokeWidth: 1.5, ...lowered },
        encoding: { x },
      },
      number('right', { align: 'left', dx: 8 }, 'high'),
      number('left', { align: 'right', dx: -8 }, 'low'),
      number('above', { align: 'center', dy: -11 }, 'value'),
      {
        transform: [{ filter: "datum.kind === 'published'" }],
        mark: { type: 'tick', orient: 'vertical', thickness: 1.5, size: 14, color: 'var(--faint)', ...lowered },
        encoding: { x },
      },
      {
        transform: [{ filter: "datum.kind === 'range'" }],
        mark: {
          type: 'text',
          align: { expr: "datum.side === 'left' ? 'right' : 'left'" },
          dx: { expr: "datum.side === 'left' ? -8 : 8" },
          color: 'var(--soft)',
          ...lowered,
        },
        encoding: { x, text: { field: 'label' } },
      },
      {
        transform: [{ filter: "datum.kind === 'reason'" }],
        mark: { type: 'text', align: 'left', dx: 4, color: 'var(--soft)', limit: 160, ...lowered },
        encoding: { x, text: { field: 'label' } },
      },
    ],
  };
}

/** A row's name above its bar. */
const nameAbove: Spec = {
  transform: [{ filter: "datum.kind !== 'published'" }],
  mark: {
    type: 'text',
    align: 'left',
    baseline: 'middle',
    yOffset: -10,
    fontSize: 13,
    limit: { expr: 'width' },
    color: { expr: `datum.model === '${PUBLISHED_ROW}' ? 'var(--soft)' : 'var(--ink)'` },
    fontWeight: { expr: "datum.model === subject ? 'bold' : 'normal'" },
  },
  encoding: { x: { value: 0 }, text: { field: 'model' } },
};

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

function drawing(facts: Facts, metric: string, naming: Naming, id: string): Drawing {
  const domain = domains(facts)(metric);
  const anyPublished = facts.panels.some((panel) => facts.published?.values[panel]);
  const alone = naming === 'above' || facts.panels[0] === metric;
  const published = alone ? facts.published?.values[metric] !== undefined : anyPublished;
  const rows = [...facts.names, ...(published ? [PUBLISHED_ROW] : [])];
  const words = facts.models.map(({ name, estimates }) => {
    const estimate = estimates[metric];
    return `${name} ${isEstimate(estimate) ? estimateText(estimate) : reasonOf(estimate)}`;
  });
  return {
    id,
    spec: spec(domain, rows, naming),
    data: { estimates: rowsOf(facts, metric, domain) },
    signals: { subject: facts.names[0] ?? '' },
    label: `${titleOf(metric)}: ${words.join('; ')}`,
  };
}

export const estimates: Chart = {
  name: 'estimates',
  drawings: (facts) =>
    facts.panels.flatMap((metric, i) => [
      drawing(facts, metric, i === 0 ? 'left' : 'none', `estimates-${metric}`),
      drawing(facts, metric, 'above', `estimates-${metric}-narrow`),
    ]),
  figures: (facts) =>
    facts.panels.map((metric) => {
      const { label: _, ...rest } = drawing(facts, metric, 'left', `estimates-${metric}`);
      return {
        ...rest,
        signals: { subject: '' },
        title: titleOf(metric),
        subtitle: `95\u202f% intervals over pictures; ${directionOf(metric)}`,
        width: 360,
      };
    }),
};
