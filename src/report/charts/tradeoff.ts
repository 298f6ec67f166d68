// Accuracy against stability, a dot a model with both intervals and its name beside it.
import { isEstimate } from '../../core/estimate.js';
import type { Facts } from '../facts.js';
import { percent } from '../format.js';
import { fractionDomain, percentLabel, type Domain } from './axes.js';
import { framed, type Chart, type Row, type Spec } from './chart.js';
import { LABEL_LIMIT, placeLabels } from './label-places.js';

export const TRADEOFF_HEIGHT = 280;

/** What the chart draws of a model. */
export type TradeoffPoint = {
  readonly model: string;
  readonly accuracy: number;
  readonly accuracyLow: number;
  readonly accuracyHigh: number;
  readonly change: number;
  readonly changeLow: number;
  readonly changeHigh: number;
};

export type TradeoffScales = { readonly x: Domain; readonly y: Domain };

export function tradeoffPoints({ models }: Facts): TradeoffPoint[] {
  return models.flatMap(({ name, estimates: { accuracy, top1Change } }) =>
    isEstimate(accuracy) && isEstimate(top1Change)
      ? [
          {
            model: name,
            accuracy: accuracy.value,
            accuracyLow: accuracy.low,
            accuracyHigh: accuracy.high,
            change: top1Change.value,
            changeLow: top1Change.low,
            changeHigh: top1Change.high,
          },
        ]
      : [],
  );
}

export function tradeoffScales(points: readonly TradeoffPoint[]): TradeoffScales {
  const low = Math.min(...points.map(({ accuracyLow }) => accuracyLow));
  const high = Math.max(...points.map(({ accuracyHigh }) => accuracyHigh));
  const change = Math.max(...points.map(({ changeHigh }) => changeHigh));
  return { x: fractionDomain(low, high, 6, 0.2), y: fractionDomain(0, change, 5, 0.05) };
}

/** Rows with the places of their labels, for a plot of `width` pixels. */
export function tradeoffRows(points: readonly TradeoffPoint[], { x, y }: TradeoffScales, width: number): Row[] {
  const across = (value: number): number => (width * (value - x.domain[0])) / (x.domain[1] - x.domain[0]);
  const down = (value: number): number => TRADEOFF_HEIGHT * (1 - (value - y.domain[0]) / (y.domain[1] - y.domain[0]));
  const dots = points.map((point) => ({
    x: across(point.accuracy),
    y: down(point.change),
    left: across(point.accuracyLow),
    right: across(point.accuracyHigh),
    top: down(point.changeHigh),
    bottom: down(point.changeLow),
    text: point.model,
  }));
  const places = placeLabels(dots, width, TRADEOFF_HEIGHT);
  const unit = [(x.domain[1] - x.domain[0]) / width, (y.domain[1] - y.domain[0]) / TRADEOFF_HEIGHT] as const;
  return points.map((point, i) => {
    const place = places[i];
    const [dx, dy] = [place?.dx ?? 0, place?.dy ?? 0];
    return { ...point, ...place, leaderX: point.accuracy + dx * unit[0], leaderY: point.change - dy * unit[1] };
  });
}

function spec({ x, y }: TradeoffScales): Spec {
  const rule = { type: 'rule', color: 'var(--interval)', strokeWidth: 2.5 };
  const q = (field: string): Spec => ({ field, type: 'quantitative' });
  const label = { type: 'text', baseline: 'middle', fontSize: 13, limit: LABEL_LIMIT, align: { expr: 'datum.align' } };
  return {
    ...framed(TRADEOFF_HEIGHT, { left: 48, top: 30, right: 14, bottom: 44 }),
    data: { name: 'models' },
    params: [{ name: 'subject', value: '' }],
    encoding: {
      x: {
        ...q('accuracy'),
        scale: { domain: x.domain, nice: false },
        axis: { values: x.ticks, labelExpr: percentLabel, title: 'Accuracy  →  better', labelFlush: true },
      },
      y: {
        ...q('change'),
        scale: { domain: y.domain, nice: false },
        axis: {
          values: y.ticks,
          labelExpr: percentLabel,
          title: 'P(top-1 change)  ↓  better',
          titleAngle: 0,
          titleAlign: 'left',
          titleAnchor: 'end',
          titleX: -40,
          titleY: -12,
          titleBaseline: 'bottom',
        },
      },
    },
    layer: [
      { mark: rule, encoding: { x: q('accuracyLow'), x2: { field: 'accuracyHigh' } } },
      { mark: rule, encoding: { y: q('changeLow'), y2: { field: 'changeHigh' } } },
      {
        transform: [{ filter: 'datum.leader' }],
        mark: { type: 'rule', color: 'var(--faint)', strokeWidth: 1 },
        encoding: { x2: { field: 'leaderX' }, y2: { field: 'leaderY' } },
      },
      { mark: { type: 'point', size: 90, color: 'var(--right)', stroke: 'var(--paper)', strokeWidth: 1.5 } },
      ...[{ stroke: 'var(--paper)', strokeWidth: 3.5, color: 'var(--paper)' }, { color: 'var(--ink)' }].map((ink) => ({
        mark: {
          ...label,
          ...ink,
          dx: { expr: "datum.dx + (datum.leader ? (datum.align === 'left' ? 3 : -3) : 0)" },
          dy: { expr: 'datum.dy' },
          fontWeight: { expr: "datum.model === subject ? 'bold' : 'normal'" },
        },
        encoding: { text: { field: 'model' } },
      })),
    ],
  };
}

/** Two models or more with both numbers make a picture; one alone doesn't. */
function pointsToDraw(facts: Facts): TradeoffPoint[] {
  const points = tradeoffPoints(facts);
  return points.length > 1 ? points : [];
}

export const tradeoff: Chart = {
  name: 'tradeoff',
  drawings: (facts) => {
    const points = pointsToDraw(facts);
    if (points.length === 0) return [];
    const words = points.map(
      ({ model, accuracy, change }) => `${model}: accuracy ${percent(accuracy)}, P(top-1 change) ${percent(change)}`,
    );
    return [
      {
        id: 'tradeoff',
        spec: spec(tradeoffScales(points)),
        data: { models: [] },
        signals: { subject: facts.names[0] ?? '' },
        label: words.join('; '),
      },
    ];
  },
  figures: (facts) => {
    const points = pointsToDraw(facts);
    if (points.length === 0) return [];
    const scales = tradeoffScales(points);
    return [
      {
        id: 'tradeoff',
        spec: spec(scales),
        data: { models: tradeoffRows(points, scales, 560) },
        signals: { subject: '' },
        title: 'Accuracy against stability',
        subtitle: `95\u202f% intervals over pictures${facts.words.pooled === null ? '' : `, ${facts.words.pooled}`}`,
        width: 560,
      },
    ];
  },
};
