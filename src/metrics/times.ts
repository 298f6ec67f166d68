// Times of models that took turns: medians, and ratios to the reference with a distribution-free interval for the
// median (order statistics; Hahn & Meeker, Statistical Intervals, 1991, section 5.2).
import type { AnswerTimes } from '../core/compare.js';
import type { Unavailable } from '../core/estimate.js';

/** A median over rounds with its 95 % interval. */
export type Median = { readonly value: number; readonly low: number; readonly high: number; readonly rounds: number };

/** What was timed of one model. */
export type AnswerTime = {
  readonly model: string;
  /** Milliseconds an answer. */
  readonly median: Median | Unavailable;
  /** Over the reference's, round by round. */
  readonly ratio: Median | Unavailable;
};

/**
 * Times of each model and their ratios to the reference's, round by round: what slows a round slows all models in it.
 *
 * @param name the reference's: the first model of the result, which need not be the one that was timed first
 */
export function answerTimes({ models }: AnswerTimes, name: string): AnswerTime[] {
  const reference = models.find(({ model }) => model === name);
  return models.map((one) => {
    const { model } = one;
    if ('unavailable' in one) return { model, median: one, ratio: one };
    const median = medianOf(one.milliseconds);
    if (reference === undefined || 'unavailable' in reference)
      return { model, median, ratio: { unavailable: 'the reference was not timed' } };
    const ratios = one.milliseconds.map((own, round) => own / (reference.milliseconds[round] as number));
    return { model, median, ratio: medianOf(ratios) };
  });
}

/** The median of rounds, with the narrowest pair of order statistics that covers it with at least 95 %. */
export function medianOf(values: readonly number[]): Median | Unavailable {
  const sorted = values.toSorted((a, b) => a - b);
  const n = sorted.length;
  const middle = (sorted[Math.floor((n - 1) / 2)] as number) / 2 + (sorted[Math.ceil((n - 1) / 2)] as number) / 2;
  let tail = 0.5 ** n;
  if (2 * tail > 0.05) return { unavailable: `${n} rounds are too few for an interval`, value: middle };
  let rank = 0;
  for (let term = tail; ; rank++) {
    term *= (n - rank) / (rank + 1);
    if (2 * (tail + term) > 0.05) break;
    tail += term;
  }
  return { value: middle, low: sorted[rank] as number, high: sorted[n - 1 - rank] as number, rounds: n };
}
