// A sweep: a metric against the parameter that the protocol varies, a line a model, as Azulay & Weiss (JMLR 2019,
// figure 3) plot P(top-1 change), MAC and accuracy against the share of the picture.
import { isEstimate } from '../../core/estimate.js';
import { directionOf, titleOf, type Facts } from '../facts.js';
import { percent, plain } from '../format.js';
import { fractionDomain, percentLabel, type Domain } from './axes.js';
import { shownGroup } from '../track.js';
import { framed, type Chart, type Drawing, type Row, type Spec } from './chart.js';
import { spreadLabels } from './label-places.js';
import { lineNames, nameRoom } from './line-names.js';
import { partWords, shortStep, stepWords, sweepWords, type SweepWords } from '../sweep-words.js';

const METRICS = ['top1Change', 'meanAbsoluteChange', 'accuracy'];
const HEIGHT = 220;

/** What a sweep varies. */
export type Sweep = {
  /** The number along the horizontal axis. */
  readonly key: string;
  /** Names of what parts the lines (crop and embedded, say), by series. */
  readonly parts: readonly string[];
  readonly values: readonly number[];
  /** What stands under each value. */
  readonly labels: readonly string[];
  readonly words: SweepWords;
};

/** Probes whose series have a section of their own. */
const OWN_SECTIONS = ['scale', 'box-crop', 'tta'];

/** The sweep that the models' series make up; null where there are fewer than two steps. */
export function sweepOf({ models, input }: Facts): Sweep | null {
  if (OWN_SECTIONS.includes(input.result.protocol.probe.name)) return null;
  const series = models[0]?.series ?? [];
  const varying = (test: (value: number | string | undefined) => boolean): string[] => {
    const keys = [...new Set(series.flatMap(({ at }) => Object.keys(at)))];
    return keys.filter(
      (key) => series.every(({ at }) => test(at[key])) && new Set(series.map(({ at }) => at[key])).size > 1,
    );
  };
  const [key] = varying((value) => typeof value === 'number');
  if (key === undefined) return null;
  const values = [...new Set(series.map(({ at }) => Number(at[key])))].sort((a, b) => a - b);
  const labels = values.map((value) => {
    const found = new Set(series.filter(({ at }) => at[key] === value).map(({ at }) => shortStep(at, key)));
    return found.size === 1 ? ([...found][0] ?? '') : plain(value);
  });
  const steps = series.map(({ at }) => at);
  return { key, parts: [...new Set(steps.map(partWords))], values, labels, words: sweepWords(steps, key) };
}

/** Which step of a sweep is shown picture by picture; empty where there is no sweep. */
export function stepText(facts: Facts): string {
  const series = facts.models[0]?.series ?? [];
  return sweepOf(facts) ? stepWords(series[shownGroup(series)]?.at ?? {}) : '';
}

/** Metrics that have a panel: those that any model has at any step. */
export function sweptMetrics({ models }: Facts): string[] {
  return METRICS.filter((metric) =>
    models.some(({ series }) => series.some(({ estimates }) => isEstimate(estimates[metric]))),
  );
}

/** Rows of one metric: a row a model and step. */
export function sweepRows({ models }: Facts, { key }: Sweep, metric: string): Row[] {
  return models.flatMap(({ name, series }) =>
    series.flatMap(({ at, estimates }) => {
      const estimate = estimates[metric];
      if (!isEstimate(estimate)) return [];
      const { value, low, high } = estimate;
      const part = partWords(at);
      const line = `${name} ${part}`;
      return [{ model: name, part, line, at: Number(at[key]), step: stepWords(at), value, low, high }];
    }),
  );
}

function domainOf(rows: readonly Row[]): Domain {
  const highest = Math.max(0, ...rows.map(({ high }) => Number(high)));
  return fractionDomain(0, highest, 5, 0.05);
}

function spec(sweep: Sweep, y: Domain, names: readonly string[]): Spec {
  const room = nameRoom(names);
  const [first = 0, last = 1] = [sweep.values[0], sweep.values.at(-1)];
  const margin = 0.06 * (last - first);
  const labelExpr = `${JSON.stringify(sweep.labels)}[indexof(${JSON.stringify(sweep.values)}, datum.value)]`;
  const x = {
    field: 'at',
    type: 'quantitative',
    scale: { domain: [first - margin, last + margin], nice: false },
    axis: { values: sweep.values, title: sweep.words.axis, labelExpr, grid: false },
  };
  const isSubject = 'datum.model === subject';
  const ink = { condition: { test: isSubject, value: 'var(--right)' }, value: 'var(--faint)' };
  const q = (field: string): Spec => ({ field, type: 'quantitative' });
  const axis = { values: y.ticks, labelExpr: percentLabel, title: null };
  return {
    ...framed(HEIGHT, { left: 44, top: 24, right: room + 10, bottom: 44 }),
    data: { name: 'steps' },
    params: [{ name: 'subject', value: '' }],
    encoding: { x },
    layer: [
      {
        transform: [{ filter: isSubject }],
        mark: { type: 'rule', color: 'var(--interval)', strokeWidth: 3 },
        encoding: { y: { ...q('low'), scale: { domain: y.domain, nice: false }, axis }, y2: { field: 'high' } },
      },
      {
        mark: { type: 'line', strokeWidth: 1.75 },
        encoding: { y: q('value'), detail: { field: 'line' }, color: ink },
      },
      {
        mark: { type: 'point', size: 46, opacity: 1 },
        encoding: { y: q('value'), color: ink },
      },
      {
        data: { name: 'parts' },
        mark: { type: 'text', baseline: 'bottom', color: 'var(--soft)', fontSize: 12 },
        encoding: { y: { value: -4 }, text: { field: 'part' } },
      },
      lineNames('model', room, isSubject),
    ],
  };
}

/** Each model's name at the end of its line, moved apart where lines end together. */
function lineEnds(rows: readonly Row[], names: readonly string[], { domain: [from, to] }: Domain): Row[] {
  const ends = names.flatMap((model) =>
    rows
      .filter((row) => row['model'] === model)
      .toSorted((a, b) => Number(a['at']) - Number(b['at']))
      .slice(-1),
  );
  const unit = HEIGHT / (to - from);
  const places = spreadLabels(
    ends.map(({ value }) => unit * (to - Number(value))),
    15,
    HEIGHT,
  );
  return ends.map((row, i) => ({ model: row['model'], at: row['at'], place: to - (places[i] ?? 0) / unit }));
}

/** The name of each part of the lines, over its middle; none where there is only one. */
function partNames(rows: readonly Row[], { parts }: Sweep): Row[] {
  if (parts.length < 2) return [];
  return parts.flatMap((part) => {
    const at = rows.filter((row) => row['part'] === part).map((row) => Number(row['at']));
    return at.length === 0 ? [] : [{ part, at: (Math.min(...at) + Math.max(...at)) / 2 }];
  });
}

function drawing(facts: Facts, sweep: Sweep, metric: string): Drawing {
  const rows = sweepRows(facts, sweep, metric);
  const domain = domainOf(rows);
  const words = rows.map(({ model, step, value }) => `${String(model)}, ${String(step)}: ${percent(Number(value))}`);
  return {
    id: `sweep-${metric}`,
    spec: spec(sweep, domain, facts.names),
    data: { steps: rows, ends: lineEnds(rows, facts.names, domain), parts: partNames(rows, sweep) },
    signals: { subject: facts.names[0] ?? '' },
    label: `${titleOf(metric)} against ${sweep.words.noun}: ${words.join('; ')}`,
  };
}

export const sweep: Chart = {
  name: 'sweep',
  drawings: (facts) => {
    const found = sweepOf(facts);
    return found ? sweptMetrics(facts).map((metric) => drawing(facts, found, metric)) : [];
  },
  figures: (facts) => {
    const found = sweepOf(facts);
    if (!found) return [];
    return sweptMetrics(facts).map((metric) => {
      const { label: _, ...rest } = drawing(facts, found, metric);
      return {
        ...rest,
        title: `${titleOf(metric)} against ${found.words.noun}`,
        subtitle: directionOf(metric),
        width: 420,
      };
    });
  },
};
