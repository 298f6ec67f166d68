// Pictures whose answer changes at all under the views of the group: adversarial inconsistency, label-free.
import { tallyGroup, top1 } from './answers.js';
import type { Metric } from './metric.js';

export const everChanged: Metric = {
  name: 'everChanged',
  title: 'Pictures whose answer ever changes',
  unit: 'fraction',
  n: 'pictures',
  lowerIsBetter: true,
  definition: 'The fraction of pictures whose likeliest class is not the same under every view.',
  source: 'after Michaeli et al., CVPR 2023',
  needsLabels: false,
  binary: true,
  none: 'no picture with an answer to each of two or more views',
  tally: (observation, group) =>
    tallyGroup(observation, group, 2, (views) => new Set(views.map((view) => top1(view))).size > 1),
};
