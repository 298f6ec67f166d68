// Tables of what was seen inside one network: every layer, every subsampling step, the local equivariance error. The
// built page writes those of the first model, its script those of the model under study.
import { isEstimate, type MaybeEstimate } from '../core/estimate.js';
import { LOCAL_CAUSES, type LayersResult, type LocalResult } from '../core/layers.js';
import { estimateText, percent, plain, ratioText } from './format.js';
import { markup, table, type Html } from './html.js';
import { CAUSES, fieldText, riseText, sidesText } from './layer-words.js';

/** Estimates of a layer in the order of the table, with what they are. */
export const LAYER_ESTIMATES: readonly { readonly name: string; readonly title: string; readonly meaning: string }[] = [
  {
    name: 'nonShiftability',
    title: 'Non-shiftability',
    meaning: 'share of its maps whose sum leaves its mean over the views by more than the threshold',
  },
  {
    name: 'relativeSpread',
    title: 'Relative spread',
    meaning: 'root mean square distance of the vector of all its sums from its mean, over the mean’s length',
  },
  {
    name: 'equivarianceErrorPixel',
    title: 'Equivariance error, 1 px',
    meaning:
      '‖f(shift x) − shift f(x)‖ over ‖f(x)‖, the whole maps compared under a cyclic shift by one pixel along both sides',
  },
  {
    name: 'equivarianceErrorFactor',
    title: 'Equivariance error, 1 factor',
    meaning: 'the same for a shift by one step of the layer’s factor: 0 where maps move by exactly one place',
  },
  {
    name: 'periodicMaps',
    title: 'Periodic maps',
    meaning: 'share of its maps whose sums are equal at all views that lie a multiple of the factor apart',
  },
];

function cell(estimate: MaybeEstimate | undefined): string | Html {
  if (estimate === undefined) return '–';
  if (!isEstimate(estimate)) {
    const { value, unavailable } = estimate;
    return value === undefined
      ? markup`<span class="soft">${unavailable}</span>`
      : markup`${String(Number(value.toPrecision(3)))} <span class="soft">(${unavailable})</span>`;
  }
  return estimate.unit === 'ratio' ? ratioText(estimate) : estimateText(estimate);
}

function riseCell(rise: MaybeEstimate): string | Html {
  return isEstimate(rise) ? riseText(rise) : markup`<span class="soft">${riseText(rise)}</span>`;
}

/** Every layer, from the picture to the answer. */
export function layersTable(model: string, { layers }: LayersResult): Html {
  const rows = layers.map((layer) => [
    layer.name,
    layer.operator,
    String(layer.channels),
    `${layer.rows}\u202f×\u202f${layer.columns}`,
    sidesText(layer.factor),
    fieldText(layer.field),
    ...LAYER_ESTIMATES.map(({ name }) => cell(layer.estimates[name])),
    plain(Number(layer.quiet.toPrecision(3))),
    layer.negative === null ? '–' : layer.negative ? 'yes' : 'no',
    layer.selected ? 'yes' : 'no',
  ]);
  const titles = LAYER_ESTIMATES.map(({ title }) => title);
  return table(
    `${model}: layers from the picture to the answer, with 95\u202f% intervals`,
    [
      'Layer',
      'Operator',
      'Maps',
      'Rows × columns',
      'Factor',
      'Field, px',
      ...titles,
      'Quiet maps',
      'Signed',
      'In the curve',
    ],
    rows,
  );
}

/** Layers that could not be looked at. */
export function skippedTable(model: string, { skipped }: LayersResult): Html | null {
  return skipped.length === 0
    ? null
    : table(
        `${model}: layers that could not be looked at`,
        ['Layer', 'Reason'],
        skipped.map(({ name, reason }) => [name, reason]),
      );
}

/** Every subsampling step, the largest rise first. */
export function lossesTable(model: string, { losses }: LayersResult): Html {
  return table(
    `${model}: non-shiftability across each subsampling step`,
    [
      'Step',
      'Operator',
      'Factor',
      'Compared layers',
      'Before',
      'After',
      'Rise, points',
      'End of its stage',
      'There',
      'Rise to there, points',
    ],
    losses.map(
      ({ node, operator, before, after, factorBefore, factorAfter, from, to, rise, stageEnd, stageTo, stageRise }) => [
        node,
        operator,
        `${sidesText(factorBefore)} → ${sidesText(factorAfter)}`,
        `${before} → ${after}`,
        cell(from),
        cell(to),
        riseCell(rise),
        stageEnd,
        cell(stageTo),
        riseCell(stageRise),
      ],
    ),
  );
}

/** Every step's part of the local equivariance error. */
export function localTable(model: string, local: LocalResult): Html {
  const part = (share: number | undefined): string => (share === undefined ? '–' : percent(share));
  return table(
    `${model}: shares of the local equivariance error`,
    ['Step', 'Operator', 'Share', ...LOCAL_CAUSES.map((cause) => `By ${CAUSES[cause]}`)],
    [
      ['All steps', '', '100\u202f%', ...LOCAL_CAUSES.map((cause) => cell(local.causes[cause]))],
      ...local.steps.map(({ name, operator, share, causes }) => [
        name,
        operator,
        cell(share),
        ...LOCAL_CAUSES.map((cause) => part(causes[cause])),
      ]),
    ],
  );
}
