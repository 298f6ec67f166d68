// A comparison for the terminal: what the models do, how they differ from the reference, what they cost.
import { isEstimate, type MaybeEstimate } from '../core/estimate.js';
import type { ModelCost } from '../core/compare.js';
import type { Result } from '../core/result.js';
import { bothByChance, comparisonWords, correlationText, fromReference } from '../metrics/compare-words.js';
import { metricNamed } from '../metrics/registry.js';
import type { AnswerTime } from '../metrics/times.js';
import { remarks } from '../metrics/verdict.js';
import { coefficient, compact, percent, percentWithInterval, points, pValue, threeDigits } from '../metrics/words.js';
import { layersText } from './inside-table.js';
import { aligned, protocolLines, seriesTable } from './table.js';

const ESTIMATES = ['accuracy', 'meanConfidence', 'top1Change', 'consistency', 'meanAbsoluteChange'];
const DIFFERENCES = ['top1Change', 'meanAbsoluteChange', 'accuracy', 'meanConfidence'];

/** Protocol, tables, sentences and layers of one part of a comparison. @param times of the models, where they were timed */
export function comparisonLines(result: Result, times: readonly AnswerTime[]): string[] {
  const { models } = result;
  const { findings, warnings } = comparisonWords(result, times);
  return [
    ...protocolLines(result),
    '',
    ...aligned([
      ['', ...ESTIMATES.map(title)],
      ...models.map(({ name, estimates }) => [name, ...ESTIMATES.map((metric) => estimateText(estimates[metric]))]),
    ]),
    '',
    ...differences(result),
    '',
    ...costs(result, times),
    ...againstLines(result),
    ...flipLines(result),
    ...seriesTable(models),
    ...layersText(result),
    '',
    ...findings,
    ...warnings.map((warning) => `Careful: ${warning}`),
    ...remarks(result),
  ];
}

function title(metric: string): string {
  return metricNamed(metric).title;
}

function estimateText(estimate: MaybeEstimate | undefined): string {
  if (isEstimate(estimate)) return percentWithInterval(estimate);
  return estimate?.value === undefined ? '–' : percent(estimate.value);
}

/** Each model minus the reference. */
function differences(result: Result): string[] {
  const [reference, ...others] = result.models;
  const rows = others.map(({ name }) => [
    name,
    ...DIFFERENCES.map((metric) => {
      const found = fromReference(result, name, metric);
      if (found === null) return '–';
      return `${found.settled ? '*' : ' '} ${points(found.value)} [${points(found.low)}, ${points(found.high)}] ${found.pHolm === null ? '' : pValue(found.pHolm)}`;
    }),
  ]);
  return [
    `Minus ${reference?.name ?? ''}, percentage points over the same pictures; * settled (p < 0.05 after Holm over these models and all metrics)`,
    ...aligned([['', ...DIFFERENCES.map(title)], ...rows]),
  ];
}

function costs({ models }: Result, times: readonly AnswerTime[]): string[] {
  const rows = models.map(({ name, cost }) => {
    const time = times.find(({ model }) => model === name);
    return [name, ...costCells(cost), ...(times.length === 0 ? [] : timeCells(time))];
  });
  const own = models.some(({ runtime }) => runtime.startsWith('@tensorflow/tfjs-node'));
  const head = ['', 'multiply-acc.', 'parameters', 'file', 'subsampling', 'depth'];
  const timed = times.length === 0 ? [] : ['ms an answer', '× reference'];
  return [
    `What one answer costs${times.length === 0 ? '' : `; times of one thread${own ? " (of TensorFlow's own library: of as many as it takes)" : ''}, the models in turns: medians over rounds with 95 % intervals`}`,
    ...aligned([[...head, ...timed], ...rows]),
  ];
}

function costCells(cost: ModelCost | undefined): string[] {
  const number = (value: number | { readonly unavailable: string } | undefined, unit = ''): string =>
    typeof value === 'number' ? compact(value, unit) : '–';
  const factor = cost?.factor;
  const sides =
    factor === undefined || 'unavailable' in factor
      ? '–'
      : factor.y === factor.x
        ? String(factor.y)
        : `${factor.y} × ${factor.x}`;
  return [
    number(cost?.macs),
    number(cost?.parameters),
    number(cost?.bytes, 'B'),
    sides,
    typeof cost?.depth === 'number' ? String(cost.depth) : '–',
  ];
}

function timeCells(time: AnswerTime | undefined): string[] {
  const cell = (value: AnswerTime['median'] | undefined): string => {
    if (value === undefined || 'unavailable' in value)
      return value?.value === undefined ? '–' : threeDigits(value.value);
    const [middle, low, high] = [value.value, value.low, value.high].map(threeDigits);
    return `${middle} [${low}, ${high}]`;
  };
  return [cell(time?.median), cell(time?.ratio)];
}

/** The rank correlations of `--x`. */
function againstLines({ against }: Result): string[] {
  if (against === undefined) return [];
  return [
    '',
    `Against ${against.name}: ${against.values.map(({ model, value }) => `${model} ${compact(value)}`).join(', ')}`,
    ...against.correlations.map(({ metric, correlation }) => `  ${title(metric)}: ${correlationText(correlation)}`),
  ];
}

/** Pictures that both, one or neither of a model and the reference flips. */
function flipLines({ models, flips }: Result): string[] {
  const reference = models[0]?.name;
  const pairs = (flips?.pairs ?? []).filter(({ a }) => a === reference);
  if (pairs.length === 0) return [];
  const rows = pairs.map((pair) => {
    const { b, both, onlyA, onlyB, neither, kappa } = pair;
    return [
      b,
      String(both),
      bothByChance(pair).toFixed(1),
      ...[onlyA, onlyB, neither].map(String),
      isEstimate(kappa) ? `${coefficient(kappa.value)} [${coefficient(kappa.low)}, ${coefficient(kappa.high)}]` : '–',
    ];
  });
  return [
    '',
    `Pictures whose answer ever changes, beside ${reference ?? ''}; kappa: 1 the same pictures, 0 as many as by chance`,
    ...aligned([['', 'both', 'by chance', `only ${reference ?? ''}`, 'only the other', 'neither', 'kappa'], ...rows]),
  ];
}
