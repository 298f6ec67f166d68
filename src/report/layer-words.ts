// What was seen inside a network, in words: names cut to fit, factors, the sentences on where invariance is lost. The
// built page and its script share it. Subsampling as the cause: Azulay & Weiss (JMLR 2019); causes of the local
// equivariance error: Gruver et al. (ICLR 2023).
import { valueOf, type MaybeEstimate } from '../core/estimate.js';
import {
  LOCAL_CAUSES,
  type LayerResult,
  type LayersResult,
  type LocalCause,
  type LocalResult,
} from '../core/layers.js';
import type { RowsColumns } from '../core/layers.js';
import { lossSentences } from '../metrics/layers/words.js';
import { listed, points } from '../metrics/words.js';
import { narrow, plainPercent } from './format.js';

/** How the causes of a local equivariance error are called. */
export const CAUSES: Readonly<Record<LocalCause, string>> = {
  padding: 'padding',
  sampling: 'subsampling',
  nonLinearity: 'non-linearities',
};

/** A name of at most `most` characters: longer ones lose their middle, which says least of a path of scopes. */
export function cutName(name: string, most: number): string {
  if (name.length <= most) return name;
  const tail = Math.ceil((most - 1) / 2);
  return `${name.slice(0, most - 1 - tail)}…${name.slice(name.length - tail)}`;
}

/**
 * Names of at most `most` characters: where one is longer, all lose the scopes that they share first, then their middles.
 */
export function shortNames(names: readonly string[], most: number): string[] {
  if (names.every(({ length }) => length <= most)) return [...names];
  const shared = sharedScopes(names);
  return names.map((name) => cutName(shared === '' ? name : `…${name.slice(shared.length)}`, most));
}

/** What all names begin with, up to a separator; empty where a name would be left without any of its own. */
function sharedScopes(names: readonly string[]): string {
  const [first = '', ...others] = [...new Set(names)];
  if (others.length === 0) return '';
  let length = 0;
  while (length < first.length && others.every((name) => name[length] === first[length])) length++;
  const common = first.slice(0, length);
  const shared = (/^.*[/:]/.exec(common) ?? /^.*[._-]/.exec(common))?.[0] ?? '';
  return shared.length < 4 || names.some((name) => name.length === shared.length) ? '' : shared;
}

/** "16"; "16 × 8" where rows and columns differ. */
export function sidesText({ y, x }: RowsColumns): string {
  const text = (side: number): string => String(Number(side.toPrecision(4)));
  return y === x ? text(y) : `${text(y)}\u202f×\u202f${text(x)}`;
}

/** A receptive field, pixels: "27", "27 × 13", "all" of the picture. */
export function fieldText(field: RowsColumns | null): string {
  return field === null ? 'all' : sidesText(field);
}

/** Layers with a place in the curve against depth. */
export function selectedLayers({ layers }: LayersResult): LayerResult[] {
  return layers.filter(({ selected }) => selected);
}

/**
 * The chosen layers that a model's course is told by: those without negative values, where there are two or more of them.
 */
export function comparableLayers(result: LayersResult): LayerResult[] {
  const layers = selectedLayers(result);
  const unsigned = layers.filter(({ negative }) => negative !== true);
  return unsigned.length > 1 ? unsigned : layers;
}

/** The estimate of a layer's non-shiftability. */
export function lossOf(layer: LayerResult): MaybeEstimate {
  return layer.estimates['nonShiftability'] ?? { unavailable: 'not measured' };
}

/** "+35.0 [30.0, 40.0]": a rise in points with its interval, without needless signs in the brackets. */
export function riseText(rise: MaybeEstimate): string {
  if ('unavailable' in rise) return rise.value === undefined ? rise.unavailable : points(rise.value);
  const bound = (side: number): string => points(side).replace('+', '');
  return `${points(rise.value)} [${bound(rise.low)}, ${bound(rise.high)}]`;
}

/** Where most is lost, in the words of the terminal, or that nothing is; the main finding first. */
export function findingSentences(result: LayersResult): string[] {
  const values = result.layers.flatMap((layer) => valueOf(lossOf(layer)) ?? []);
  if (values.length === 0) return ['The non-shiftability of its layers is not known.'];
  if (!result.shifts) return lossSentences(result);
  if (values.every((value) => value === 0)) {
    return ['Nothing is lost: at none of the layers looked at does any map’s sum leave its mean.'];
  }
  if (result.losses.length === 0) {
    return ['No step between the layers looked at subsamples, so what is lost isn’t lost by subsampling.'];
  }
  const sentences = lossSentences(result);
  return sentences.length === 0 ? ['What its subsampling steps lose is not known.'] : sentences.map(narrow);
}

/** How non-shiftability runs from the first layer to the last; empty where it doesn't. */
export function courseSentence(result: LayersResult): string {
  const layers = comparableLayers(result);
  const known = layers.flatMap((layer) => {
    const value = valueOf(lossOf(layer));
    return value === null ? [] : [{ name: layer.name, value }];
  });
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last || first === last || (first.value === 0 && last.value === 0)) return '';
  const half = first.value > 0.5 ? undefined : known.find(({ value }) => value > 0.5);
  const passing = half ? `, and first passes one half at ${cutName(half.name, 52)}` : '';
  const which = layers.length < selectedLayers(result).length ? ' without negative values' : '';
  return `Over its layers${which} it goes from ${plainPercent(first.value)} at the first to ${plainPercent(last.value)} at the last${passing}.`;
}

/** The largest parts of the local equivariance error. */
export function localSentence(local: LocalResult): string {
  const causes = LOCAL_CAUSES.flatMap((cause) => {
    const share = valueOf(local.causes[cause]);
    return share === null ? [] : [{ cause, share }];
  }).sort((a, b) => b.share - a.share);
  const [most, ...others] = causes;
  if (!most) return 'The shares of its causes are not known.';
  const rest = others.map(({ cause, share }) => `${CAUSES[cause]} ${plainPercent(share)}`);
  const steps = local.steps
    .map(({ name, share }) => ({ name, share: valueOf(share) ?? 0 }))
    .sort((a, b) => b.share - a.share);
  const [step] = steps;
  const largest = step
    ? ` The largest single part is that of ${cutName(step.name, 52)}: ${plainPercent(step.share)}.`
    : '';
  return `Most of it comes from ${CAUSES[most.cause]}: ${plainPercent(most.share)}${rest.length > 0 ? ` (${listed(rest)})` : ''}.${largest}`;
}
