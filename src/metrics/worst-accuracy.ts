// Accuracy under the worst view of the group: Engstrom et al., ICML 2019 ("grid"), for whichever views the probe makes.
import { tallyGroup, top1 } from './answers.js';
import type { Metric } from './metric.js';

export const worstAccuracy: Metric = {
  name: 'worstAccuracy',
  title: 'Accuracy, worst view',
  unit: 'fraction',
  n: 'pictures',
  lowerIsBetter: false,
  definition: 'The fraction of pictures that are right under every view.',
  source: 'Engstrom et al., ICML 2019',
  needsLabels: true,
  binary: true,
  none: 'no labelled picture with an answer to every view',
  tally: (observation, group) =>
    observation.label === null
      ? null
      : tallyGroup(observation, group, 1, (views) => views.every((view) => top1(view) === observation.label)),
};
