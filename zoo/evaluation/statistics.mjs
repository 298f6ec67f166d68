// Estimates and paired differences that `result.json` doesn't have, by the product's own statistics.
import { bootstrapRatios, percentileInterval } from '../../dist/metrics/bootstrap.js';
import { ratioOf } from '../../dist/metrics/column.js';
import { holmAdjusted } from '../../dist/metrics/holm.js';
import { mcnemarExact } from '../../dist/metrics/mcnemar.js';
import { permutationTest } from '../../dist/metrics/permutation.js';
import { wilsonInterval } from '../../dist/metrics/wilson.js';

const SEED = 0;

/** A column of the metrics' kind: one [sum, count] a picture. */
export function columnOf(rows) {
  return { sum: Float64Array.from(rows, ([sum]) => sum), count: Float64Array.from(rows, ([, count]) => count) };
}

/** The ratio of a column with its bootstrap interval over pictures. */
export function estimated(column) {
  return { value: ratioOf(column), ...percentileInterval(bootstrapRatios([column], SEED)[0]) };
}

/** A share of yes-or-no answers with Wilson's interval. */
export function share(yes, n) {
  return { value: yes / n, ...wilsonInterval(yes / n, n), n };
}

/** a − b over the same pictures: the same resamples for both, and a permutation test. */
export function difference(a, b) {
  const [ratiosA, ratiosB] = bootstrapRatios([a, b], SEED);
  const interval = percentileInterval(ratiosA.map((ratio, i) => ratio - ratiosB[i]));
  return {
    value: ratioOf(a) - ratioOf(b),
    ...interval,
    p: permutationTest(a, b, SEED),
    pictures: a.sum.length,
  };
}

/** a − b where each picture has one yes or no: exact McNemar test. */
export function differenceOfAnswers(a, b) {
  const only = (x, y) => x.sum.reduce((count, value, i) => count + Number(value > y.sum[i]), 0);
  return { ...difference(a, b), p: mcnemarExact(only(a, b), only(b, a)) };
}

/** The rows with p adjusted by Holm over all of them. */
export function family(rows) {
  const adjusted = holmAdjusted(rows.map(({ p }) => p));
  return rows.map((row, i) => ({ ...row, pHolm: adjusted[i] }));
}

/**
 * Variant minus partner of one measure, Holm over all variants that have a partner.
 *
 * @param differenceOf of a variant and its partner, by their names
 */
export function againstPartners(cards, measure, differenceOf) {
  return family(
    cards
      .filter(({ partner }) => partner !== null)
      .map(({ name, partner }) => ({ measure, variant: name, partner, ...differenceOf(name, partner) })),
  );
}

/** Whether a difference is beyond chance after Holm's adjustment. */
export function separates({ pHolm }) {
  return pHolm !== null && pHolm < 0.05;
}

/** Pictures after which the (unadjusted) interval of a difference as large as the measured one would leave 0. */
export function picturesNeeded({ value, low, high, pictures }) {
  return Math.ceil(pictures * ((high - low) / 2 / Math.abs(value)) ** 2);
}
