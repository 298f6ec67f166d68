// What an attribution says in words, for the terminal and the page.
import type { AttributedSite, AttributedVariant, AttributionEffect, AttributionResult } from '../core/attribution.js';
import { isEstimate, valueOf } from '../core/estimate.js';
import { isSettled } from './verdict.js';
import { listed, percent, points } from './words.js';

/** "0 stem_conv", "3 block4/conv1 +1": a site's number and its first node. */
export function siteLabel({ index, nodes }: AttributedSite): string {
  const [first = '', ...more] = nodes;
  return `${index} ${first}${more.length === 0 ? '' : ` +${more.length}`}`;
}

/** "4×", "1.4×"; empty where it isn't known. */
export function costLabel({ macsRatio }: AttributedVariant): string {
  if (macsRatio === null) return '';
  return `${macsRatio < 10 ? Number(macsRatio.toFixed(1)) : Math.round(macsRatio)}×`;
}

/** A variant with its effects by metric. */
export type AttributedRow = {
  readonly variant: AttributedVariant;
  readonly sites: readonly AttributedSite[];
  readonly effects: Readonly<Record<string, AttributionEffect>>;
};

function rowOf(result: AttributionResult, variant: AttributedVariant): AttributedRow {
  const effects = result.effects.filter(({ model }) => model === variant.model);
  return {
    variant,
    sites: result.sites.filter(({ index }) => variant.sites.includes(index)),
    effects: Object.fromEntries(effects.map((effect) => [effect.metric, effect])),
  };
}

/** The difference in top-1 change; above all others where there is none. */
function changeOf({ effects }: AttributedRow): number {
  return valueOf(effects['top1Change']?.difference) ?? Infinity;
}

/** One site taken off at a time, the one that steadies most first; those that were left out last. */
export function rankedSites(result: AttributionResult): AttributedRow[] {
  const single = result.variants.filter(({ sites }) => sites.length === 1).map((variant) => rowOf(result, variant));
  return single.toSorted((a, b) => changeOf(a) - changeOf(b) || (a.sites[0]?.index ?? 0) - (b.sites[0]?.index ?? 0));
}

/** From the last site on: the last one, the last two, … */
export function fromTheLast(result: AttributionResult): AttributedRow[] {
  const last = result.sites.at(-1)?.index;
  return result.variants
    .filter(({ sites }) => sites.length > 1 || sites[0] === last)
    .toSorted((a, b) => a.sites.length - b.sites.length)
    .map((variant) => rowOf(result, variant));
}

/** Whether a row's effect on the answers' changes is told apart from 0. */
export function settledChange({ effects }: AttributedRow): boolean {
  const effect = effects['top1Change'];
  return effect !== undefined && isSettled(effect);
}

/** What the ranking says under one displacement, in a sentence. */
export function attributionSentence(result: AttributionResult, displacement: string): string {
  const ranked = rankedSites(result).filter(({ effects }) => isEstimate(effects['top1Change']?.difference));
  const [first] = ranked;
  const own = valueOf(result.original['top1Change']);
  if (first === undefined || own === null) return `${displacement}: there are too few answers to tell.`;
  const settled = ranked.filter(settledChange);
  const best = settled[0];
  const site = (row: AttributedRow): string => row.sites.map(siteLabel).join(', ');
  if (best === undefined) {
    return `${displacement}: ${percent(own)} of answers change; no stride's part in it is settled with these pictures (the largest: ${points(changeOf(first))} points without ${site(first)}).`;
  }
  // Larger by its estimate, and yet not told from 0.
  const larger = ranked.filter((row) => !settledChange(row) && changeOf(row) < Math.min(0, changeOf(best)));
  const open = larger.map((row) => `${fewer(changeOf(row))} points less without ${site(row)}`);
  const doubt = open.length === 0 ? '' : `; not settled with these pictures: ${listed(open)}`;
  if (changeOf(best) >= 0)
    return `${displacement}: ${percent(own)} of answers change, and taking off no stride makes that less${open.length === 0 ? '' : ' beyond chance'}${doubt}.`;
  const less = settled.filter((row) => changeOf(row) < 0);
  const others = less.length === 1 ? 'it alone is settled' : `settled are ${listed(less.map(site))}`;
  const most = open.length === 0 ? 'the most of all' : 'the most of those settled';
  return `${displacement}: ${percent(own)} of answers change; without stride ${site(best)} it is ${fewer(changeOf(best))} points less, ${most} (${others})${doubt}.`;
}

/** A negative difference as points by which something is less. */
function fewer(change: number): string {
  return points(-change).replace('+', '');
}

/** From this share of resamples on, the first place of the ranking is taken as settled. */
const SURE = 0.95;

/**
 * Whether the strides that matter differ between two displacements, in a sentence that claims no more than the numbers
 * show: each first place must be settled against 0, and be held in nearly all resamples of the pictures.
 */
export function orderSentence(near: AttributionResult, far: AttributionResult): string {
  const best = (result: AttributionResult): { site: AttributedSite; share: number } | undefined => {
    const row = rankedSites(result).find((found) => settledChange(found) && changeOf(found) < 0);
    const site = row?.sites[0];
    const share = result.first.find(({ model }) => model === row?.variant.model)?.share ?? 0;
    return site && { site, share };
  };
  const [one, other] = [best(near), best(far)];
  if (one === undefined || other === undefined) {
    return 'Whether other strides matter for neighbouring positions than for random ones is not settled with these pictures.';
  }
  const [a, b] = [one.site, other.site];
  const shares = `first in ${percent(one.share, 0)} and ${percent(other.share, 0)} of resamples of the pictures`;
  const sure = one.share >= SURE && other.share >= SURE;
  if (a.index === b.index) {
    return sure
      ? `For both displacements the stride that matters most is ${siteLabel(a)}.`
      : `For both displacements the same stride comes first of those settled (${siteLabel(a)}), but that it matters most is not settled: ${shares}.`;
  }
  const order = a.index < b.index ? 'an earlier' : 'a later';
  const sentence = `For neighbouring positions ${order} stride comes first (${siteLabel(a)}) than for random pairs (${siteLabel(b)})`;
  return sure ? `${sentence}: ${shares}.` : `${sentence}, but which comes first is not settled: ${shares}.`;
}
