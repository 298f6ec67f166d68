// Jaggedness: Azulay & Weiss, JMLR 2019, section 2.
import { inTop5, tallyPairs } from './answers.js';
import type { Metric } from './metric.js';

export const jaggedness: Metric = {
  name: 'jaggedness',
  title: 'Jaggedness',
  unit: 'fraction',
  n: 'pairs',
  lowerIsBetter: true,
  definition:
    'Of the pairs whose first view has the true class among its five likeliest, the fraction whose second view has not.',
  source: 'Azulay & Weiss, JMLR 2019',
  needsLabels: true,
  binary: true,
  none: 'no pair whose first view has the true class among five likeliest',
  tally: (observation, group) => {
    const { label } = observation;
    if (label === null) return null;
    return tallyPairs(observation, group, (a, b) => (inTop5(a, label) === true ? Number(!inTop5(b, label)) : null));
  },
};
