// What was seen inside the networks, as text for the terminal: a row a layer, what each stride loses, what causes it.
import { isEstimate, valueOf, type MaybeEstimate } from '../core/estimate.js';
import { LOCAL_CAUSES, type LayersResult, type LocalCause, type RowsColumns } from '../core/layers.js';
import type { ModelResult, Result } from '../core/result.js';
import { layerSentences, lossSentences, riseText } from '../metrics/layers/words.js';
import { counted, percent, percentWithInterval } from '../metrics/words.js';
import { fitted } from './layer-table.js';
import { aligned } from './table.js';

/** Longest name of a layer that is printed whole. */
const NAME = 34;
/** Steps of the local equivariance error, and strides, that are listed. */
const LISTED = 6;

const CAUSES: Readonly<Record<LocalCause, string>> = {
  padding: 'padding',
  sampling: 'sampling',
  nonLinearity: 'non-linearity',
};

/** Lines for all models that were looked into; none where none was. Layers one by one for one or two models. */
export function layersText({ models, protocol }: Result): string[] {
  const looked = models.flatMap((model) => (model.layers === undefined ? [] : [{ model, layers: model.layers }]));
  if (looked.length === 0) return [];
  const threshold = percent(protocol.layers?.threshold ?? 0, 0);
  const intro = `Inside: non-shiftable = share of maps whose global sum leaves its mean over the views by more than ${threshold}. It orders layers within a model; it does not rank models.`;
  return ['', intro, ...looked.flatMap(({ model, layers }) => modelText(model, layers, models.length <= 2))];
}

function modelText({ name }: ModelResult, layers: LayersResult, rows: boolean): string[] {
  return [
    '',
    ...(rows
      ? aligned([
          [name, 'factor', 'field', 'maps', 'non-shiftable', 'spread', 'error 1 px', 'error factor'],
          ...layers.layers.filter(({ selected }) => selected).map(row),
        ])
      : [name]),
    ...lossesText(layers),
    ...localText(layers.local),
    ...layerSentences(layers),
    ...layers.skipped.map((skipped) => `left out ${skipped.name}: ${skipped.reason}`),
  ];
}

function row({ name, factor, field, channels, estimates, negative }: LayersResult['layers'][number]): string[] {
  return [
    `${fitted(name, NAME)}${negative === true ? ' ±' : ''}`,
    pair(factor),
    field === null ? 'all' : pair(field),
    String(channels),
    fractionCell(estimates['nonShiftability']),
    ratioCell(estimates['relativeSpread']),
    ratioCell(estimates['equivarianceErrorPixel']),
    ratioCell(estimates['equivarianceErrorFactor']),
  ];
}

function lossesText(layers: LayersResult): string[] {
  const known = layers.losses.filter(({ rise }) => valueOf(rise) !== null);
  if (known.length === 0) return [];
  const head = ['Where it is lost', 'factor', 'across the node', 'rise', 'to the end of its stage'];
  const rows = known
    .slice(0, LISTED)
    .map(({ node, factorBefore, factorAfter, from, to, rise, stageTo, stageRise }) => [
      fitted(node, NAME),
      `${pair(factorBefore)} → ${pair(factorAfter)}`,
      `${fraction(from)} → ${fraction(to)}`,
      riseText(rise).replace(' points', ''),
      `→ ${fraction(stageTo)}, ${riseText(stageRise).replace(' points', '')}`,
    ]);
  return ['', ...aligned([head, ...rows]), ...lossSentences(layers)];
}

function localText(local: LayersResult['local']): string[] {
  if ('unavailable' in local)
    return local.unavailable === 'not asked for' ? [] : ['', `No local equivariance error: ${local.unavailable}.`];
  const steps = local.steps
    .filter(({ share }) => (valueOf(share) ?? 0) > 0)
    .toSorted((a, b) => (valueOf(b.share) ?? 0) - (valueOf(a.share) ?? 0))
    .slice(0, LISTED);
  if (steps.length === 0) return [];
  const causes = LOCAL_CAUSES.map((cause) => `${CAUSES[cause]} ${fractionCell(local.causes[cause])}`);
  return [
    '',
    `Local equivariance error under sub-pixel shifts (${counted(local.pictures, 'picture')}), by cause: ${causes.join(', ')}; by step:`,
    ...aligned(
      steps.map(({ name, operator, share, causes: parts }) => [
        fitted(name, NAME),
        operator,
        fractionCell(share),
        LOCAL_CAUSES.flatMap((cause) =>
          (parts[cause] ?? 0) > 0 ? [`${CAUSES[cause]} ${percent(parts[cause] ?? 0)}`] : [],
        ).join(', '),
      ]),
      ['left', 'left', 'right', 'left'],
    ),
  ];
}

function pair({ y, x }: RowsColumns): string {
  const text = (side: number): string => String(Number(side.toPrecision(4)));
  return y === x ? text(y) : `${text(y)}×${text(x)}`;
}

function fraction(estimate: MaybeEstimate | undefined): string {
  const value = valueOf(estimate);
  return value === null ? '–' : percent(value);
}

function fractionCell(estimate: MaybeEstimate | undefined): string {
  return isEstimate(estimate) ? percentWithInterval(estimate) : fraction(estimate);
}

function ratioCell(estimate: MaybeEstimate | undefined): string {
  return valueOf(estimate)?.toFixed(3) ?? '–';
}
