// Mean probability of the true class at the reference view: what accuracy hides where the answer stays and wavers.
import { storedProbability, tallyReference } from './answers.js';
import type { Metric } from './metric.js';

export const trueProbability: Metric = {
  name: 'trueProbability',
  title: 'Probability of the true class',
  unit: 'probability',
  n: 'pictures',
  lowerIsBetter: false,
  definition: 'The mean probability of the true class at the reference view.',
  source: 'after Azulay & Weiss, JMLR 2019',
  needsLabels: true,
  binary: false,
  none: 'no reference view of a labelled picture has an answer',
  tally: (observation, group) => {
    const { label } = observation;
    if (label === null) return null;
    return tallyReference(observation, group, (view) => storedProbability(observation, view, label));
  },
};
