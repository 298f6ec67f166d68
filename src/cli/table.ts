// Estimates as a table for the terminal: metrics down and models across for one or two models, else models down.
import { isEstimate, valueOf, type MaybeEstimate } from '../core/estimate.js';
import type { ModelResult, Result } from '../core/result.js';
import { corruptionWords } from '../metrics/corruption-words.js';
import { isSettled } from '../metrics/verdict.js';
import { metrics } from '../metrics/registry.js';
import { counted, percent, percentWithInterval, pointsWithInterval, pValue } from '../metrics/words.js';

/** Metrics of the wide table, where models are rows. */
const SHORT = ['top1Change', 'meanAbsoluteChange', 'meanConfidence', 'accuracy'];
/** Metrics of the long table: those that say something of their own (consistency is 1 − top1Change). */
const LONG = [
  'top1Change',
  'top1ChangeAmongCorrect',
  'everChanged',
  'jaggedness',
  'meanAbsoluteChange',
  'meanConfidence',
  'trueProbabilityRange',
  'accuracy',
  'top5Accuracy',
  'worstAccuracy',
];

/** The table of a result, as lines without a newline. */
export function resultTable(result: Result): string[] {
  const { models } = result;
  const title = (name: string): string => metrics.find((metric) => metric.name === name)?.title ?? name;
  if (models.length <= 2) {
    const rows = LONG.map((name) => [title(name), ...models.map((model) => estimateCell(model.estimates[name]))]);
    return aligned([['', ...models.map(({ name }) => name)], ...rows]);
  }
  const rows = models.map((model) => [model.name, ...SHORT.map((name) => estimateCell(model.estimates[name]))]);
  return aligned([['', ...SHORT.map(title)], ...rows]);
}

/** The protocol in one line, with its hash: all its options but the lists of a sweep. */
export function protocolLines({ protocol, pictures }: Result): string[] {
  const { options } = protocol.probe;
  const parts =
    options !== null && typeof options === 'object' && !('steps' in options)
      ? Object.entries(options).map(([key, value]) => `${key} ${optionText(value)}`)
      : [protocol.probe.name];
  const corrupted = corruptionWords(protocol);
  return [
    `${protocol.name}: ${[...parts, ...(corrupted === null ? [] : [corrupted]), `seed ${protocol.seed}`, `hash ${protocol.hash.slice(0, 12)}`].join(', ')}; ${counted(pictures.count, 'picture')}`,
  ];
}

/** An option's value; of long lists the number of entries. */
function optionText(value: unknown): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) && value.length > 8 ? `(${value.length})` : JSON.stringify(value);
}

/** Estimates of each step of a sweep, for models that have several. */
export function seriesTable(models: readonly ModelResult[]): string[] {
  return models
    .filter(({ series }) => series.length > 1)
    .flatMap(({ name, series }) => {
      // Where a step has many views, what counts is often the worst of them.
      const worse = series.some(
        ({ estimates }) => valueOf(estimates['worstAccuracy']) !== valueOf(estimates['accuracy']),
      );
      const shown = ['top1Change', 'meanAbsoluteChange', 'accuracy', ...(worse ? ['worstAccuracy'] : [])];
      const titles = ['P(top-1 change)', 'mean absolute change', 'accuracy', 'right under every view'];
      return [
        '',
        ...aligned([
          [name, ...titles.slice(0, shown.length)],
          ...series.map(({ at, estimates }) => [
            Object.entries(at)
              .map(([key, value]) => `${key} ${value}`)
              .join(', '),
            ...shown.map((metric) => estimateCell(estimates[metric])),
          ]),
        ]),
      ];
    });
}

/** Whether no view of a run differs from its reference for any model: then there is nothing to tabulate. */
export function nothingChanges({ models }: Result): boolean {
  return models.every(
    ({ estimates }) => valueOf(estimates['everChanged']) === 0 && valueOf(estimates['meanAbsoluteChange']) === 0,
  );
}

/** Paired differences in P(top-1 change), settled ones marked. */
export function comparisonTable({ comparisons }: Result): string[] {
  const rows = comparisons.filter(({ metric, difference }) => metric === 'top1Change' && isEstimate(difference));
  if (rows.length === 0) return [];
  return [
    'Paired differences in P(top-1 change), percentage points; * settled (p < 0.05 after Holm over all metrics and pairs)',
    ...aligned(
      rows.map((row) => [
        `${isSettled(row) ? '*' : ' '} ${row.a} − ${row.b}`,
        isEstimate(row.difference) ? pointsWithInterval(row.difference).replace(' points', '') : '',
        row.pHolm === null ? '' : pValue(row.pHolm),
      ]),
    ),
  ];
}

function estimateCell(estimate: MaybeEstimate | undefined): string {
  const value = valueOf(estimate);
  return isEstimate(estimate) ? percentWithInterval(estimate) : value === null ? '–' : percent(value);
}

/** Columns padded to their widest cell, three spaces apart; by default the first to the left, the others to the right. */
export function aligned(
  rows: readonly (readonly string[])[],
  sides: readonly ('left' | 'right')[] = ['left'],
): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const cell = (text: string, column: number): string =>
    sides[column] === 'left' ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(cell).join('   ').trimEnd());
}
