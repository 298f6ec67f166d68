// The table of a comparison: a row a model; what it answers, how that differs from the reference, what an answer costs.
import { isEstimate } from '../core/estimate.js';
import type { ModelCost } from '../core/compare.js';
import { costNumber, fromReference } from '../metrics/compare-words.js';
import { compact, points, pValue, threeDigits } from '../metrics/words.js';
import { titleOf, type Facts } from './facts.js';
import { percent } from './format.js';
import { markup, type Html } from './html.js';
import { modelMark } from './model-mark.js';
import { reasonOf } from './words.js';

const METRICS = ['accuracy', 'meanConfidence', 'top1Change', 'consistency', 'meanAbsoluteChange'];

/** A value with what stands below it, each on a line of its own. */
function cell(value: string | Html, ...below: readonly (string | Html)[]): Html {
  return markup`${value}${below.map((line) => markup`<span>${line}</span>`)}`;
}

function none(reason: string): Html {
  return markup`<span class="soft" title="${reason}">–<span class="sr"> (${reason})</span></span>`;
}

function estimateCell({ models, input }: Facts, model: number, metric: string): Html {
  const found = models[model];
  const estimate = found?.estimates[metric];
  if (!isEstimate(estimate))
    return estimate?.value === undefined
      ? none(reasonOf(estimate))
      : cell(percent(estimate.value), estimate.unavailable);
  const bounds = `${(100 * estimate.low).toFixed(1)} to ${(100 * estimate.high).toFixed(1)}`;
  const from = model === 0 ? null : fromReference(input.result, found?.name ?? '', metric);
  if (from === null) return cell(percent(estimate.value), bounds);
  const told = `95\u202f% interval ${points(from.low)} to ${points(from.high)}${from.pHolm === null ? '' : `, ${pValue(from.pHolm)} after Holm`}`;
  const difference = from.settled
    ? markup`<b class="difference" title="${told}">${points(from.value)}</b>`
    : markup`<i class="difference" title="${told}">${points(from.value)}</i>`;
  return cell(percent(estimate.value), bounds, difference);
}

/** A cost with its multiple of the reference's, where it differs. */
function costCell(
  [own, reference]: readonly [ModelCost | undefined, ModelCost | undefined],
  what: 'macs' | 'parameters' | 'bytes',
): Html {
  const value = own?.[what];
  if (typeof value !== 'number') return none(value?.unavailable ?? 'not told');
  const before = costNumber(reference, what);
  const text = compact(value, what === 'bytes' ? 'B' : '');
  const times = before === null || before === 0 || own === reference ? null : threeDigits(value / before);
  return times === null || times === '1.00' ? cell(text) : cell(text, `${times} ×`);
}

function costCells(own: ModelCost | undefined, reference: ModelCost | undefined): Html[] {
  const factor = own?.factor;
  const sides =
    factor === undefined
      ? none('not told')
      : 'unavailable' in factor
        ? none(factor.unavailable)
        : markup`${factor.y === factor.x ? factor.y : `${factor.y} × ${factor.x}`}`;
  const depth = own?.depth;
  return [
    ...(['macs', 'parameters', 'bytes'] as const).map((what) => costCell([own, reference], what)),
    sides,
    typeof depth === 'number' ? markup`${depth}` : none(depth?.unavailable ?? 'not told'),
  ];
}

/** Milliseconds, and their multiple of the reference's. */
function timeCell({ times }: Facts, model: string): Html {
  const time = times.find((one) => one.model === model);
  const { median, ratio } = time ?? {};
  if (median === undefined) return none('not timed');
  if (median.value === undefined) return none('unavailable' in median ? median.unavailable : 'not timed');
  const value = threeDigits(median.value);
  if ('unavailable' in median) return cell(value, median.unavailable);
  const bounds = `${threeDigits(median.low)} to ${threeDigits(median.high)}`;
  return ratio === undefined || 'unavailable' in ratio || time === times[0]
    ? cell(value, bounds)
    : cell(value, bounds, `${threeDigits(ratio.value)} × [${threeDigits(ratio.low)} to ${threeDigits(ratio.high)}]`);
}

/**
 * Columns with what stands in them, in groups; the reference's row first.
 *
 * @param costs whether what an answer costs is told too: not again of further probes of the same models; by default where
 *   any model tells it
 */
export function comparisonTable(facts: Facts, costs = facts.models.some(({ cost }) => cost !== undefined)): Html {
  const { models, times } = facts;
  const metrics = METRICS.filter((metric) => models.some(({ estimates }) => estimates[metric]));
  const timed = costs && times.length > 0 ? ['ms an answer'] : [];
  // Long words may break where the column is narrow.
  const told = costs
    ? ['Multiply-accu\u00admulates', 'Para\u00admeters', 'File', 'Sub\u00adsampling', 'Depth', ...timed]
    : [];
  const groups = [
    { text: '', span: 1 },
    { text: 'What it answers', span: metrics.length },
    ...(costs ? [{ text: 'What it costs', span: told.length }] : []),
  ];
  return markup`<table class="comparison">
    <thead>
      <tr>
        ${groups.map(({ text, span }) => (text === '' ? markup`<td></td>` : markup`<th scope="colgroup" colspan="${span}">${text}</th>`))}
      </tr>
      <tr>
        <th scope="col">Model</th>
        ${metrics.map((metric) => markup`<th scope="col"><a href="#def-${metric}">${titleOf(metric)}</a></th>`)}
        ${told.map((title) => markup`<th scope="col">${title}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${models.map(
        ({ name, cost }, model) =>
          markup`<tr>
            <th scope="row">${modelMark(name)}${model === 0 ? markup`<span class="soft">reference</span>` : null}</th>
            ${[
              ...metrics.map((metric) => estimateCell(facts, model, metric)),
              ...(costs ? costCells(cost, models[0]?.cost) : []),
              ...(timed.length === 0 ? [] : [timeCell(facts, name)]),
            ].map((content) => markup`<td>${content}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** What stands in the lines of a cell. */
export function comparisonNote({ names, models, comparing }: Facts): Html {
  const told = models.some(({ cost }) => cost !== undefined)
    ? ' Costs have the multiple of the reference’s below them.'
    : '';
  return markup`<p class="caption">
    Below each value its 95 % interval; below that, of the other models, the difference from
    <span class="mn">${names[0] ?? ''}</span> over the same pictures, in percentage points: bold where it is settled (p <
    0.05 after Holm over all metrics and ${comparing ? 'these models' : 'pairs'}), slanted where it isn’t.${told}
  </p>`;
}

/** How the times were taken; null where there are none. */
export function timesNote({ input, times }: Facts): string | null {
  const taken = input.run.comparison?.times;
  const rounds = times.flatMap(({ median }) => ('rounds' in median ? [median.rounds] : []))[0];
  if (!taken || rounds === undefined) return null;
  return `Times are of one answer to one view without decoding and resizing, ${taken.threads === 1 ? 'one thread' : `${taken.threads} threads`} on ${taken.machine}. The models took turns in one process: medians over ${rounds} rounds with 95\u202f% intervals, ratios round by round.`;
}
