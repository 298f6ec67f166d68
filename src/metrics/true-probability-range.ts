// Range of the true class's probability along the path, per picture.
import { storedProbability, tallyGroup } from './answers.js';
import type { Metric } from './metric.js';

export const trueProbabilityRange: Metric = {
  name: 'trueProbabilityRange',
  title: 'Range of the true class’s probability',
  unit: 'probability',
  n: 'pictures',
  lowerIsBetter: true,
  definition: 'Highest minus lowest probability of the true class over the views of a picture, averaged over pictures.',
  source: 'after Azulay & Weiss, JMLR 2019, figure 1',
  needsLabels: true,
  binary: false,
  none: 'no labelled picture with an answer to each of two or more views',
  tally: (observation, group) => {
    const { label } = observation;
    if (label === null) return null;
    return tallyGroup(observation, group, 2, (views) => {
      const p = views.map((view) => storedProbability(observation, view, label));
      return Math.max(...p) - Math.min(...p);
    });
  },
};
