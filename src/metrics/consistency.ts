// Consistency: Zhang, ICML 2019, section 4.1; 1 − P(top-1 change) on the same pairs.
import { tallyPairs, top1 } from './answers.js';
import type { Metric } from './metric.js';

export const consistency: Metric = {
  name: 'consistency',
  title: 'Consistency',
  unit: 'fraction',
  n: 'pairs',
  lowerIsBetter: false,
  definition: 'The fraction of pairs of views whose likeliest classes are the same (1 − P(top-1 change)).',
  source: 'Zhang, ICML 2019',
  needsLabels: false,
  binary: true,
  none: 'no pair of views that both have an answer',
  tally: (observation, group) => tallyPairs(observation, group, (a, b) => Number(top1(a) === top1(b))),
};
