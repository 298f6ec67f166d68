// Thresholds: every form that is read, every message for those that aren't, and no pass without a value.
import { describe, expect, it } from 'vitest';
import type { MaybeEstimate } from '../../src/core/estimate.js';
import type { Result } from '../../src/core/result.js';
import { evaluateThresholds, parseThreshold, thresholdFails, thresholdSentence } from '../../src/metrics/threshold.js';
import { estimateOf, modelResult } from './results.js';

describe('reading', () => {
  it.each([
    ['top1Change > 0.05', { metric: 'top1Change', bound: 'value', comparison: '>', number: 0.05 }],
    ['top1Change.low>.05', { metric: 'top1Change', bound: 'low', comparison: '>', number: 0.05 }],
    ['  accuracy.high  <=  70% ', { metric: 'accuracy', bound: 'high', comparison: '<=', number: 0.7 }],
    [
      'meanAbsoluteChange.value >= 1e-6',
      { metric: 'meanAbsoluteChange', bound: 'value', comparison: '>=', number: 1e-6 },
    ],
    ['accuracy < 1', { metric: 'accuracy', bound: 'value', comparison: '<', number: 1 }],
  ])('%s', (text, rule) => expect(parseThreshold(text)).toMatchObject(rule));

  it('keeps the expression as written, with single spaces', () => {
    expect(parseThreshold('  accuracy   <  70% ').expression).toBe('accuracy < 70%');
  });

  it.each([
    ['top1Chnage > 0.05', 'Unknown metric "top1Chnage". Did you mean "top1Change"'],
    ['top1Change.upper > 0.05', 'Unknown bound "upper". Valid: value, low, high.'],
    ['top1Change = 0.05', 'Expected METRIC[.low|.high] followed by >, >=, < or <= and a number'],
    ['top1Change > five', 'for --fail-if but received "top1Change > five".'],
    ['0.05 < top1Change', 'Expected METRIC'],
    ['top1Change > 0.05 0.06', 'Expected METRIC'],
    ['', 'Expected METRIC'],
  ])('refuses %j', (text, message) => expect(() => parseThreshold(text)).toThrow(message));
});

describe('checking', () => {
  const model = (top1Change: MaybeEstimate) => modelResult('net', { top1Change });
  const check = (text: string, estimate: MaybeEstimate) => {
    const models = [model(estimate)];
    const [threshold] = evaluateThresholds([parseThreshold(text)], { models });
    return { ...threshold!, fails: thresholdFails(threshold!), sentence: thresholdSentence(threshold!, { models }) };
  };
  const known = estimateOf(0.061, 0.049, 0.074);

  it('fails where the condition holds', () => {
    expect(check('top1Change > 5%', known)).toEqual({
      expression: 'top1Change > 5%',
      model: 'net',
      value: 0.061,
      holds: true,
      fails: true,
      sentence: 'Failed: --fail-if "top1Change > 5%": net has 0.061.',
    });
  });
  it('passes where it doesn’t', () => {
    expect(check('top1Change.low > 0.05', known)).toMatchObject({
      value: 0.049,
      holds: false,
      fails: false,
      sentence: 'Passed: --fail-if "top1Change.low > 0.05": net has 0.049.',
    });
    expect(check('top1Change > 0.061', known).fails).toBe(false);
    expect(check('top1Change >= 0.061', known).fails).toBe(true);
  });
  it('fails without a value, and says why', () => {
    expect(check('top1Change > 0.05', { unavailable: 'no pictures' })).toMatchObject({
      value: null,
      holds: null,
      fails: true,
      sentence: 'Failed: --fail-if "top1Change > 0.05": net has no value to check (no pictures).',
    });
  });
  it('takes every rule to every model', () => {
    const rules = ['top1Change > 0.05', 'top1Change.high > 0.1'].map(parseThreshold);
    const models = [
      modelResult('a', { top1Change: known }),
      modelResult('b', { top1Change: estimateOf(0.2, 0.1, 0.3) }),
    ];
    expect(evaluateThresholds(rules, { models }).map(({ model, holds }) => [model, holds])).toEqual([
      ['a', true],
      ['b', true],
      ['a', false],
      ['b', true],
    ]);
  });
});

describe('parts of a run', () => {
  const models = [modelResult('a', {})];
  const parts = { scale: { models: [] } as unknown as Result };

  it('are named before the metric', () => {
    expect(parseThreshold('scale.top1Change > 0.1')).toMatchObject({
      part: 'scale',
      metric: 'top1Change',
      bound: 'value',
    });
    expect(parseThreshold('scale.accuracy.low < 70%')).toMatchObject({
      part: 'scale',
      metric: 'accuracy',
      bound: 'low',
    });
    expect(parseThreshold('top1Change.high > 0.1')).toMatchObject({ part: null, bound: 'high' });
  });

  it('must be there', () => {
    const rule = parseThreshold('scales.top1Change > 0.1');
    expect(() => evaluateThresholds([rule], { models, parts })).toThrow(
      'Unknown part of the run "scales". Did you mean "scale"?',
    );
    expect(evaluateThresholds([parseThreshold('scale.top1Change > 0.1')], { models, parts })).toEqual([]);
  });

  it('have one metric and one bound', () => {
    expect(() => parseThreshold('top1Change.low.high > 1')).toThrow();
    expect(() => parseThreshold('scale.top1Chang > 1')).toThrow('Unknown metric "scale"');
  });
});
