// Dots with their intervals and their names beside them: what scatter plots of models share. The names' places depend on
// the plot's width, so the rows are made where that is known: in the page's script, or for a figure.
import type { Domain } from './axes.js';
import type { Row, Spec } from './chart.js';
import { LABEL_LIMIT, placeLabels } from './label-places.js';
import { shortName } from './short-names.js';

/** Width of a letter of a name, pixels. */
const LETTER = 8.2;

export const DOTS_HEIGHT = 280;

/** Between a leader's end and its text, pixels. */
const GAP = 3;

/** One model. Bounds are left out where a number has none. */
export type LabelledDot = {
  readonly model: string;
  readonly x: number;
  readonly xLow?: number;
  readonly xHigh?: number;
  readonly y: number;
  readonly yLow: number;
  readonly yHigh: number;
  /** Of the dot, pixels. */
  readonly radius: number;
  /** What the pointer is told, a line each. */
  readonly words: readonly string[];
};

/** An axis; `log` where it is logarithmic. */
export type DotAxis = Pick<Domain, 'domain'> & { readonly ticks: readonly number[] | null; readonly log?: boolean };

export type LabelledDots = {
  readonly points: readonly LabelledDot[];
  readonly x: DotAxis;
  readonly y: DotAxis;
};

/** Rows with the places of their labels, for a plot of `width` pixels. */
export function dotRows({ points, x, y }: LabelledDots, width: number): Row[] {
  const across = (value: number): number => width * placeOn(x, value);
  const down = (value: number): number => DOTS_HEIGHT * (1 - placeOn(y, value));
  const places = placeLabels(
    points.map((point) => ({
      x: across(point.x),
      y: down(point.y),
      left: across(point.xLow ?? point.x),
      right: across(point.xHigh ?? point.x),
      top: down(point.yHigh),
      bottom: down(point.yLow),
      text: point.model,
      radius: point.radius,
    })),
    width,
    DOTS_HEIGHT,
  );
  return points.map((point, i) => {
    const place = places[i];
    // A leader ends a little before its text.
    const end = (place?.dx ?? 0) + (place?.align === 'right' ? GAP : -GAP);
    return {
      ...point,
      ...place,
      size: Math.PI * point.radius ** 2,
      leaderX: valueAt(x, (across(point.x) + end) / width),
      leaderY: valueAt(y, 1 - (down(point.y) + (place?.dy ?? 0)) / DOTS_HEIGHT),
    };
  });
}

function placeOn({ domain: [from, to], log }: DotAxis, value: number): number {
  return log ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
}

function valueAt({ domain: [from, to], log }: DotAxis, place: number): number {
  return log ? from * (to / from) ** place : from + place * (to - from);
}

const q = (field: string): Spec => ({ field, type: 'quantitative' });

/** Bars, leaders, dots and names; the spec has a signal `subject`, whose name is bold. */
export function dotLayers(): Spec[] {
  const rule = { type: 'rule', color: 'var(--interval)', strokeWidth: 2.5 };
  const label = { type: 'text', baseline: 'middle', fontSize: 13, limit: LABEL_LIMIT, align: { expr: 'datum.align' } };
  return [
    {
      transform: [{ filter: 'isValid(datum.xLow)' }],
      mark: rule,
      encoding: { x: q('xLow'), x2: { field: 'xHigh' } },
    },
    { mark: rule, encoding: { y: q('yLow'), y2: { field: 'yHigh' } } },
    {
      transform: [{ filter: 'datum.leader' }],
      mark: { type: 'rule', color: 'var(--faint)', strokeWidth: 1 },
      encoding: { x2: { field: 'leaderX' }, y2: { field: 'leaderY' } },
    },
    {
      mark: {
        type: 'point',
        size: { expr: 'datum.size' },
        color: 'var(--right)',
        stroke: 'var(--paper)',
        strokeWidth: 1.5,
      },
    },
    ...[{ stroke: 'var(--paper)', strokeWidth: 3.5, color: 'var(--paper)' }, { color: 'var(--ink)' }].map((ink) => ({
      mark: {
        ...label,
        ...ink,
        dx: { expr: 'datum.dx' },
        dy: { expr: 'datum.dy' },
        fontWeight: { expr: "datum.model === subject ? 'bold' : 'normal'" },
      },
      transform: [{ calculate: shortName('datum.model', Math.floor(LABEL_LIMIT / LETTER)), as: 'short' }],
      encoding: { text: { field: 'short' } },
    })),
  ];
}

/** A title above the axis, at the plot's left edge. */
export function titleAbove(title: string): Spec {
  return {
    title,
    titleAngle: 0,
    titleAlign: 'left',
    titleAnchor: 'end',
    titleX: -40,
    titleY: -12,
    titleBaseline: 'bottom',
  };
}
