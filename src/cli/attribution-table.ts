// An attribution for the terminal: the strides ranked by what taking each off does, and the last ones together.
import { isEstimate, type MaybeEstimate } from '../core/estimate.js';
import type { Result } from '../core/result.js';
import {
  attributionSentence,
  costLabel,
  fromTheLast,
  rankedSites,
  siteLabel,
  type AttributedRow,
} from '../metrics/attribution-words.js';
import { ATTRIBUTED } from '../metrics/attribution.js';
import { isSettled } from '../metrics/verdict.js';
import { percentWithInterval, points, pValue } from '../metrics/words.js';
import { aligned, protocolLines } from './table.js';

const TITLES: Readonly<Record<string, string>> = {
  top1Change: 'top-1 change',
  nonShiftability: 'non-shiftable maps',
  accuracy: 'accuracy',
};

/** Protocol, sentences and tables of one displacement. */
export function attributionLines(result: Result): string[] {
  const { attribution } = result;
  if (attribution === undefined) return [];
  const metrics = ATTRIBUTED.filter((metric) => isEstimate(attribution.original[metric]));
  const difference = ({ effects }: AttributedRow, metric: string): string => {
    const effect = effects[metric];
    if (!isEstimate(effect?.difference)) return '–';
    const { value, low, high } = effect.difference;
    const p = effect.pHolm === null ? '' : ` ${pValue(effect.pHolm)}`;
    return `${isSettled(effect) ? '*' : ' '} ${points(value)} [${points(low)}, ${points(high)}]${p}`;
  };
  const own = (estimate: MaybeEstimate | undefined): string =>
    isEstimate(estimate) ? percentWithInterval(estimate) : '–';
  const measured = (row: AttributedRow): boolean => row.variant.model !== null;
  const titles = metrics.map((metric) => TITLES[metric] ?? metric);
  const curve = fromTheLast(attribution).filter(measured);
  const left = attribution.variants.filter(({ leftOut }) => leftOut !== null);
  return [
    ...protocolLines(result),
    '',
    attributionSentence(attribution, 'Here'),
    '',
    `One stride taken off at a time; minus ${attribution.reference}, percentage points; * settled (p < 0.05 after Holm)`,
    ...aligned([
      ['stride', 'factor', 'cost', ...titles],
      ...rankedSites(attribution)
        .filter(measured)
        .map((row) => [
          row.sites.map(siteLabel).join(', '),
          row.sites.map(({ before, after }) => `${before}→${after}`).join(', '),
          costLabel(row.variant),
          ...metrics.map((metric) => difference(row, metric)),
        ]),
    ]),
    '',
    'The last strides taken off together',
    ...aligned([
      ['strides', 'how', 'cost', ...titles],
      ['none', '', '1×', ...metrics.map((metric) => own(attribution.original[metric]))],
      ...curve.map((row) => [
        `last ${row.variant.sites.length}`,
        row.variant.how,
        costLabel(row.variant),
        ...metrics.map((metric) => own(row.effects[metric]?.value)),
      ]),
    ]),
    ...left.map(
      ({ sites, leftOut }) =>
        `left out: ${sites.length === 1 ? `stride ${String(sites[0])}` : `the last ${sites.length}`}: ${leftOut ?? ''}`,
    ),
  ];
}
