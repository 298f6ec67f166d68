// Rows of the subsampling steps: the non-shiftability before and after each, the largest rise first.
import { isEstimate, valueOf, type Estimate } from '../../core/estimate.js';
import type { LayersResult, LossResult } from '../../core/layers.js';
import { points } from '../../metrics/words.js';
import { percent } from '../format.js';
import { riseText, shortNames, sidesText } from '../layer-words.js';
import type { Row } from './chart.js';
import { NAME_LENGTH, type Form } from './layer-rows.js';

/** More nodes than this stand in the table alone. */
export const MOST_LOSSES = 12;

function rowHeight(form: Form): number {
  return form === 'wide' ? 28 : 76;
}

/** Nodes that are drawn. */
export function drawnLosses(result: LayersResult | null): readonly LossResult[] {
  return result?.losses.slice(0, MOST_LOSSES) ?? [];
}

/** Height of the plot, pixels. */
export function lossesHeight(result: LayersResult | null, form: Form): number {
  return rowHeight(form) * Math.max(1, drawnLosses(result).length);
}

function isSettled({ low, high }: Estimate): boolean {
  return low > 0 || high < 0;
}

/** A row a node, from the top. */
export function lossRows(result: LayersResult | null, form: Form): Row[] {
  const losses = drawnLosses(result);
  const height = lossesHeight(result, form);
  const names = shortNames(
    losses.map(({ node }) => node),
    NAME_LENGTH,
  );
  const line = form === 'narrow' ? 18 / height : 0;
  return losses.map(({ node, operator, before, after, factorBefore, factorAfter, from, to, rise, ...stageOf }, i) => {
    const { stageEnd, stageTo, stageRise } = stageOf;
    const stage = stageEnd === after ? null : valueOf(stageTo);
    const at = (i + 0.5) / losses.length;
    const [start, end] = [valueOf(from), valueOf(to)];
    return {
      at,
      on: at + 1.5 * line,
      above: at - 1.5 * line,
      across: at - line / 2,
      toEnd: at + line / 2,
      name: node,
      short: names[i] ?? '',
      operator,
      before,
      after,
      factor: `${sidesText(factorBefore)} → ${sidesText(factorAfter)}`,
      from: start,
      to: end,
      values: start === null || end === null ? '' : `${percent(start, 0)} → ${percent(end, 0)}`,
      stageNote: stage === null ? '' : `→ ${percent(stage, 0)} at its stage’s end`,
      stageValue: stage === null ? '' : `→ ${percent(stage, 0)}`,
      rise: riseText(rise),
      stageEnd,
      stage,
      stageRise: stage === null ? '' : riseText(stageRise),
      stageSettled: isEstimate(stageRise) && isSettled(stageRise),
      settled: isEstimate(rise) && isSettled(rise),
    };
  });
}

/** The losses of one model in words. */
export function lossesLabel(result: LayersResult | null): string {
  const words = drawnLosses(result).map(({ node, rise }) =>
    valueOf(rise) === null ? `${node}: ${riseText(rise)}` : `${node} ${points(valueOf(rise) ?? 0)} points`,
  );
  return `Rise of non-shiftability across each subsampling step: ${words.join('; ')}`;
}
