// Ranks against other numbers, times in turns, the Pareto front, and what a comparison says of them.
import { describe, expect, it } from 'vitest';
import type { AnswerTimes } from '../../src/core/compare.js';
import type { Comparison } from '../../src/core/estimate.js';
import type { ModelResult } from '../../src/core/result.js';
import { againstOf } from '../../src/metrics/against.js';
import { comparisonWords, fromReference } from '../../src/metrics/compare-words.js';
import { paretoPlaces } from '../../src/metrics/pareto.js';
import { rankCorrelation } from '../../src/metrics/spearman.js';
import { answerTimes, medianOf } from '../../src/metrics/times.js';
import { compact, threeDigits } from '../../src/metrics/words.js';
import { estimateOf, modelResult, resultOf } from './results.js';

describe('rank correlation', () => {
  it('is the published example’s: IQ and hours of television, −29/165', () => {
    const iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110];
    const hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17];
    const found = rankCorrelation(iq, hours, 0);
    expect(found).toMatchObject({ n: 10, test: 'permutation test over models (10,000 draws)' });
    if ('unavailable' in found) throw new Error(found.unavailable);
    expect(found.value).toBeCloseTo(-29 / 165, 12);
    // Published two-sided p: 0.6272 (by the t approximation); exact tables: 0.63.
    expect(Math.abs(found.p - 0.63)).toBeLessThan(0.02);
  });

  it('has an exact p for few models: 2 of 24 orders are as far from 0 as the perfect one', () => {
    expect(rankCorrelation([1, 2, 3, 4], [10, 20, 30, 40], 0)).toMatchObject({ value: 1, p: 2 / 24 });
    expect(rankCorrelation([1, 2, 3, 4, 5], [5, 4, 3, 2, 1], 0)).toMatchObject({ value: -1, p: 2 / 120 });
    // 1, 2, 3, 4 against 1, 2, 4, 3: ρ = .8; 8 of 24 orders have |ρ| ≥ .8.
    const found = rankCorrelation([1, 2, 3, 4], [1, 2, 4, 3], 0);
    if ('unavailable' in found) throw new Error(found.unavailable);
    expect(found.value).toBeCloseTo(0.8, 12);
    expect(found.p).toBeCloseTo(8 / 24, 12);
  });

  it('shares ranks among equal values', () => {
    // Ranks 1.5, 1.5, 3, 4 and 1, 2, 3, 4: 4.5 / √(4.5 · 5).
    const found = rankCorrelation([7, 7, 8, 9], [1, 2, 3, 4], 0);
    if ('unavailable' in found) throw new Error(found.unavailable);
    expect(found.value).toBeCloseTo(Math.sqrt(0.9), 12);
  });

  it('says why there is none', () => {
    expect(rankCorrelation([1, 2, 3], [1, 2, 3], 0)).toEqual({
      unavailable: 'a rank correlation needs at least 4 models, there are 3',
    });
    expect(rankCorrelation([5, 5, 5, 5], [1, 2, 3, 4], 0)).toHaveProperty('unavailable');
  });
});

describe('times in turns', () => {
  it('have the median with its order statistics', () => {
    // 21 rounds: P(X ≤ 5) = 0.0133, P(X ≤ 6) = 0.0392: the 6th and the 16th.
    const values = Array.from({ length: 21 }, (_, i) => i + 1);
    expect(medianOf(values.toReversed())).toEqual({ value: 11, low: 6, high: 16, rounds: 21 });
    // 6 rounds: 2/64 < 5 %: all of them; 5 rounds: 2/32 > 5 %.
    expect(medianOf([6, 1, 5, 2, 4, 3])).toEqual({ value: 3.5, low: 1, high: 6, rounds: 6 });
    expect(medianOf([1, 2, 3, 4, 5])).toEqual({ unavailable: '5 rounds are too few for an interval', value: 3 });
  });

  it('compare round by round: a slow round slows both', () => {
    const slow = [1, 1, 10, 1, 1, 5, 1];
    const measured: AnswerTimes = {
      threads: 1,
      machine: 'test',
      models: [
        { model: 'a', milliseconds: slow },
        { model: 'b', milliseconds: slow.map((own) => 3 * own) },
        { model: 'c', unavailable: 'gone' },
      ],
    };
    const times = answerTimes(measured, 'a');
    expect(times[0]?.ratio).toEqual({ value: 1, low: 1, high: 1, rounds: 7 });
    expect(times[1]?.ratio).toEqual({ value: 3, low: 3, high: 3, rounds: 7 });
    expect(times[1]?.median).toEqual({ value: 3, low: 3, high: 30, rounds: 7 });
    expect(times[2]?.ratio).toMatchObject({ unavailable: 'gone' });
    // Whichever was timed first: × reference is over the model that is named.
    const [ofA, ofB] = answerTimes(measured, 'b').map(({ ratio }) => ratio);
    expect(ofA?.value).toBeCloseTo(1 / 3, 12);
    expect(ofB).toEqual({ value: 1, low: 1, high: 1, rounds: 7 });
    for (const none of ['c', 'd'])
      expect(answerTimes(measured, none)[0]?.ratio).toEqual({ unavailable: 'the reference was not timed' });
  });
});

function point(name: string, accuracy: number, change: number): ModelResult {
  return modelResult(name, {
    accuracy: estimateOf(accuracy, accuracy - 0.02, accuracy + 0.02),
    top1Change: estimateOf(change, change - 0.01, change + 0.01),
  });
}

function differs(metric: string, a: string, b: string, value: number, pHolm: number, half = 0.01): Comparison {
  const difference = estimateOf(value, value - half, value + half);
  return { metric, a, b, difference, p: pHolm, pHolm, test: 'a test' };
}

describe('the front', () => {
  const models = [point('a', 0.7, 0.2), point('b', 0.8, 0.1), point('c', 0.75, 0.05), point('d', 0.8, 0.1)];

  it('holds what no other beats in one count and matches in the other, equals among them', () => {
    const places = paretoPlaces(models, []);
    expect(places.map(({ model, beatenBy }) => [model, beatenBy])).toEqual([
      ['a', 'c'],
      ['b', null],
      ['c', null],
      ['d', null],
    ]);
    expect(places[0]?.settled).toEqual([]);
  });

  it('names the one that beats beyond chance, whichever way its difference was taken', () => {
    const rows = [differs('top1Change', 'a', 'b', 0.1, 0.01), differs('accuracy', 'a', 'b', -0.1, 0.03)];
    expect(paretoPlaces(models, rows)[0]).toEqual({ model: 'a', beatenBy: 'b', settled: ['accuracy', 'top1Change'] });
    expect(paretoPlaces(models, [differs('top1Change', 'c', 'a', -0.15, 0.2)])[0]?.settled).toEqual([]);
  });
});

describe('words', () => {
  const models = [point('base', 0.8, 0.2), point('mended', 0.81, 0.1), point('broken', 0.4, 0.08)];
  const comparisons = [
    differs('top1Change', 'base', 'mended', 0.1, 0.001),
    differs('top1Change', 'base', 'broken', 0.12, 0.001),
    differs('accuracy', 'base', 'mended', -0.01, 0.6, 0.02),
    differs('accuracy', 'base', 'broken', 0.4, 0.001),
    differs('meanConfidence', 'base', 'broken', 0.3, 0.001),
    differs('meanAbsoluteChange', 'base', 'mended', 0.02, 0.01),
  ];
  const result = resultOf(models, { comparisons });

  it('turn differences into “the other minus the reference”', () => {
    expect(fromReference(result, 'mended', 'top1Change')).toMatchObject({ value: -0.1, low: -0.11, settled: true });
    expect(fromReference(result, 'base', 'top1Change')).toBeNull();
  });

  it('say who is steadier, and what is not settled', () => {
    const { findings } = comparisonWords(result);
    expect(findings[0]).toBe(
      'Steadier than base (P(top-1 change) 20.0 %): broken (−12.0 points [−13.0, −11.0], p = 0.001) and mended (−10.0 points [−11.0, −9.0], p = 0.001).',
    );
    expect(findings[1]).toBe(
      'Less accurate than base (accuracy 80.0 %): broken (−40.0 points [−41.0, −39.0], p = 0.001). Not settled in accuracy: mended (+1.0 points [−1.0, +3.0], p = 0.60).',
    );
    expect(findings.at(-1)).toBe(
      'On the front of accuracy and stability: mended and broken; no other model is at least as good as one of them in both and better in one. Beaten so, beyond chance in at least one: base by mended.',
    );
  });

  it('claim no gain where a model that is beaten is as good in one of both', () => {
    const tied = [point('plain', 0.8, 0.2), point('steady', 0.8, 0.1)];
    const front = (rows: readonly Comparison[]) =>
      comparisonWords(resultOf(tied, { comparisons: rows })).findings.at(-1);
    const words =
      'On the front of accuracy and stability: steady; no other model is at least as good as it in both and better in one.';
    expect(front([])).toBe(
      `${words} Beaten so by the estimates alone, which these pictures don’t settle: plain by steady.`,
    );
    expect(
      front([differs('top1Change', 'plain', 'steady', 0.1, 0.01), differs('accuracy', 'plain', 'steady', 0, 1)]),
    ).toBe(`${words} Beaten so, beyond chance in at least one: plain by steady.`);
  });

  it('warn where stability comes with knowing less, and only there', () => {
    const { warnings } = comparisonWords(result);
    expect(warnings).toEqual([
      'broken may change its answer less because it knows less than base: P(top-1 change) −12.0 points [−13.0, −11.0], but accuracy −40.0 points [−41.0, −39.0] and mean confidence −30.0 points [−31.0, −29.0].',
    ]);
    const paler = [
      differs('meanAbsoluteChange', 'base', 'mended', 0.02, 0.01),
      differs('meanConfidence', 'base', 'mended', 0.2, 0.01),
    ];
    // Mean absolute change falls by a third each time; confidence by a quarter, then by a fiftieth.
    const warned = (confidence: number): readonly string[] => {
      const [base, mended] = models.map(({ name, estimates }, i) =>
        modelResult(name, {
          ...estimates,
          meanAbsoluteChange: estimateOf(i === 0 ? 0.06 : 0.04, 0.03, 0.07),
          meanConfidence: estimateOf(i === 0 ? 0.8 : confidence, 0.5, 0.9),
        }),
      );
      return comparisonWords(resultOf([base!, mended!], { comparisons: paler })).warnings;
    };
    expect(warned(0.6)).toEqual([
      expect.stringMatching(/^The mean absolute change of mended falls together with its mean confidence/),
    ]);
    expect(warned(0.784)).toEqual([]);
  });
});

it('estimates against a number of each model', () => {
  const models = [1, 2, 3, 4].map((i) => point(`m${i}`, 0.5 + 0.1 * i, 0.05 * i));
  const values = models.map(({ name }, i) => ({ model: name, value: [10, 20, 40, 30][i] ?? 0 }));
  const { correlations } = againstOf({ name: 'depth', values }, models, 0);
  expect(correlations.map(({ metric }) => metric)).toEqual(['top1Change', 'accuracy']);
  for (const { correlation } of correlations) {
    if ('unavailable' in correlation) throw new Error(correlation.unavailable);
    expect(correlation.value).toBeCloseTo(0.8, 12);
  }
});

it('writes numbers short', () => {
  expect([16, 96_272, 2_654_976, 390_169_344, 999_600].map((n) => compact(n))).toEqual([
    '16',
    '96.3 k',
    '2.65 M',
    '390 M',
    '1.00 M',
  ]);
  expect(compact(386_846, 'B')).toBe('387 kB');
  expect([0.07412, 12.34, 999.6, 12_345].map(threeDigits)).toEqual(['0.0741', '12.3', '1,000', '12,300']);
});
