// What the metrics read of an observation: valid answers of a view, a pair or a whole group. A view without an answer
// (NaN or infinite logits) is never an argmax: pairs with one are left out, and so are pictures whose metric needs it.
import { InputError } from '../core/errors.js';
import { probabilityOf, type Observation, type ViewObservation } from '../core/observation.js';
import type { Group } from '../core/view.js';
import type { Tally } from './metric.js';

/** A view that has an answer. */
type Answered = Exclude<ViewObservation, { readonly invalid: string }>;

/**
 * The view's answer, or null where it has none.
 *
 * @throws InputError if the observation has no such view
 */
export function answerAt(observation: Observation, index: number): Answered | null {
  const view = observation.views[index];
  if (view === undefined) {
    throw new InputError(
      `Expected views 0 to ${observation.views.length - 1} in the observation of "${observation.picture}" but a group names view ${index}. ` +
        'The observation is damaged: measure the picture again.',
    );
  }
  return 'invalid' in view ? null : view;
}

/** The likeliest class. */
export function top1(view: Answered): number {
  return view.top[0] as number;
}

/** Whether a class is among the five likeliest; null where the model has fewer than five classes. */
export function inTop5(view: Answered, index: number): boolean | null {
  return view.top.length < 5 ? null : view.top.slice(0, 5).includes(index);
}

/**
 * Probability of a tracked class.
 *
 * @throws InputError if it wasn't stored
 */
export function storedProbability(observation: Observation, view: Answered, index: number): number {
  const p = probabilityOf(observation, view, index);
  if (p !== null) return p;
  throw new InputError(
    `Expected the probability of class ${index} in the observation of "${observation.picture}" but it isn't stored. ` +
      'The observation is damaged: measure the picture again.',
  );
}

/** Sum and number of a value over the pairs whose views both have an answer; the value is null where a pair doesn't count. */
export function tallyPairs(
  observation: Observation,
  group: Group,
  value: (a: Answered, b: Answered) => number | null,
): Tally | null {
  let sum = 0;
  let count = 0;
  for (const [first, second] of group.pairs) {
    const a = answerAt(observation, first);
    const b = answerAt(observation, second);
    const added = a && b && value(a, b);
    if (added === null) continue;
    sum += added;
    count++;
  }
  return count > 0 ? { sum, count } : null;
}

/** One value a picture, from its reference view; null where that view has no answer or the value is null. */
export function tallyReference(
  observation: Observation,
  group: Group,
  value: (reference: Answered) => number | boolean | null,
): Tally | null {
  const reference = answerAt(observation, group.reference);
  const added = reference && value(reference);
  return added === null ? null : { sum: Number(added), count: 1 };
}

/** One value a picture, from all views of its group; null where there are fewer than `least` or one has no answer. */
export function tallyGroup(
  observation: Observation,
  group: Group,
  least: number,
  value: (views: readonly Answered[]) => number | boolean,
): Tally | null {
  const views = group.views.map((index) => answerAt(observation, index));
  const valid = views.filter((view) => view !== null);
  return valid.length < least || valid.length < views.length ? null : { sum: Number(value(valid)), count: 1 };
}
