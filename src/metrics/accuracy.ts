// Top-1 accuracy at the reference view.
import { tallyReference, top1 } from './answers.js';
import type { Metric } from './metric.js';

export const accuracy: Metric = {
  name: 'accuracy',
  title: 'Accuracy',
  unit: 'fraction',
  n: 'pictures',
  lowerIsBetter: false,
  definition: 'The fraction of pictures whose likeliest class at the reference (unshifted) view is the true one.',
  source: 'top-1 accuracy',
  needsLabels: true,
  binary: true,
  none: 'no reference view of a labelled picture has an answer',
  tally: (observation, group) =>
    observation.label === null ? null : tallyReference(observation, group, (view) => top1(view) === observation.label),
};
