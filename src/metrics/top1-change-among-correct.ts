// P(top-1 change) of the pictures that the model knows: accuracy confounds the plain metric, because a picture that is
// not recognised wavers between wrong classes.
import { answerAt, tallyPairs, top1 } from './answers.js';
import type { Metric } from './metric.js';

export const top1ChangeAmongCorrect: Metric = {
  name: 'top1ChangeAmongCorrect',
  title: 'P(top-1 change), pictures right at the reference view',
  unit: 'fraction',
  n: 'pairs',
  lowerIsBetter: true,
  definition:
    'The fraction of pairs of neighbouring views whose likeliest classes differ, of pictures that are right at the reference view.',
  source: 'after Azulay & Weiss, JMLR 2019',
  needsLabels: true,
  binary: true,
  none: 'no pairs of pictures that are right at the reference view',
  tally: (observation, group) => {
    const reference = answerAt(observation, group.reference);
    if (reference === null || top1(reference) !== observation.label) return null;
    return tallyPairs(observation, group, (a, b) => Number(top1(a) !== top1(b)));
  },
};
