// Change and accuracy against a number of each model (`--x`): "deeper, more accurate, less stable" (Azulay & Weiss, JMLR
// 2019) as two panels of one axis.
import { isEstimate } from '../../core/estimate.js';
import { AGAINST_METRICS } from '../../metrics/against.js';
import { compact } from '../../metrics/words.js';
import { titleOf, type Facts } from '../facts.js';
import { interval, percent } from '../format.js';
import { fractionDomain, percentLabel } from './axes.js';
import { framed, type Chart, type Spec } from './chart.js';
import {
  DOTS_HEIGHT,
  dotLayers,
  dotRows,
  titleAbove,
  type DotAxis,
  type LabelledDot,
  type LabelledDots,
} from './labelled-dots.js';

/** Numbers that span more than this ratio are drawn logarithmically. */
const LOG = 8;

/** What a number is called. */
export function numberTitle(name: string): string {
  const titles: Readonly<Record<string, string>> = {
    params: 'parameters',
    macs: 'multiply-accumulates',
    depth: 'depth',
    factor: 'subsampling factor',
  };
  return titles[name] ?? name;
}

/** What stands below its axis. */
function axisTitle(name: string): string {
  return name === 'depth' ? 'depth: layers with weights' : numberTitle(name);
}

/** A metric's panel; null where fewer than two models have both numbers. */
export function againstDots({ models, input }: Facts, metric: string): LabelledDots | null {
  const { against } = input.result;
  if (against === undefined) return null;
  const points = models.flatMap(({ name, estimates }): LabelledDot[] => {
    const estimate = estimates[metric];
    const found = against.values.find(({ model }) => model === name);
    if (!isEstimate(estimate) || found === undefined) return [];
    return [
      {
        model: name,
        x: found.value,
        y: estimate.value,
        yLow: estimate.low,
        yHigh: estimate.high,
        radius: 5.4,
        words: [
          `${numberTitle(against.name)} ${compact(found.value)}`,
          `${titleOf(metric)} ${percent(estimate.value)} [${interval(estimate)}]`,
        ],
      },
    ];
  });
  if (points.length < 2) return null;
  const low = metric === 'top1Change' ? 0 : Math.min(...points.map(({ yLow }) => yLow));
  const y = fractionDomain(low, Math.max(...points.map(({ yHigh }) => yHigh)), 5, 0.05);
  return { points, x: numberAxis(points.map((point) => point.x)), y };
}

/** Room on both sides of the outermost models; marks at the numbers themselves where they are few. */
function numberAxis(values: readonly number[]): DotAxis {
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  const [low, high] = [distinct[0] ?? 0, distinct.at(-1) ?? 1];
  const ticks = distinct.length <= 6 ? distinct : null;
  if (low > 0 && high / low > LOG) {
    const room = (high / low) ** 0.06;
    return { domain: [low / room, high * room], ticks, log: true };
  }
  const room = high > low ? 0.06 * (high - low) : Math.max(1, Math.abs(low)) / 2;
  return { domain: [low - room, high + room], ticks };
}

function spec({ x, y }: LabelledDots, metric: string, title: string): Spec {
  const better = metric === 'accuracy' ? '↑  better' : '↓  better';
  return {
    ...framed(DOTS_HEIGHT, { left: 48, top: 30, right: 14, bottom: 44 }),
    data: { name: 'models' },
    params: [{ name: 'subject', value: '' }],
    encoding: {
      x: {
        field: 'x',
        type: 'quantitative',
        scale: { domain: x.domain, nice: false, ...(x.log ? { type: 'log' } : { zero: false }) },
        axis: {
          ...(x.ticks === null ? { tickCount: 5 } : { values: x.ticks }),
          labelExpr: "replace(format(datum.value, abs(datum.value) < 1000 ? '~r' : '.3~s'), /([kMGT])$/, '\u202f$1')",
          title,
        },
      },
      y: {
        field: 'y',
        type: 'quantitative',
        scale: { domain: y.domain, nice: false },
        axis: {
          ...(y.ticks === null ? {} : { values: y.ticks }),
          labelExpr: percentLabel,
          ...titleAbove(`${titleOf(metric)}  ${better}`),
        },
      },
    },
    layer: dotLayers(),
  };
}

export const against: Chart = {
  name: 'against',
  drawings: (facts) =>
    AGAINST_METRICS.flatMap((metric) => {
      const dots = againstDots(facts, metric);
      const name = facts.input.result.against?.name ?? '';
      if (dots === null) return [];
      const words = dots.points.map(({ model, x, y }) => `${model}: ${compact(x)}, ${percent(y)}`);
      return [
        {
          id: `against-${metric}`,
          spec: spec(dots, metric, axisTitle(name)),
          data: { models: [] },
          signals: { subject: facts.names[0] ?? '' },
          label: `${titleOf(metric)} against ${numberTitle(name)}: ${words.join('; ')}`,
        },
      ];
    }),
  figures: (facts) =>
    AGAINST_METRICS.flatMap((metric) => {
      const dots = againstDots(facts, metric);
      const name = facts.input.result.against?.name ?? '';
      if (dots === null) return [];
      return [
        {
          id: `against-${metric}`,
          spec: spec(dots, metric, axisTitle(name)),
          data: { models: dotRows(dots, 520) },
          signals: { subject: '' },
          title: `${titleOf(metric)} against ${numberTitle(name)}`,
          subtitle: '95\u202f% intervals over pictures',
          width: 520,
        },
      ];
    }),
};
