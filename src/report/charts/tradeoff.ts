// Accuracy against stability, a dot a model with both intervals and its name beside it; the dot's area says what an
// answer costs, the line is the Pareto front.
import { isEstimate } from '../../core/estimate.js';
import { costNumber } from '../../metrics/compare-words.js';
import { paretoPlaces } from '../../metrics/pareto.js';
import { compact } from '../../metrics/words.js';
import type { Facts } from '../facts.js';
import { interval, percent } from '../format.js';
import { fractionDomain, percentLabel } from './axes.js';
import { framed, type Chart, type Row, type Spec } from './chart.js';
import {
  DOTS_HEIGHT,
  dotLayers,
  dotRows,
  titleAbove,
  type DotAxis,
  type LabelledDot,
  type LabelledDots,
} from './labelled-dots.js';

/** Radius of a dot, pixels: of all where costs are alike or not known, else from the cheapest to the dearest. */
const RADIUS = 5.4;
const RADII = [4, 11] as const;

/** What the chart draws; null where fewer than two models have both numbers. */
export function tradeoffDots(facts: Facts): LabelledDots | null {
  const radius = radiusOf(facts);
  const points = facts.models.flatMap(({ name, cost, estimates: { accuracy, top1Change } }): LabelledDot[] => {
    if (!isEstimate(accuracy) || !isEstimate(top1Change)) return [];
    const macs = costNumber(cost, 'macs');
    return [
      {
        model: name,
        x: accuracy.value,
        xLow: accuracy.low,
        xHigh: accuracy.high,
        y: top1Change.value,
        yLow: top1Change.low,
        yHigh: top1Change.high,
        radius: macs === null ? RADIUS : radius(macs),
        words: [
          `accuracy ${percent(accuracy.value)} [${interval(accuracy)}]`,
          `P(top-1 change) ${percent(top1Change.value)} [${interval(top1Change)}]`,
          ...(macs === null ? [] : [`${compact(macs)} multiply-accumulates`]),
        ],
      },
    ];
  });
  if (points.length < 2) return null;
  const low = Math.min(...points.map(({ x, xLow }) => xLow ?? x));
  const high = Math.max(...points.map(({ x, xHigh }) => xHigh ?? x));
  const change = Math.max(...points.map(({ yHigh }) => yHigh));
  return { points, x: fractionDomain(low, high, 6, 0.2), y: fractionDomain(0, change, 5, 0.05) };
}

/** The range of the dots' costs in words; null where all dots are alike. */
export function dotCosts({ models }: Facts): string | null {
  const known = models.flatMap(({ cost }) => costNumber(cost, 'macs') ?? []);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  return known.length > 1 && least < most ? `${compact(least)} to ${compact(most)}` : null;
}

/** Areas grow with the logarithm of the cost: from one model to another it may differ a hundredfold. */
function radiusOf({ models }: Facts): (macs: number) => number {
  const known = models.flatMap(({ cost }) => costNumber(cost, 'macs') ?? []).filter((macs) => macs > 0);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const [from, to] = RADII;
  return (macs) => {
    if (known.length < 2 || least === most || macs <= 0) return RADIUS;
    const place = Math.log(macs / least) / Math.log(most / least);
    return Math.sqrt(from ** 2 + place * (to ** 2 - from ** 2));
  };
}

/** Corners of the line that parts what is beaten from what isn't. */
function frontRows({ models, input }: Facts, { points, x, y }: LabelledDots): Row[] {
  const places = paretoPlaces(models, input.result.comparisons);
  const on = points
    .filter(({ model }) => places.some((place) => place.model === model && place.beatenBy === null))
    .toSorted((a, b) => a.x - b.x || a.y - b.y);
  const [first] = on;
  const last = on.at(-1);
  if (first === undefined || last === undefined) return [];
  const corners = on.flatMap((point, i) => {
    const next = on[i + 1];
    return next ? [point, { x: point.x, y: next.y }] : [point];
  });
  return [{ x: x.domain[0], y: first.y }, ...corners, { x: last.x, y: y.domain[1] }].map((corner, order) => ({
    x: corner.x,
    y: corner.y,
    order,
  }));
}

function spec({ x, y }: { readonly x: DotAxis; readonly y: DotAxis }): Spec {
  const q = (field: string): Spec => ({ field, type: 'quantitative' });
  return {
    ...framed(DOTS_HEIGHT, { left: 48, top: 30, right: 14, bottom: 44 }),
    data: { name: 'models' },
    params: [{ name: 'subject', value: '' }],
    encoding: {
      x: {
        ...q('x'),
        scale: { domain: x.domain, nice: false },
        axis: { values: x.ticks, labelExpr: percentLabel, title: 'Accuracy  →  better', labelFlush: true },
      },
      y: {
        ...q('y'),
        scale: { domain: y.domain, nice: false },
        axis: { values: y.ticks, labelExpr: percentLabel, ...titleAbove('P(top-1 change)  ↓  better') },
      },
    },
    layer: [
      {
        data: { name: 'front' },
        mark: { type: 'line', color: 'var(--faint)', strokeWidth: 1.25, strokeDash: [4, 3] },
        encoding: { order: q('order') },
      },
      ...dotLayers(),
    ],
  };
}

export const tradeoff: Chart = {
  name: 'tradeoff',
  drawings: (facts) => {
    const dots = tradeoffDots(facts);
    if (dots === null) return [];
    const words = dots.points.map(
      ({ model, x, y }) => `${model}: accuracy ${percent(x)}, P(top-1 change) ${percent(y)}`,
    );
    return [
      {
        id: 'tradeoff',
        spec: spec(dots),
        data: { models: [], front: frontRows(facts, dots) },
        signals: { subject: facts.names[0] ?? '' },
        label: words.join('; '),
      },
    ];
  },
  figures: (facts) => {
    const dots = tradeoffDots(facts);
    if (dots === null) return [];
    const costs = dotCosts(facts);
    return [
      {
        id: 'tradeoff',
        spec: spec(dots),
        data: { models: dotRows(dots, 560), front: frontRows(facts, dots) },
        signals: { subject: '' },
        title: 'Accuracy against stability',
        subtitle: [
          `95\u202f% intervals over pictures${facts.words.pooled === null ? '' : `, ${facts.words.pooled}`}`,
          `Dashed: the front${costs === null ? '' : `; dots: ${costs} multiply-accumulates an answer`}`,
        ],
        width: 560,
      },
    ];
  },
};
