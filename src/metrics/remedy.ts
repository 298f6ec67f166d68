// What a remedy's answers took in a run: different windows an answer, and how many of them a neighbouring view shares.
import type { ModelRemedy } from '../core/model.js';
import type { Observation } from '../core/observation.js';
import type { RemedyResult } from '../core/result.js';

/** Takes the observations of one variant, picture by picture. */
export type RemedyCollector = {
  readonly add: (observation: Pick<Observation, 'remedy'>) => void;
  readonly result: () => RemedyResult;
};

export function createRemedyCollector(remedy: ModelRemedy): RemedyCollector {
  let [answers, windows, pairs, shared] = [0, 0, 0, 0];
  return {
    add: ({ remedy: use }) => {
      answers += use?.answers ?? 0;
      windows += use?.windows ?? 0;
      pairs += use?.pairs ?? 0;
      shared += use?.shared ?? 0;
    },
    result: () => ({
      ...remedy,
      windowsPerAnswer: answers === 0 ? remedy.inferences : windows / answers,
      sharedWithNeighbour: pairs === 0 ? null : shared / pairs,
    }),
  };
}
