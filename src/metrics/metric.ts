// What a metric is: a ratio Σsum / Σcount over pictures, of tallies that each picture gives on its own. Definitions:
// docs/protocols, "Metrics over pairs"; the papers are named in each metric's file.
import type { Observation } from '../core/observation.js';
import type { Group } from '../core/view.js';

/** What one picture adds to a metric: the sum of its values and their number. */
export type Tally = { readonly sum: number; readonly count: number };

export type Metric = {
  /** Name in `result.json`, thresholds and tables. */
  readonly name: string;
  /** Name on the page. */
  readonly title: string;
  /**
   * "fraction" = mean of zeros and ones; "probability" = mean of numbers between 0 and 1; "ratio" = of lengths, from 0 on;
   * "places" = mean of numbers of places in a ranking.
   */
  readonly unit: 'fraction' | 'probability' | 'ratio' | 'places';
  /** What `Estimate.n` counts; of "pictures" each counts once a pass where a protocol repeats. */
  readonly n: 'pairs' | 'views' | 'pictures';
  readonly lowerIsBetter: boolean;
  /** One sentence for the page. */
  readonly definition: string;
  /** Who defined it, and where. */
  readonly source: string;
  /** Whether pictures without a true class are left out. */
  readonly needsLabels: boolean;
  /** Each value is 0 or 1, so that one value a picture makes a binomial sample. */
  readonly binary: boolean;
  /** Why there is no number when labels are there and still no picture counts. */
  readonly none: string;
  /** The picture's tally over one group of its views; null where the picture doesn't count. */
  readonly tally: (observation: Observation, group: Group) => Tally | null;
};
