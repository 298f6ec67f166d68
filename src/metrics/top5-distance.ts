// Top-5 distance: Hendrycks & Dietterich, ICLR 2019, section 4.2.
import { tallyPairs } from './answers.js';
import type { Metric } from './metric.js';

/** Classes whose places count. */
const PLACES = 5;

export const top5Distance: Metric = {
  name: 'top5Distance',
  title: 'Top-5 distance',
  unit: 'places',
  n: 'pairs',
  lowerIsBetter: true,
  definition:
    'By how many places the five likeliest classes of one view move in the next, summed; a class that leaves the five counts as sixth. From 0 (the same five in the same order) to 15 (five others).',
  source: 'Hendrycks & Dietterich, ICLR 2019',
  needsLabels: false,
  binary: false,
  none: 'no pair of views that both have an answer, or fewer than five classes',
  tally: (observation, group) => tallyPairs(observation, group, (a, b) => distanceOf(a.top, b.top)),
};

/**
 * Σ |(i − 1) − min(σ(i) − 1, 5)| over the five likeliest classes of `a`, σ(i) being the place of the i-th in `b`; null
 * where there are fewer than five classes.
 */
function distanceOf(a: readonly number[], b: readonly number[]): number | null {
  if (a.length < PLACES || b.length < PLACES) return null;
  return a.slice(0, PLACES).reduce((sum, index, place) => {
    const other = b.slice(0, PLACES).indexOf(index);
    return sum + Math.abs(place - (other < 0 ? PLACES : other));
  }, 0);
}
