// Estimates against the steps of a probe: a line a model with its 95 % band, names at the ends of the lines. The model
// under study is blue and in front.
import type { Series } from '../../core/result.js';
import { isEstimate } from '../../core/estimate.js';
import { percent } from '../format.js';
import { fractionDomain, percentLabel, type Domain } from './axes.js';
import { framed, type Drawing, type Figure, type Row, type Spec } from './chart.js';
import { spreadLabels } from './label-places.js';
import { lineNames, nameRoom } from './line-names.js';

/** A point of a line; `line` is what is written at its end. */
export type BandRow = {
  readonly model: string;
  readonly line: string;
  readonly at: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
};

export type BandAxis = {
  /** Ascending, above 0: the axis is logarithmic. */
  readonly values: readonly number[];
  readonly labels: readonly string[];
  readonly title: string;
};

type BandLines = {
  readonly id: string;
  /** What is drawn, for titles and for readers who don't see it. */
  readonly title: string;
  readonly subtitle: string | readonly string[];
  readonly rows: readonly BandRow[];
  readonly axis: BandAxis;
  /** The model under study. */
  readonly subject: string;
  /** Whether other models are drawn, in grey. */
  readonly others: boolean;
};

const HEIGHT = 220;

/** Points of one model's series, in the order of the axis. */
export function bandRows(
  model: string,
  line: string,
  series: readonly Series[],
  metric: string,
  at: (series: Series) => number | null,
): BandRow[] {
  return series
    .flatMap((one): BandRow[] => {
      const estimate = one.estimates[metric];
      const place = at(one);
      if (place === null || !isEstimate(estimate)) return [];
      const { value, low, high } = estimate;
      return [{ model, line, at: place, value, low, high }];
    })
    .sort((a, b) => a.at - b.at);
}

function endRows(rows: readonly BandRow[], { domain: [from, to] }: Domain, apart: boolean): Row[] {
  const last = new Map(rows.map((row) => [`${row.model}\n${row.line}`, row]));
  const ends = [...last.values()];
  const unit = HEIGHT / (to - from);
  // Models that are drawn one at a time don't crowd each other.
  const groups = apart ? [...new Set(ends.map(({ model }) => model))] : [null];
  return groups.flatMap((model) => {
    const own = ends.filter((row) => model === null || row.model === model);
    const places = spreadLabels(
      own.map(({ value }) => unit * (to - value)),
      15,
      HEIGHT,
    );
    return own.map((row, i) => ({ ...row, place: to - (places[i] ?? 0) / unit }));
  });
}

function specOf({ rows, axis, others }: BandLines, y: Domain): Spec {
  const room = nameRoom(
    rows.map(({ line }) => line),
    4,
  );
  const [first = 1, last = 2] = [axis.values[0], axis.values.at(-1)];
  const margin = (last / first) ** 0.04;
  const labelExpr = `${JSON.stringify(axis.labels)}[indexof(${JSON.stringify(axis.values)}, datum.value)]`;
  const isSubject = 'datum.model === subject';
  const ink = { condition: { test: isSubject, value: 'var(--right)' }, value: 'var(--faint)' };
  const q = (field: string): Spec => ({ field, type: 'quantitative' });
  const value = { ...q('value'), scale: { domain: y.domain, nice: false } };
  const layersOf = (subject: boolean): Spec[] => {
    const transform = [{ filter: subject ? isSubject : `!(${isSubject})` }];
    const colour = subject ? 'var(--interval)' : 'var(--faint)';
    return [
      {
        transform,
        mark: { type: 'area', color: colour, opacity: subject ? 0.28 : 0.12 },
        encoding: {
          y: {
            ...q('low'),
            scale: { domain: y.domain, nice: false },
            axis: { values: y.ticks, labelExpr: percentLabel, title: null },
          },
          y2: { field: 'high' },
          detail: [{ field: 'line' }, { field: 'model' }],
        },
      },
      {
        transform,
        mark: { type: 'line', strokeWidth: subject ? 2.25 : 1.5 },
        encoding: { y: value, detail: [{ field: 'line' }, { field: 'model' }], color: ink },
      },
      { transform, mark: { type: 'point', size: 40, opacity: 1 }, encoding: { y: value, color: ink } },
    ];
  };
  return {
    ...framed(HEIGHT, { left: 44, top: 12, right: room + 10, bottom: 44 }),
    data: { name: 'steps' },
    params: [{ name: 'subject', value: '' }],
    encoding: {
      x: {
        field: 'at',
        type: 'quantitative',
        scale: { type: 'log', domain: [first / margin, last * margin], nice: false },
        axis: { values: axis.values, labelExpr, title: axis.title, grid: false },
      },
    },
    layer: [
      ...(others ? layersOf(false) : []),
      ...layersOf(true),
      lineNames('line', room, `${isSubject} && ${String(others)}`, {}, others ? null : isSubject),
    ],
  };
}

/** The drawing; null where there are no two steps to draw. */
export function bandDrawing(lines: BandLines): Drawing | null {
  const { id, title, rows, axis, subject, others } = lines;
  if (new Set(rows.map(({ at }) => at)).size < 2) return null;
  const domain = fractionDomain(0, Math.max(...rows.map(({ high }) => high)));
  const words = rows.map(({ model, line, at, value }) => {
    const step = axis.labels[axis.values.indexOf(at)] ?? String(at);
    return `${line === model ? model : `${model}, ${line}`} at ${step}: ${percent(value)}`;
  });
  return {
    id,
    spec: specOf(lines, domain),
    data: { steps: rows, ends: endRows(rows, domain, !others) },
    signals: { subject },
    label: `${title}: ${words.join('; ')}`,
  };
}

/** The same as a file. */
export function bandFigure(lines: BandLines): Figure | null {
  const drawing = bandDrawing(lines);
  if (drawing === null) return null;
  const { label: _, ...rest } = drawing;
  return { ...rest, title: lines.title, subtitle: lines.subtitle, width: 460 };
}
