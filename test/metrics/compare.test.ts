// Paired comparisons: the same resamples for both models, the right test, its level, Holm over the table.
import { describe, expect, it } from 'vitest';
import type { Estimate } from '../../src/core/estimate.js';
import type { Observation } from '../../src/core/observation.js';
import { randomFor } from '../../src/core/random.js';
import { createCollector } from '../../src/metrics/collect.js';
import { comparedMetrics, compareModels } from '../../src/metrics/compare.js';
import { estimatesOf } from '../../src/metrics/estimate.js';
import { permutationTest } from '../../src/metrics/permutation.js';
import { metrics } from '../../src/metrics/registry.js';
import { column, observed, sure } from './observing.js';

function model(name: string, observations: readonly Observation[]) {
  const collector = createCollector(metrics);
  for (const observation of observations) collector.add(observation);
  return { name, collected: collector.collected() };
}

/** Pictures of `views` views; the answer changes at the last one where `changes` says so. */
function pictures(n: number, views: number, changes: (i: number) => boolean, label: number | null = 0): Observation[] {
  return Array.from({ length: n }, (_, i) => {
    const said = Array.from({ length: views }, (_, v) => sure(v === views - 1 && changes(i) ? 1 : 0));
    return observed(`p${i}`, label, said, { reference: 0 });
  });
}

function row(rows: ReturnType<typeof compareModels>, metric: string, a = 'a', b = 'b') {
  return rows.find((one) => one.metric === metric && one.a === a && one.b === b)!;
}

describe('identical models', () => {
  const observations = pictures(80, 5, (i) => i % 3 === 0);
  const rows = compareModels([model('a', observations), model('b', observations)], { seed: 1 });
  it('differ by exactly 0 with p = 1 in every metric', () => {
    expect(rows).toHaveLength(comparedMetrics.length);
    for (const { difference, p, pHolm } of rows) {
      expect(difference).toMatchObject({ value: 0 });
      expect([p, pHolm]).toEqual([1, 1]);
    }
  });
  it('have an interval round 0, because pictures not seen might differ', () => {
    const { low, high, method } = row(rows, 'top1Change').difference as Estimate;
    // 0 of 80 pictures: 3.8415 / 83.8415.
    expect(high).toBeCloseTo(0.04582, 5);
    expect(low).toBe(-high);
    expect(method).toBe('Wilson');
  });
});

describe('different models', () => {
  const a = model(
    'a',
    pictures(100, 5, (i) => i < 40),
  );
  const b = model(
    'b',
    pictures(100, 5, (i) => i < 10),
  );
  const c = model(
    'c',
    pictures(100, 5, (i) => i < 12),
  );
  const rows = compareModels([a, b, c], { seed: 1 });
  it('come metric by metric, pair by pair, with a minus b', () => {
    expect(rows.slice(0, 3).map((one) => [one.metric, one.a, one.b])).toEqual([
      ['top1Change', 'a', 'b'],
      ['top1Change', 'a', 'c'],
      ['top1Change', 'b', 'c'],
    ]);
    expect(rows).toHaveLength(3 * comparedMetrics.length);
  });
  it('have a bootstrap interval of the paired difference', () => {
    const { value, low, high, n, pictures: of, unit } = row(rows, 'top1Change').difference as Estimate;
    expect({ value, n, of, unit }).toEqual({
      value: expect.closeTo(0.075, 12),
      n: 400,
      of: 100,
      unit: 'difference of fractions',
    });
    // Thirty of 100 pictures differ by a quarter: .075 ± 1.96 · .25 √(.3 · .7 / 100) = .0525 … .0975.
    expect(Math.abs(low - 0.0525)).toBeLessThan(0.006);
    expect(Math.abs(high - 0.0975)).toBeLessThan(0.006);
  });
  it('are tested by permutation where a picture has several pairs', () => {
    const { p, test } = row(rows, 'top1Change');
    expect(test).toBe('paired permutation test over pictures (10,000 draws)');
    expect(p).toBe(1 / 10_001);
    // Two pictures differ: both swapped or neither is as far from 0 as observed, so p is near 1/2.
    expect(Math.abs(row(rows, 'top1Change', 'b', 'c').p! - 0.5)).toBeLessThan(0.02);
  });
  it('are tested by McNemar’s test where a picture has one yes or no', () => {
    const { p, test } = row(rows, 'everChanged');
    expect(test).toBe('exact McNemar test over pictures');
    expect(p! / (2 * 0.5 ** 30)).toBeCloseTo(1, 9);
    expect(row(rows, 'everChanged', 'b', 'c').p).toBe(0.5);
  });
  it('are adjusted over the whole table', () => {
    const tested = rows.filter(({ p }) => p !== null);
    const least = tested.reduce((one, other) => (other.p! < one.p! ? other : one));
    expect(least.pHolm! / least.p!).toBeCloseTo(tested.length, 9);
    for (const { p, pHolm } of tested) expect(pHolm!).toBeGreaterThanOrEqual(p!);
  });
  it('of a reference are adjusted over them alone, where there is one', () => {
    const apart = compareModels([a, b, c], { seed: 1, pairs: 'the first apart' });
    const plain = ({ pHolm: _, ...rest }: (typeof rows)[number]): object => rest;
    expect(apart.map(plain)).toEqual(rows.map(plain));
    for (const ofFirst of [true, false]) {
      const family = apart.filter((one) => (one.a === 'a') === ofFirst && one.p !== null);
      const least = family.reduce((one, other) => (other.p! < one.p! ? other : one));
      expect(least.pHolm!).toBeCloseTo(Math.min(1, least.p! * family.length), 9);
    }
  });
  it('give the same numbers again, and survive JSON', () => {
    const again = compareModels([a, b, c], { seed: 1 });
    expect(again).toEqual(rows);
    expect(JSON.parse(JSON.stringify(rows))).toEqual(rows);
  });
  it('use the resamples of the estimates: against a model that never changes the interval is the estimate’s', () => {
    const never = model(
      'never',
      pictures(100, 5, () => false),
    );
    const { low, high } = row(compareModels([a, never], { seed: 1 }), 'top1Change', 'a', 'never')
      .difference as Estimate;
    expect({ low, high }).toEqual(
      (({ low, high }) => ({ low, high }))(estimatesOf(a.collected, { seed: 1 }).estimates['top1Change'] as Estimate),
    );
  });
});

describe('what can’t be compared', () => {
  it('is nothing for one model', () => {
    expect(
      compareModels(
        [
          model(
            'a',
            pictures(5, 3, () => true),
          ),
        ],
        { seed: 1 },
      ),
    ).toEqual([]);
  });
  it('is left out of Holm’s table, with its reason', () => {
    const unlabelled = pictures(30, 5, (i) => i < 20, null);
    const rows = compareModels(
      [
        model('a', unlabelled),
        model(
          'b',
          pictures(30, 5, () => false, null),
        ),
      ],
      { seed: 1 },
    );
    expect(row(rows, 'accuracy')).toEqual({
      metric: 'accuracy',
      a: 'a',
      b: 'b',
      difference: { unavailable: 'no labels' },
      p: null,
      pHolm: null,
      test: 'none',
    });
    // Four rows are tested: top1Change, meanAbsoluteChange, everChanged, meanConfidence.
    expect(row(rows, 'everChanged').pHolm! / row(rows, 'everChanged').p!).toBeCloseTo(4, 9);
  });
  it('is measured on the pictures that all models have', () => {
    const all = pictures(40, 5, (i) => i < 20);
    const rows = compareModels([model('a', all.slice(0, 30)), model('b', all.slice(10))], { seed: 1 });
    expect(row(rows, 'top1Change').difference).toMatchObject({ value: 0, pictures: 20, n: 80 });
    const apart = compareModels([model('a', all.slice(0, 10)), model('b', all.slice(10))], { seed: 1 });
    for (const { difference } of apart) expect(difference).toEqual({ unavailable: 'no pictures in common' });
  });
  it('is one picture, or pictures that hardly ever come together in a resample', () => {
    const one = [
      model(
        'a',
        pictures(1, 5, () => true),
      ),
      model(
        'b',
        pictures(1, 5, () => false),
      ),
    ];
    expect(row(compareModels(one, { seed: 1 }), 'top1Change').difference).toEqual({
      unavailable: 'only one picture counts, and an interval over pictures needs two',
    });
    const knows = (index: number) =>
      Array.from({ length: 50 }, (_, i) => observed(`p${i}`, i === index ? 0 : 5, [sure(0), sure(0), sure(0)]));
    expect(
      row(compareModels([model('a', knows(3)), model('b', knows(7))], { seed: 1 }), 'top1ChangeAmongCorrect')
        .difference,
    ).toEqual({ unavailable: 'too few pictures count: more than half of the resamples have none of them' });
  });
});

describe('permutation test', () => {
  it('rejects a true hypothesis about 5 times in 100', () => {
    const [runs, n] = [400, 40];
    let rejected = 0;
    for (let run = 0; run < runs; run++) {
      const { uniform, below } = randomFor(run, 'null');
      const tallies = () => {
        const count = 1 + below(8);
        return [below(count + 1), count] as const;
      };
      const rows = Array.from({ length: n }, () => {
        const [one, other] = [tallies(), tallies()];
        return uniform() < 0.3 ? [one, one] : [one, other];
      });
      const p = permutationTest(column(rows.map((r) => r[0]!)), column(rows.map((r) => r[1]!)), run, 500);
      if (p < 0.05) rejected++;
    }
    expect(rejected / runs).toBeGreaterThan(0.02);
    expect(rejected / runs).toBeLessThan(0.085);
  });
  it('agrees with all 2^8 swaps of a small example counted out', () => {
    // Differences 3, 1, 2, −1, 4, 2, 0, 5 of 8 pairs each; |sum| ≥ 16 for 12 of the 256 sign patterns (see below).
    const differences = [3, 1, 2, -1, 4, 2, 0, 5];
    let extreme = 0;
    for (let signs = 0; signs < 256; signs++) {
      const sum = differences.reduce((total, d, i) => total + ((signs >> i) & 1 ? d : -d), 0);
      if (Math.abs(sum) >= 16) extreme++;
    }
    const a = column(differences.map((d) => [1 + Math.max(d, 0), 8] as const));
    const b = column(differences.map((d) => [1 + Math.max(-d, 0), 8] as const));
    expect(Math.abs(permutationTest(a, b, 1, 20_000) - extreme / 256)).toBeLessThan(0.005);
  });
});
