// Fractions against a number on an even axis: a line a model with its 95 % band, as curves or as steps. The model under
// study is blue and in front, its name at the end of its line.
import { percent } from '../format.js';
import { fractionDomain, percentLabel, type Domain } from './axes.js';
import { framed, type Drawing, type Figure, type Row, type Spec } from './chart.js';
import { spreadLabels } from './label-places.js';
import { lineNames, nameRoom } from './line-names.js';

export type LinearRow = {
  readonly model: string;
  readonly at: number;
  /** The place in words: "3 px". */
  readonly step: string;
  readonly value: number;
  /** 95 % interval; the value itself where there is none. */
  readonly low: number;
  readonly high: number;
};

export type LinearLines = {
  readonly id: string;
  /** What is drawn, for titles and for readers who don't see it. */
  readonly title: string;
  readonly subtitle: string | readonly string[];
  /** Ascending along each model's line. */
  readonly rows: readonly LinearRow[];
  /** Ends and ticks of the horizontal axis, and what it is. */
  readonly axis: {
    readonly from: number;
    readonly to: number;
    readonly ticks: readonly number[];
    readonly title: string;
  };
  /** A value holds until the next (a cumulative share), instead of running to it. */
  readonly steps: boolean;
  readonly subject: string;
};

const HEIGHT = 200;

function specOf({ rows, axis, steps }: LinearLines, y: Domain): Spec {
  const room = nameRoom(
    rows.map(({ model }) => model),
    4,
  );
  const isSubject = 'datum.model === subject';
  const q = (field: string): Spec => ({ field, type: 'quantitative' });
  const scale = { domain: y.domain, nice: false };
  const interpolate = steps ? { interpolate: 'step-after' } : {};
  const detail = { field: 'model' };
  const layersOf = (subject: boolean): Spec[] => {
    const transform = [{ filter: subject ? isSubject : `!(${isSubject})` }];
    return [
      {
        transform,
        mark: {
          type: 'area',
          color: subject ? 'var(--interval)' : 'var(--faint)',
          opacity: subject ? 0.28 : 0.1,
          ...interpolate,
        },
        encoding: {
          y: { ...q('low'), scale, axis: { values: y.ticks, labelExpr: percentLabel, title: null } },
          y2: { field: 'high' },
          detail,
        },
      },
      {
        transform,
        mark: {
          type: 'line',
          strokeWidth: subject ? 2.25 : 1.5,
          color: subject ? 'var(--right)' : 'var(--faint)',
          ...interpolate,
        },
        encoding: { y: { ...q('value'), scale }, detail },
      },
    ];
  };
  return {
    ...framed(HEIGHT, { left: 44, top: 12, right: room + 10, bottom: 44 }),
    data: { name: 'steps' },
    params: [{ name: 'subject', value: '' }],
    encoding: {
      x: {
        ...q('at'),
        scale: { domain: [axis.from, axis.to], nice: false },
        axis: { values: axis.ticks, labelExpr: "replace(datum.label, '-', '\u2212')", title: axis.title, grid: false },
      },
    },
    layer: [
      ...layersOf(false),
      ...layersOf(true),
      {
        transform: [{ filter: isSubject }],
        mark: { type: 'point', size: 28, color: 'var(--right)', opacity: 1 },
        encoding: { y: { ...q('value'), scale } },
      },
      lineNames('model', room, isSubject, { scale }),
    ],
  };
}

/** Each model's name at the end of its line, moved apart where lines end together. */
function endRows(rows: readonly LinearRow[], { domain: [from, to] }: Domain): Row[] {
  const ends = [...new Map(rows.map((row) => [row.model, row])).values()];
  const unit = HEIGHT / (to - from);
  const places = spreadLabels(
    ends.map(({ value }) => unit * (to - value)),
    15,
    HEIGHT,
  );
  return ends.map((row, i) => ({ ...row, place: to - (places[i] ?? 0) / unit }));
}

/** The drawing; null where there are no two places to draw. */
export function linearDrawing(lines: LinearLines): Drawing | null {
  const { id, title, rows, subject } = lines;
  if (new Set(rows.map(({ at }) => at)).size < 2) return null;
  const domain = fractionDomain(0, Math.max(...rows.map(({ high }) => high)));
  const own = rows.filter(({ model }) => model === subject);
  return {
    id,
    spec: specOf(lines, domain),
    data: { steps: rows, ends: endRows(rows, domain) },
    signals: { subject },
    label: `${title}, ${subject}: ${own.map(({ step, value }) => `${step} ${percent(value)}`).join('; ')}`,
  };
}

/** The same as a file. */
export function linearFigure(lines: LinearLines): Figure | null {
  const drawing = linearDrawing(lines);
  if (drawing === null) return null;
  const { label: _, ...rest } = drawing;
  return { ...rest, title: lines.title, subtitle: lines.subtitle, width: 460 };
}

/** About `most` round ticks from `from` to `to`, 0 among them where it lies between. */
export function roundTicks(from: number, to: number, most = 9): number[] {
  const least = (to - from) / most;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= least - 1e-9) ?? 10 * power;
  const first = Math.ceil(from / step - 1e-9);
  const count = Math.floor(to / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toFixed(6)) + 0);
}
