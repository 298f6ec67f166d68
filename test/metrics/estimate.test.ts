// Estimates: the interval's method, its coverage, and a reason wherever there is no number.
import { describe, expect, it } from 'vitest';
import { isEstimate, type Estimate } from '../../src/core/estimate.js';
import { packedGroup, unpackedGroup, type Observation } from '../../src/core/observation.js';
import { randomFor } from '../../src/core/random.js';
import { bootstrapRatios, percentileInterval } from '../../src/metrics/bootstrap.js';
import { createCollector } from '../../src/metrics/collect.js';
import { estimatesOf } from '../../src/metrics/estimate.js';
import { metrics, metricsOf } from '../../src/metrics/registry.js';
import { column, observed, path, sure } from './observing.js';

function estimate(observations: readonly Observation[], seed = 1, of = metrics) {
  const collector = createCollector(of);
  for (const observation of observations) collector.add(observation);
  return estimatesOf(collector.collected(), { seed });
}

/** `pictures` pictures of five views, of which every `every`-th has one change of answer (between views 3 and 4). */
function changing(pictures: number, every: number, label: number | null = 0): Observation[] {
  return Array.from({ length: pictures }, (_, i) => {
    const last = i % every === 0 ? sure(1) : sure(0);
    return observed(`p${i}`, label, [sure(0), sure(0), sure(0), sure(0), last]);
  });
}

describe('intervals', () => {
  it('come from the bootstrap where a picture has several pairs', () => {
    const { top1Change } = estimate(changing(100, 4)).estimates;
    expect(top1Change).toMatchObject({ value: 25 / 400, n: 400, pictures: 100, unit: 'fraction' });
    const { low, high, method } = top1Change as Estimate;
    expect(method).toBe('bootstrap over pictures');
    // A quarter of the share of changing pictures, .25 ± 1.96 √(.25 · .75 / 100): .0413 … .0837.
    expect(Math.abs(low - 0.0413)).toBeLessThan(0.006);
    expect(Math.abs(high - 0.0837)).toBeLessThan(0.006);
  });
  it('are Wilson’s where each picture has one yes or no', () => {
    const { everChanged, accuracy } = estimate(changing(10, 10)).estimates;
    expect(everChanged).toMatchObject({ value: 0.1, n: 10, method: 'Wilson' });
    expect((everChanged as Estimate).low).toBeCloseTo(0.0179, 4);
    expect((everChanged as Estimate).high).toBeCloseTo(0.4042, 4);
    expect(accuracy).toMatchObject({ value: 1, high: 1, n: 10, method: 'Wilson' });
    const pairs = Array.from({ length: 10 }, (_, i) => observed(`p${i}`, 0, [sure(0), sure(i === 0 ? 1 : 0)]));
    expect(estimate(pairs).estimates['top1Change']).toMatchObject({ value: 0.1, n: 10, method: 'Wilson' });
  });
  it('never claim certainty from pictures that are all alike', () => {
    const { top1Change, consistency, top1ChangeAmongCorrect } = estimate(changing(200, 1000).slice(1)).estimates;
    expect(top1Change).toMatchObject({ value: 0, low: 0, n: 796, pictures: 199, method: 'Wilson' });
    // As 0 of 199 pictures, not 0 of 796 pairs: 3.84 / (199 + 3.84).
    expect((top1Change as Estimate).high).toBeCloseTo(0.01894, 5);
    expect((consistency as Estimate).low).toBeCloseTo(1 - 0.01894, 5);
    expect(top1ChangeAmongCorrect).toMatchObject({ value: 0, method: 'Wilson' });
  });
  it('are the same for the same seed, and others for another', () => {
    const observations = changing(60, 3);
    expect(estimate(observations, 7)).toEqual(estimate(observations, 7));
    expect(estimate(observations, 7).estimates['meanAbsoluteChange']).not.toEqual(
      estimate(observations, 8).estimates['meanAbsoluteChange'],
    );
  });
  it('cover the true value of clustered pairs about 95 times in 100', () => {
    const [runs, pictures, pairs, truth] = [200, 60, 8, 0.2];
    let covered = 0;
    for (let run = 0; run < runs; run++) {
      const { uniform } = randomFor(run, 'coverage');
      // Half of the pictures never change, the others in 40 % of their pairs: far from independent.
      const rows = Array.from({ length: pictures }, () => {
        const p = uniform() < 0.5 ? 0 : 2 * truth;
        return [Array.from({ length: pairs }, () => Number(uniform() < p)).reduce((a, b) => a + b), pairs] as const;
      });
      const interval = percentileInterval(bootstrapRatios([column(rows)], run, 1_000)[0]!)!;
      if (interval.low <= truth && truth <= interval.high) covered++;
    }
    expect(covered / runs).toBeGreaterThanOrEqual(0.9);
    expect(covered / runs).toBeLessThanOrEqual(0.98);
  });
});

describe('no number', () => {
  const reasons = (observations: readonly Observation[]) =>
    Object.fromEntries(
      Object.entries(estimate(observations).estimates).flatMap(([name, one]) =>
        isEstimate(one) ? [] : [[name, one.unavailable]],
      ),
    );
  it('without pictures', () => {
    const all = reasons([]);
    expect(Object.keys(all)).toHaveLength(metrics.length);
    expect(new Set(Object.values(all))).toEqual(new Set(['no pictures']));
  });
  it('without labels, for the metrics that need them alone', () => {
    expect(reasons(changing(10, 2, null))).toEqual(
      Object.fromEntries(metrics.filter(({ needsLabels }) => needsLabels).map(({ name }) => [name, 'no labels'])),
    );
  });
  it('without pairs', () => {
    expect(reasons([observed('a', 0, [sure(0)]), observed('b', 0, [sure(0, 0.5)])])).toEqual({
      top1Change: 'no pair of views that both have an answer',
      consistency: 'no pair of views that both have an answer',
      top1ChangeAmongCorrect: 'no pairs of pictures that are right at the reference view',
      meanAbsoluteChange: 'no pair of views that both have an answer',
      jaggedness: 'no pair whose first view has the true class among five likeliest',
      everChanged: 'no picture with an answer to each of two or more views',
      trueProbabilityRange: 'no labelled picture with an answer to each of two or more views',
    });
  });
  it('with no picture right at the reference view', () => {
    expect(reasons(changing(10, 2, 3))).toEqual({
      top1ChangeAmongCorrect: 'no pairs of pictures that are right at the reference view',
    });
  });
  it('from one picture with several pairs; its single yes or no still has Wilson’s interval', () => {
    const { estimates } = estimate(changing(1, 1));
    expect(estimates['top1Change']).toEqual({
      unavailable: 'only one picture counts, and an interval over pictures needs two',
      value: 0.25,
    });
    expect(estimates['everChanged']).toMatchObject({ value: 1, n: 1, method: 'Wilson' });
  });
  it('but one where two pictures among many count: resamples without either are dropped', () => {
    const right = [0, 1].map((i) => observed(`right${i}`, 0, [sure(0), sure(i), sure(0)], { reference: 0 }));
    const wrong = Array.from({ length: 98 }, (_, i) => observed(`wrong${i}`, 5, [sure(0), sure(0), sure(0)]));
    expect(estimate([...right, ...wrong]).estimates['top1ChangeAmongCorrect']).toMatchObject({
      value: 0.5,
      low: 0,
      high: 1,
      n: 4,
      pictures: 2,
    });
  });
});

describe('the whole', () => {
  it('has series only where the protocol has several groups, and survives JSON', () => {
    const said = [sure(0), sure(1), sure(0), sure(0)];
    const sweep = [path({ share: 0.7 }, 0, 2), path({ share: 0.4 }, 2, 4)];
    const swept = estimate(Array.from({ length: 20 }, (_, i) => observed(`p${i}`, i % 3, said, { groups: sweep })));
    expect(swept.series.map(({ at, estimates }) => [at, (estimates['top1Change'] as Estimate).value])).toEqual([
      [{ share: 0.7 }, 1],
      [{ share: 0.4 }, 0],
    ]);
    expect((swept.estimates['top1Change'] as Estimate).value).toBe(0.5);
    expect(JSON.parse(JSON.stringify(swept))).toEqual(swept);
    const plain = estimate(changing(10, 2));
    expect(plain.series).toEqual([]);
    expect(plain.pictures).toEqual({ measured: 10, labelled: 10, invalidViews: 0 });
    expect(JSON.parse(JSON.stringify(plain))).toEqual(plain);
  });
});

describe('groups that stand apart', () => {
  // Right at the reference view: a and b. At half size: a alone. True class 0.
  const said = (half: number[]): number[][] => [sure(0), sure(0), half];
  const group = (at: Record<string, number>, reference: number, apart: boolean) => ({
    at,
    reference,
    views: [0, 1, 2],
    pairs: [
      [0, 1],
      [1, 2],
    ] as [number, number][],
    ...(apart ? { apart: true as const } : {}),
  });
  const groups = [group({}, 0, false), group({ scale: 0.5 }, 2, true)];
  const at = [{ scale: 1 }, { scale: 0.7 }, { scale: 0.5 }];
  const pictures = (bins: boolean) =>
    [0, 1, 2, 3].map((i) => {
      const own = bins && i > 1 ? [group({}, 0, false)] : groups;
      return observed(`p${i}.png`, i < 3 ? 0 : 1, said(sure(i === 0 ? 0 : 1)), { groups: own, at });
    });

  it('don’t count in the run’s estimates, and have their differences from them', () => {
    const { estimates, series } = estimate(pictures(false), 1, metricsOf('scale'));
    expect(estimates['accuracy']).toMatchObject({ value: 0.75, n: 4 });
    expect(series.map((one) => one.at)).toEqual([{ scale: 0.5 }]);
    const [half] = series;
    expect(half?.estimates['accuracy']).toMatchObject({ value: 0.5 });
    expect(half?.against?.['accuracy']).toMatchObject({ value: -0.25, pictures: 4, unit: 'difference of fractions' });
    expect((half?.against?.['accuracyLost'] as Estimate).value).toBeCloseTo(1 / 3, 12);
    expect((half?.against?.['trueProbability'] as Estimate).value).toBeLessThan(0);
  });

  it('have no differences where their pictures are others than the run’s', () => {
    expect(estimate(pictures(true), 1, metricsOf('scale')).series[0]).not.toHaveProperty('against');
  });

  it('keep their mark in storage', () => {
    for (const one of groups) expect(unpackedGroup(packedGroup(one))).toEqual(one);
  });
});
