// What was seen inside a network, in sentences.
import { isEstimate, valueOf, type MaybeEstimate } from '../../core/estimate.js';
import type { LayersResult } from '../../core/layers.js';
import { counted, listed, percent, points, pointsWithInterval } from '../words.js';

/** Where views don't differ by shifts. */
const NO_SHIFTS =
  'Sums change with what is seen, its size, angle or moment, in any network: these rises are not those of strides alone. Shifts (--shift 1px --surround cyclic) tell strides apart.';

const size = (estimate: MaybeEstimate): number => valueOf(estimate) ?? -Infinity;

/** A fraction with as much as is known of it. */
function share(estimate: MaybeEstimate): string {
  const value = valueOf(estimate);
  return value === null ? '–' : percent(value);
}

/** A rise in points, with its interval where there is one. */
export function riseText(rise: MaybeEstimate): string {
  if (isEstimate(rise)) return pointsWithInterval(rise);
  const value = valueOf(rise);
  return value === null ? '–' : `${points(value)} points`;
}

/**
 * Where invariance is lost, in one or two sentences: the node across which non-shiftability rises most, and the stage in
 * which it does. Null where no rise is known.
 */
export function lossSentences({ losses, shifts }: Pick<LayersResult, 'losses' | 'shifts'>): string[] {
  if (!shifts) return [NO_SHIFTS];
  const known = losses.filter(({ rise }) => valueOf(rise) !== null);
  const [most] = known;
  const stage = known.toSorted((a, b) => size(b.stageRise) - size(a.stageRise))[0];
  if (most === undefined || stage === undefined) return [];
  const settled = (estimate: MaybeEstimate): boolean =>
    isEstimate(estimate) ? estimate.low > 0 : (valueOf(estimate) ?? 0) > 0;
  if (!settled(most.rise) && !settled(stage.stageRise)) {
    return [
      'At no change of the factor, nor within a stage, does the share of non-shiftable maps rise by more than chance.',
    ];
  }
  const told = (from: MaybeEstimate, to: MaybeEstimate, rise: MaybeEstimate): string =>
    `${share(from)} → ${share(to)} (${riseText(rise)})`;
  return [
    settled(most.rise)
      ? `Across a single node ${most.node} loses most: ${told(most.from, most.to, most.rise)} of the maps are non-shiftable.`
      : 'Across no single node does the share of non-shiftable maps rise by more than chance.',
    ...(settled(stage.stageRise) &&
    stage.stageEnd !== stage.after &&
    (stage !== most || size(stage.stageRise) > size(most.rise))
      ? [
          `Up to the next change of the factor the stage that ${stage.node} begins loses most: ${told(stage.from, stage.stageTo, stage.stageRise)} at ${stage.stageEnd}.`,
        ]
      : []),
  ];
}

/** What a reader of the numbers must know: signed maps, quiet maps. */
export function layerSentences({ layers }: LayersResult): string[] {
  const shown = layers.filter(({ selected }) => selected);
  const signed = shown.filter(({ negative }) => negative === true);
  const quiet = shown.filter((layer) => layer.quiet >= 1);
  return [
    ...(signed.length === 0 || signed.length === shown.length
      ? []
      : [
          `± ${counted(signed.length, 'layer')} with negative values: their sums can nearly cancel, so that the criterion fires sooner; compare like with like.`,
        ]),
    ...(quiet.length === 0
      ? []
      : [
          `Quiet maps left out: ${listed(quiet.map(({ name, quiet: maps, channels }) => `${name} ${maps.toFixed(1)} of ${channels}`).slice(0, 4))}${quiet.length > 4 ? ', …' : ''} (mean a picture).`,
        ]),
  ];
}
