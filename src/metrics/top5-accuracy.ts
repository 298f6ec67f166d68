// Top-5 accuracy at the reference view.
import { inTop5, tallyReference } from './answers.js';
import type { Metric } from './metric.js';

export const top5Accuracy: Metric = {
  name: 'top5Accuracy',
  title: 'Top-5 accuracy',
  unit: 'fraction',
  n: 'pictures',
  lowerIsBetter: false,
  definition:
    'The fraction of pictures whose true class is among the five likeliest at the reference (unshifted) view.',
  source: 'top-5 accuracy',
  needsLabels: true,
  binary: true,
  none: 'no reference view of a labelled picture has five likeliest classes',
  tally: (observation, group) => {
    const { label } = observation;
    return label === null ? null : tallyReference(observation, group, (view) => inTop5(view, label));
  },
};
