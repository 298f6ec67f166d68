// Thresholds (`--fail-if "top1Change > 0.05"`): what a user calls a failure, read and checked against estimates.
import { expected, unknownName, type InputError } from '../core/errors.js';
import { isEstimate } from '../core/estimate.js';
import type { ModelResult, Result, Threshold } from '../core/result.js';
import { metrics } from './registry.js';

const comparisons = {
  '>': (value: number, bound: number) => value > bound,
  '>=': (value: number, bound: number) => value >= bound,
  '<': (value: number, bound: number) => value < bound,
  '<=': (value: number, bound: number) => value <= bound,
};

/** A condition that makes the check fail. */
type ThresholdRule = {
  /** As it was written, with single spaces. */
  readonly expression: string;
  /** The part of a run with several probes; null = the first. */
  readonly part: string | null;
  readonly metric: string;
  readonly bound: 'value' | 'low' | 'high';
  readonly comparison: keyof typeof comparisons;
  /** As a fraction or probability: "5%" is 0.05. */
  readonly number: number;
};

const SYNTAX = /^\s*([\w-]+(?:\.[\w-]+){0,2})\s*(>=|<=|>|<)\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*(%?)\s*$/i;

/**
 * Reads `[PART.]METRIC[.low|.high|.value] (>|>=|<|<=) NUMBER[%]`.
 *
 * @throws InputError on any other form, an unknown metric or an unknown bound
 */
export function parseThreshold(text: string): ThresholdRule {
  const parts = SYNTAX.exec(text);
  if (parts === null) {
    throw expected(
      '--fail-if',
      'METRIC[.low|.high] followed by >, >=, < or <= and a number, like "top1Change > 0.05" or "accuracy.low < 70%"',
      text,
    );
  }
  const [, path = '', comparison, digits, sign] = parts;
  const names = metrics.map(({ name }) => name);
  const words = path.split('.');
  const part = words.length > 1 && !names.includes(words[0] ?? '') && names.includes(words[1] ?? '') ? words[0] : null;
  const [metric = '', bound = 'value', ...more] = part === null ? words : words.slice(1);
  if (more.length > 0) throw unknownName('metric', metric, names);
  if (!names.includes(metric)) throw unknownName('metric', metric, names);
  if (bound !== 'value' && bound !== 'low' && bound !== 'high') {
    throw unknownName('bound', bound, ['value', 'low', 'high']);
  }
  return {
    expression: text.trim().replace(/\s+/g, ' '),
    part: part ?? null,
    metric,
    bound,
    comparison: comparison as keyof typeof comparisons,
    number: sign === '%' ? Number(digits) / 100 : Number(digits),
  };
}

/** The models of a run, and those of its further parts. */
type Measured = Pick<Result, 'models' | 'parts'>;

/** What an error says where a run has no further parts. */
const ALONE = 'This run has one part only: leave the prefix out.';

function unknownPart(part: string, parts: readonly string[]): InputError {
  return parts.length === 0
    ? expected('--fail-if', 'a metric', `${part}.…`, ALONE)
    : unknownName('part of the run', part, parts);
}

/** @throws InputError where the run has no such part */
function modelsOf({ models, parts = {} }: Measured, part: string | null): readonly ModelResult[] {
  if (part === null) return models;
  const found = parts[part];
  if (found === undefined) throw unknownPart(part, Object.keys(parts));
  return found.models;
}

/**
 * Checks that a run will have the parts that rules name, before it is measured.
 *
 * @param parts names of the further parts
 * @throws InputError naming a part that there won't be
 */
export function checkParts(rules: readonly ThresholdRule[], parts: readonly string[]): void {
  for (const { part } of rules) if (part !== null && !parts.includes(part)) throw unknownPart(part, parts);
}

/**
 * Every rule for every model, in the order of rules, then models.
 *
 * @throws InputError where a rule names a part that the run hasn't
 */
export function evaluateThresholds(rules: readonly ThresholdRule[], result: Measured): Threshold[] {
  return rules.flatMap(({ expression, part, metric, bound, comparison, number }) =>
    modelsOf(result, part).map(({ name, estimates }) => {
      const estimate = estimates[metric];
      const value = isEstimate(estimate) ? estimate[bound] : null;
      return { expression, model: name, value, holds: value === null ? null : comparisons[comparison](value, number) };
    }),
  );
}

/** Whether the check fails: the condition holds, or there is nothing to check it on. */
export function thresholdFails(threshold: Threshold): boolean {
  return threshold.holds !== false;
}

/** One line on a checked threshold. */
export function thresholdSentence(threshold: Threshold, result: Measured): string {
  const { expression, model, value } = threshold;
  if (value !== null) {
    return `${thresholdFails(threshold) ? 'Failed' : 'Passed'}: --fail-if "${expression}": ${model} has ${Number(value.toPrecision(4))}.`;
  }
  const { part, metric } = parseThreshold(expression);
  const estimate = modelsOf(result, part).find(({ name }) => name === model)?.estimates[metric];
  const reason = estimate !== undefined && !isEstimate(estimate) ? estimate.unavailable : 'it was not measured';
  return `Failed: --fail-if "${expression}": ${model} has no value to check (${reason}).`;
}
