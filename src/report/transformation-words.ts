// What runs of turned, scaled and moved views say, in rows and words.
import type { Estimate } from '../core/estimate.js';
import type { ModelResult, ViewMeans } from '../core/result.js';
import { wilsonInterval } from '../metrics/wilson.js';
import type { Facts } from './facts.js';
import { plain } from './format.js';
import type { LinearRow } from './charts/linear-lines.js';

/** What a view's mean is drawn of. */
export type Measure = 'accuracy' | 'trueProbability' | 'agreement';

/** With labels accuracy and probability, else agreement with the reference view. */
export function measuresOf({ labelled }: Facts): readonly { readonly measure: Measure; readonly title: string }[] {
  return labelled
    ? [
        { measure: 'accuracy', title: 'Accuracy' },
        { measure: 'trueProbability', title: 'Probability of the true class' },
      ]
    : [{ measure: 'agreement', title: 'Same answer as the unchanged view' }];
}

/** A model's means along a coordinate, ascending; shares of pictures with Wilson's interval. */
export function meanRows(
  { name, views, pictures }: ModelResult,
  key: string,
  unit: string,
  measure: Measure,
  belongs: (view: ViewMeans) => boolean = () => true,
): LinearRow[] {
  const known = views.flatMap((view): LinearRow[] => {
    const at = view.at[key];
    const value = view[measure];
    if (typeof at !== 'number' || value === null || !belongs(view)) return [];
    const n = measure === 'agreement' ? view.pictures : Math.min(view.pictures, pictures.labelled);
    const bounds = measure === 'trueProbability' ? { low: value, high: value } : wilsonInterval(value, n);
    return [{ model: name, at, step: `${plain(at)}${unit}`, value, ...bounds }];
  });
  return known.sort((a, b) => a.at - b.at);
}

/** A distance in places of a ranking: "1.24 [1.02 to 1.50]". */
export function placesText({ value, low, high }: Estimate): string {
  return `${value.toFixed(2)} [${low.toFixed(2)} to ${high.toFixed(2)}]`;
}
