// What a metric of a layer is: a ratio Σsum / Σcount over pictures, as metrics of answers are.
import type { LayerEquivariance, LayerSums } from '../../core/layers.js';
import type { Metric, Tally } from '../metric.js';

/** One layer in one picture. */
export type LayerSeen = {
  /** Of all groups of views. */
  readonly sums: readonly LayerSums[];
  /** Of pictures that were looked at more closely. */
  readonly equivariance: LayerEquivariance | null;
};

export type LayerMetric = Pick<Metric, 'name' | 'title' | 'definition' | 'source' | 'none'> & {
  readonly unit: 'fraction' | 'ratio';
  /** What `Estimate.n` counts. */
  readonly n: 'maps' | 'pictures';
  readonly lowerIsBetter: boolean;
  readonly tally: (seen: LayerSeen) => Tally | null;
};

/** The tally of one value a picture; null where there is none. */
export function once(value: number | null | undefined): Tally | null {
  return value === null || value === undefined ? null : { sum: value, count: 1 };
}
