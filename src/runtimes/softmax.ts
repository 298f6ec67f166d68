// From a model's raw outputs to answers: softmax in double precision, and a reason where there is no answer.
import type { OutputSpec } from '../core/model.js';
import type { Answer } from '../core/view.js';

/** How far a model's own probabilities may sum from 1; half-precision outputs of 1,000 classes stay below it. */
const SUM_TOLERANCE = 0.01;

/**
 * Softmax of logits, in double precision with the largest subtracted first.
 *
 * @param logits finite numbers
 * @returns probabilities, rounded to float32
 */
export function softmax(logits: ArrayLike<number>): Float32Array {
  const { length } = logits;
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < length; i++) if ((logits[i] as number) > largest) largest = logits[i] as number;
  const powers = new Float64Array(length);
  let sum = 0;
  for (let i = 0; i < length; i++) {
    const power = Math.exp((logits[i] as number) - largest);
    powers[i] = power;
    sum += power;
  }
  const probabilities = new Float32Array(length);
  for (let i = 0; i < length; i++) probabilities[i] = (powers[i] as number) / sum;
  return probabilities;
}

/** Index of the largest value; of equals, the lowest. */
export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] as number) > (values[best] as number)) best = i;
  return best;
}

/**
 * The answer of one view.
 *
 * @param raw the model's output for that view, `[classes]`
 * @returns without an argmax where values are NaN or infinite, or "probabilities" are none
 */
export function answerFrom(raw: Float32Array, kind: OutputSpec['kind']): Answer {
  let nan = 0;
  let infinite = 0;
  let sum = 0;
  let least = 0;
  for (let i = 0; i < raw.length; i++) {
    const value = raw[i] as number;
    // Neither NaN nor infinite: the one comparison that nearly every value takes.
    if (Math.abs(value) < Infinity) {
      sum += value;
      if (value < least) least = value;
    } else if (Number.isNaN(value)) nan++;
    else infinite++;
  }
  const what = `of ${raw.length} ${kind} ${nan + infinite === 1 ? 'is' : 'are'}`;
  if (nan > 0 && infinite > 0) return { ok: false, reason: `${nan + infinite} ${what} NaN or infinite` };
  if (nan > 0) return { ok: false, reason: `${nan} ${what} NaN` };
  if (infinite > 0) return { ok: false, reason: `${infinite} ${what} infinite` };
  const top1 = argmax(raw);
  if (kind === 'logits') return { ok: true, top1, probabilities: softmax(raw) };
  if (least < -SUM_TOLERANCE) return { ok: false, reason: `a probability is ${Number(least.toPrecision(3))}, below 0` };
  if (Math.abs(sum - 1) > SUM_TOLERANCE) {
    return { ok: false, reason: `the ${raw.length} probabilities sum to ${Number(sum.toPrecision(3))} instead of 1` };
  }
  return { ok: true, top1, probabilities: raw.slice() };
}

/**
 * The answers of a batch.
 *
 * @param raw `[count, classes]` as `Classifier.run` gives it
 */
export function answersFrom(
  raw: Float32Array,
  count: number,
  { classes, kind }: Pick<OutputSpec, 'classes' | 'kind'>,
): Answer[] {
  return Array.from({ length: count }, (_, i) => answerFrom(raw.subarray(i * classes, (i + 1) * classes), kind));
}

/** The mean of several answers' probabilities; no answer where one of them has none. */
export function meanAnswer(answers: readonly (Answer | undefined)[]): Answer {
  const [first] = answers;
  if (first === undefined) return { ok: false, reason: 'the mean of no views' };
  if (!first.ok) return first;
  const sums = new Float64Array(first.probabilities.length);
  for (const answer of answers) {
    if (answer === undefined) return { ok: false, reason: 'the mean of a view that was not measured' };
    if (!answer.ok) return answer;
    for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] as number) + (answer.probabilities[i] as number);
  }
  const probabilities = Float32Array.from(sums, (sum) => sum / answers.length);
  return { ok: true, top1: argmax(probabilities), probabilities };
}
