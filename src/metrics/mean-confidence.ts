// Mean confidence, printed beside MAC, which falls when a model breaks.
import { answerAt } from './answers.js';
import type { Metric } from './metric.js';

export const meanConfidence: Metric = {
  name: 'meanConfidence',
  title: 'Mean confidence',
  unit: 'probability',
  n: 'views',
  lowerIsBetter: false,
  definition: 'The probability of the likeliest class, averaged over all views.',
  source: 'maximum softmax probability',
  needsLabels: false,
  binary: false,
  none: 'no view has an answer',
  tally: (observation, group) => {
    const valid = group.views.map((index) => answerAt(observation, index)).filter((view) => view !== null);
    if (valid.length === 0) return null;
    return { sum: valid.reduce((sum, view) => sum + (view.p[0] as number), 0), count: valid.length };
  },
};
