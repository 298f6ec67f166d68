// Mean absolute change (MAC) of the probability of the first view's top class: Azulay & Weiss, JMLR 2019, section 2.
import { storedProbability, tallyPairs, top1 } from './answers.js';
import type { Metric } from './metric.js';

export const meanAbsoluteChange: Metric = {
  name: 'meanAbsoluteChange',
  title: 'Mean absolute change',
  unit: 'probability',
  n: 'pairs',
  lowerIsBetter: true,
  definition:
    'How far the probability of the first view’s likeliest class moves from one view of a pair to the other, on average.',
  source: 'Azulay & Weiss, JMLR 2019',
  needsLabels: false,
  binary: false,
  none: 'no pair of views that both have an answer',
  tally: (observation, group) =>
    tallyPairs(observation, group, (a, b) => {
      const k = top1(a);
      return Math.abs(storedProbability(observation, a, k) - storedProbability(observation, b, k));
    }),
};
