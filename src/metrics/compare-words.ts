// A comparison in sentences, for the terminal and the page: what each model gains or loses against the reference, the
// first model, in stability, accuracy and cost, and what is not settled. Pure words: every one follows from the result.
import type { ModelCost, PairAgreement, RankCorrelation } from '../core/compare.js';
import { isEstimate, valueOf } from '../core/estimate.js';
import type { Result } from '../core/result.js';
import { paretoPlaces } from './pareto.js';
import type { AnswerTime } from './times.js';
import { isSettled } from './verdict.js';
import { coefficient, counted, listed, percent, points, pointsWithInterval, pValue, threeDigits } from './words.js';

/** A model minus the reference, over the same pictures. */
export type FromReference = {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly pHolm: number | null;
  readonly settled: boolean;
};

/** A comparison in words. */
export type ComparisonWords = {
  /** The steadiest model beside the reference, and what the others do. */
  readonly findings: readonly string[];
  /** Where less change is no gain in stability. */
  readonly warnings: readonly string[];
};

/** A model's difference from the reference in a metric; null where there is none, as of the reference itself. */
export function fromReference(
  { models, comparisons }: Pick<Result, 'models' | 'comparisons'>,
  model: string,
  metric: string,
): FromReference | null {
  const reference = models[0]?.name;
  const row = comparisons.find(
    (one) =>
      one.metric === metric && ((one.a === reference && one.b === model) || (one.a === model && one.b === reference)),
  );
  if (row === undefined || !isEstimate(row.difference)) return null;
  const { value, low, high } = row.difference;
  const rest = { pHolm: row.pHolm, settled: isSettled(row) };
  return row.a === model ? { value, low, high, ...rest } : { value: -value, low: -high, high: -low, ...rest };
}

/** @param times of the models, where they were timed */
export function comparisonWords(result: Result, times: readonly AnswerTime[] = []): ComparisonWords {
  if (result.models.length < 2) return { findings: [], warnings: [] };
  return {
    findings: [
      ...stability(result),
      ...accuracy(result),
      ...cost(result, times),
      ...front(result),
      ...flipping(result),
    ],
    warnings: warnings(result),
  };
}

type Against = FromReference & { readonly name: string };

function others(result: Result, metric: string): Against[] {
  return result.models.slice(1).flatMap(({ name }) => {
    const found = fromReference(result, name, metric);
    return found === null ? [] : [{ name, ...found }];
  });
}

/** "blurpool (−3.1 points [−5.0, −1.2], p < 0.001)"; of many, without interval and p. */
function told(models: readonly Against[], many: boolean): string {
  const one = (model: Against): string =>
    many
      ? `${model.name} (${points(model.value)})`
      : `${model.name} (${pointsWithInterval(model)}${model.pHolm === null ? '' : `, ${pValue(model.pHolm)}`})`;
  return listed(models.toSorted((a, b) => a.value - b.value).map(one));
}

/** Beyond so many models sentences give the numbers alone: the table has their intervals. */
const MANY = 4;

/** Groups of models by what their difference says, as sentences; the first one names the reference. */
function grouped(
  reference: string,
  groups: readonly (readonly [what: string, models: readonly Against[]])[],
  many: boolean,
): string {
  return groups
    .filter(([, models]) => models.length > 0)
    .map(([what, models], i) => {
      const against = i > 0 ? '' : `${what.startsWith('Not') ? ' against' : ' than'} ${reference}`;
      return `${what}${against}${i === 0 && many ? ', in points' : ''}: ${told(models, many)}.`;
    })
    .join(' ');
}

function stability(result: Result): string[] {
  const [reference] = result.models;
  const change = reference?.estimates['top1Change'];
  const found = others(result, 'top1Change');
  if (reference === undefined || !isEstimate(change) || found.length === 0) return [];
  const groups = [
    ['Steadier', found.filter(({ settled, value }) => settled && value < 0)],
    ['Less steady', found.filter(({ settled, value }) => settled && value > 0)],
    ['Not settled', found.filter(({ settled }) => !settled)],
  ] as const;
  return [grouped(`${reference.name} (P(top-1 change) ${percent(change.value)})`, groups, found.length > MANY)];
}

function accuracy(result: Result): string[] {
  const found = others(result, 'accuracy');
  const [reference] = result.models;
  const own = reference?.estimates['accuracy'];
  if (reference === undefined || found.length === 0 || !isEstimate(own)) return [];
  const groups = [
    ['More accurate', found.filter(({ settled, value }) => settled && value > 0)],
    ['Less accurate', found.filter(({ settled, value }) => settled && value < 0)],
    ['Not settled in accuracy', found.filter(({ settled }) => !settled)],
  ] as const;
  return [grouped(`${reference.name} (accuracy ${percent(own.value)})`, groups, found.length > MANY)];
}

/** A number of a cost, null where it isn't told; of a factor the mean of its two directions. */
export function costNumber(cost: ModelCost | undefined, what: keyof ModelCost): number | null {
  const value = cost?.[what];
  if (value === undefined) return null;
  if (typeof value === 'number') return value;
  return 'unavailable' in value ? null : Math.sqrt(value.x * value.y);
}

/** A ratio: "1.23 ×", "97.3 ×", "1,230 ×". */
function ratioText(value: number): string {
  return `${threeDigits(value)} ×`;
}

function cost({ models }: Result, times: readonly AnswerTime[]): string[] {
  const [reference, ...rest] = models;
  const own = costNumber(reference?.cost, 'macs');
  const parts = rest.flatMap(({ name, cost: theirs }) => {
    const macs = costNumber(theirs, 'macs');
    const ratio = times.find(({ model }) => model === name)?.ratio;
    const texts = [
      ...(macs === null || own === null || own === 0 ? [] : [`${ratioText(macs / own)} the multiply-accumulates`]),
      ...(ratio === undefined || 'unavailable' in ratio
        ? []
        : [`${ratioText(ratio.value)} the time [${threeDigits(ratio.low)}, ${threeDigits(ratio.high)}]`]),
    ];
    return texts.length === 0 ? [] : [`${name} ${listed(texts)}`];
  });
  return parts.length === 0 || parts.length > MANY ? [] : [`For one answer: ${parts.join('; ')}.`];
}

/** How the sentence on the front begins. */
export const FRONT = 'On the front of accuracy and stability: ';

function front({ models, comparisons }: Result): string[] {
  const places = paretoPlaces(models, comparisons);
  if (places.length < 2) return [];
  const on = places.filter(({ beatenBy }) => beatenBy === null).map(({ model }) => model);
  const beaten = (some: boolean): string => {
    const rows = places.filter(({ beatenBy, settled }) => beatenBy !== null && settled.length > 0 === some);
    const by = [...new Set(rows.map(({ beatenBy }) => beatenBy ?? ''))];
    return by
      .map((best) => `${listed(rows.filter(({ beatenBy }) => beatenBy === best).map(({ model }) => model))} by ${best}`)
      .join('; ');
  };
  const [clear, open] = [beaten(true), beaten(false)];
  return [
    `${FRONT}${listed(on)}; no other model is at least as good as ${on.length === 1 ? 'it' : 'one of them'} in both and better in one.` +
      (clear === '' ? '' : ` Beaten so, beyond chance in at least one: ${clear}.`) +
      (open === '' ? '' : ` Beaten so by the estimates alone, which these pictures don’t settle: ${open}.`),
  ];
}

/** A rank correlation with its test, or why there is none. */
export function correlationText(correlation: RankCorrelation): string {
  if ('unavailable' in correlation) return `no rank correlation (${correlation.unavailable})`;
  const { value, n, p, test } = correlation;
  return `Spearman’s rank correlation ${coefficient(value)} over ${n} models, ${pValue(p)} by ${test.startsWith('exact') ? 'an' : 'a'} ${test}`;
}

/** How many pictures two models would both flip if each flipped as many as it does, at random. */
export function bothByChance({ both, onlyA, onlyB, neither }: PairAgreement): number {
  return ((both + onlyA) * (both + onlyB)) / (both + onlyA + onlyB + neither);
}

/** How far two models flip the same pictures, in words. */
export function agreementText({ kappa }: PairAgreement): string {
  if (!isEstimate(kappa)) return kappa.unavailable;
  if (kappa.low <= 0 && kappa.high >= 0) return 'not told from chance';
  if (kappa.value < 0) return 'fewer than by chance';
  return kappa.value > 0.6 ? 'largely the same' : 'more than by chance';
}

function flipping({ models, flips }: Result): string[] {
  if (flips === undefined) return [];
  const { pictures, flippedBy, pairs } = flips;
  const [none, all] = [flippedBy[0] ?? 0, flippedBy.at(-1) ?? 0];
  const [pair] = pairs;
  const of = `Of ${counted(pictures, 'picture')}`;
  const some = (n: number): string => (n === 0 ? 'none' : String(n));
  if (models.length === 2 && pair !== undefined) {
    const { a, b, both, onlyA, onlyB, neither } = pair;
    return [
      `${of} ${a} alone changes its answer on ${some(onlyA)}, ${b} alone on ${some(onlyB)}, both on ${some(both)} (${bothByChance(pair).toFixed(1)} by chance alone), neither on ${some(neither)}.`,
    ];
  }
  return [
    `${of} ${none === 0 ? 'every one has its answer changed by some model' : `${none} ${none === 1 ? 'keeps its answer' : 'keep their answers'} under every model`}, and ${all === 0 ? 'none changes' : `${all} ${all === 1 ? 'changes' : 'change'}`} ${all > 1 ? 'their answers' : 'its answer'} under all ${models.length}.`,
  ];
}

/** "accuracy −12.0 points [−16.1, −8.0]" of the metrics that fell beyond their 95 % interval. */
function fallen(result: Result, name: string, metrics: readonly (readonly [string, string])[]): string[] {
  return metrics.flatMap(([metric, title]) => {
    const found = fromReference(result, name, metric);
    return found !== null && found.high < 0 ? [`${title} ${pointsWithInterval(found)}`] : [];
  });
}

/** A fall in confidence is told where it is at least this share of the fall in mean absolute change, both in proportion. */
const TELLING = 0.25;

/** By which part of the reference's value a model's is lower; 0 where that isn't known. */
function loss(result: Result, name: string, metric: string): number {
  const [before, after] = [result.models[0], result.models.find((model) => model.name === name)].map((model) =>
    valueOf(model?.estimates[metric]),
  );
  return before == null || after == null || before === 0 ? 0 : 1 - after / before;
}

/**
 * Models whose instability falls together with what they know. Single 95 % intervals are enough for a warning: it should
 * rather come once too often.
 */
function warnings(result: Result): string[] {
  const [reference] = result.models;
  return result.models.slice(1).flatMap(({ name }) => {
    const change = fallen(result, name, [['top1Change', 'P(top-1 change)']]);
    const size = fallen(result, name, [['meanAbsoluteChange', 'mean absolute change']]);
    const right = fallen(result, name, [['accuracy', 'accuracy']]);
    const sure = fallen(result, name, [['meanConfidence', 'mean confidence']]);
    const steadier = [...change, ...size];
    if (steadier.length > 0 && right.length > 0) {
      return [
        `${name} may change its answer less because it knows less than ${reference?.name ?? ''}: ${listed(steadier)}, but ${listed([...right, ...sure])}.`,
      ];
    }
    const telling = loss(result, name, 'meanConfidence') >= TELLING * loss(result, name, 'meanAbsoluteChange');
    if (size.length > 0 && sure.length > 0 && telling) {
      return [
        `The mean absolute change of ${name} falls together with its mean confidence (${listed([...size, ...sure])}): a model that is less sure has less to lose at each step.`,
      ];
    }
    return [];
  });
}
