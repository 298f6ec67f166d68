// Paired differences between models, a panel a metric, with the line of no difference.
import { isEstimate, type Comparison } from '../../core/estimate.js';
import { titleOf, type Facts } from '../facts.js';
import { isSettled } from '../../metrics/verdict.js';
import { points } from '../../metrics/words.js';
import { roundDomain, type Domain } from './axes.js';
import type { Chart, Drawing, Row } from './chart.js';
import { intervalPanel, type Naming } from './interval-panel.js';

/** Up to this many pairs all are drawn; beyond it only those of the model under study (the table has the others). */
export const MOST_PAIRS = 6;
const METRICS = ['top1Change', 'meanAbsoluteChange', 'accuracy'];

/** Metrics with a panel of differences. */
export function comparedMetrics({ input }: Facts): string[] {
  return METRICS.filter((metric) =>
    input.result.comparisons.some((row) => row.metric === metric && isEstimate(row.difference)),
  );
}

/** Whether only the differences from the model under study are drawn. */
export function onlySubject({ names, comparing }: Facts): boolean {
  return comparing || (names.length * (names.length - 1)) / 2 > MOST_PAIRS;
}

/**
 * Rows of one metric. The number stands on the bar's far side from zero, so that it doesn't cover the line there.
 *
 * @param subject only differences from this model, signed "other minus subject"; null for all as they are
 */
export function differenceRows(comparisons: readonly Comparison[], metric: string, subject: string | null): Row[] {
  return comparisons.flatMap((row) => {
    if (row.metric !== metric || !isEstimate(row.difference)) return [];
    if (subject !== null && row.a !== subject && row.b !== subject) return [];
    const turned = subject !== null && row.a === subject;
    const [a, b] = turned ? [row.b, row.a] : [row.a, row.b];
    const sign = turned ? -1 : 1;
    const { value, low, high } = row.difference;
    const bounds = turned ? [-high, -low] : [low, high];
    const [lower = 0, upper = 0] = bounds;
    return [
      {
        pair: subject === null ? `${a}|minus ${b}` : a,
        words: `${a} minus ${b}`,
        value: sign * value,
        low: lower,
        high: upper,
        clear: isSettled(row),
        side: value * sign < 0 ? 'left' : 'right',
        label: points(sign * value),
      },
    ];
  });
}

/** Axis of a metric's panel, with room for the numbers beyond the bars; the instabilities share one. */
export function differenceDomain(facts: Facts, metric: string): Domain {
  const instability = ['top1Change', 'meanAbsoluteChange'];
  const shared = instability.includes(metric) ? instability : [metric];
  const subject = onlySubject(facts) ? facts.names[0] : undefined;
  const bounds = facts.input.result.comparisons.flatMap(({ metric: name, a, b, difference }) =>
    shared.includes(name) && (subject === undefined || [a, b].includes(subject)) && isEstimate(difference)
      ? [difference.low, difference.high]
      : [],
  );
  const turned = onlySubject(facts) ? bounds.map((bound) => -bound) : [];
  const all = [0, ...bounds, ...turned];
  const { domain, ticks } = roundDomain(Math.min(...all), Math.max(...all), 6, 0.02);
  const room = 0.22 * (domain[1] - domain[0]);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  return { domain: [low < 0 ? Math.min(domain[0], low - room) : domain[0], Math.max(domain[1], high + room)], ticks };
}

/** Width of the column of pair names, pixels. */
export function pairWidth(facts: Facts): number {
  const letters = Math.max(...facts.names.map((name) => name.length)) + (onlySubject(facts) ? 0 : 6);
  return Math.round(Math.max(90, Math.min(216, 14 + 7.1 * letters)));
}

function drawing(facts: Facts, metric: string, naming: Naming, id: string): Drawing {
  const domain = differenceDomain(facts, metric);
  const subject = onlySubject(facts) ? (facts.names[0] ?? null) : null;
  const rows = differenceRows(facts.input.result.comparisons, metric, subject);
  return {
    id,
    spec: intervalPanel(domain, rows.length, {
      naming,
      left: pairWidth(facts),
      oneLine: onlySubject(facts),
    }),
    data: { differences: rows },
    label: `Differences of ${titleOf(metric)} in points: ${rows.map(({ words, label }) => `${String(words)} ${String(label)}`).join('; ')}`,
  };
}

export const differences: Chart = {
  name: 'differences',
  drawings: (facts) =>
    facts.names.length < 2
      ? []
      : comparedMetrics(facts).flatMap((metric, i) => [
          drawing(facts, metric, i === 0 ? 'left' : 'none', `differences-${metric}`),
          drawing(facts, metric, 'above', `differences-${metric}-narrow`),
        ]),
  figures: (facts) =>
    facts.names.length < 2
      ? []
      : comparedMetrics(facts).map((metric) => {
          const { label: _, ...rest } = drawing(facts, metric, 'left', `differences-${metric}`);
          return {
            ...rest,
            title: `${titleOf(metric)}: paired differences`,
            subtitle: 'percentage points, 95\u202f% intervals; filled: p < 0.05 after Holm',
            width: 360,
          };
        }),
};
