// P(top-1 change): Azulay & Weiss, JMLR 2019, section 2.
import { tallyPairs, top1 } from './answers.js';
import type { Metric } from './metric.js';

export const top1Change: Metric = {
  name: 'top1Change',
  title: 'P(top-1 change)',
  unit: 'fraction',
  n: 'pairs',
  lowerIsBetter: true,
  definition: 'The fraction of pairs of neighbouring views whose likeliest classes differ.',
  source: 'Azulay & Weiss, JMLR 2019',
  needsLabels: false,
  binary: true,
  none: 'no pair of views that both have an answer',
  tally: (observation, group) => tallyPairs(observation, group, (a, b) => Number(top1(a) !== top1(b))),
};
