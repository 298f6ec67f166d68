// The collector: any order of pictures, any number of groups, gives the same columns and means to the last bit.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../src/core/observation.js';
import { randomFor } from '../../src/core/random.js';
import { createCollector, type Collected } from '../../src/metrics/collect.js';
import { compareModels } from '../../src/metrics/compare.js';
import { estimatesOf } from '../../src/metrics/estimate.js';
import { metrics } from '../../src/metrics/registry.js';
import { observed, path, sure } from './observing.js';

function collect(observations: readonly Observation[]): Collected {
  const collector = createCollector(metrics);
  for (const observation of observations) collector.add(observation);
  return collector.collected();
}

function column(collected: Collected, name: string, series?: number) {
  const columns = series === undefined ? collected.columns : collected.series[series]!.columns;
  const { sum, count } = columns[metrics.findIndex((metric) => metric.name === name)]!;
  return { sum: [...sum], count: [...count] };
}

/** Noisy pictures with a sweep of two groups; every fifth without label, some views without answer. */
function noisy(pictures: number, seed = 1): Observation[] {
  return Array.from({ length: pictures }, (_, i) => {
    const { uniform, below } = randomFor(seed, i);
    const said = Array.from({ length: 8 }, () => {
      if (uniform() < 0.03) return 'NaN logits';
      const weights = Array.from({ length: 7 }, () => uniform() ** 4 + 0.001);
      const sum = weights.reduce((a, b) => a + b);
      return weights.map((weight) => weight / sum);
    });
    const groups = [path({ share: 0.4 }, 0, 4), path({ share: 0.7 }, 4, 8)];
    const at = said.map((_, v) => ({ share: v < 4 ? 0.4 : 0.7, dx: v % 4 }));
    return observed(`p${i}.png`, i % 5 === 0 ? null : below(7), said, { groups, at });
  });
}

describe('columns', () => {
  it('have one row a picture in the order of ids, with 0 where a picture doesn’t count', () => {
    const collected = collect([
      observed('b.png', 0, [sure(0), sure(1), sure(0)], { reference: 0 }),
      observed('c.png', null, [sure(0), sure(0), sure(0)]),
      observed('a.png', 1, [sure(0), sure(0), 'NaN logits'], { reference: 0 }),
    ]);
    expect(collected.pictures).toEqual(['a.png', 'b.png', 'c.png']);
    expect(column(collected, 'top1Change')).toEqual({ sum: [0, 2, 0], count: [1, 2, 2] });
    expect(column(collected, 'accuracy')).toEqual({ sum: [0, 1, 0], count: [1, 1, 0] });
    expect(column(collected, 'everChanged')).toEqual({ sum: [0, 1, 0], count: [0, 1, 1] });
    expect(collected.counts).toEqual({ measured: 3, labelled: 2, invalidViews: 1 });
    expect(collected.invalid).toEqual([{ picture: 'a.png', at: { dx: 2 }, reason: 'NaN logits' }]);
  });

  it('pool groups of equal coordinates and keep the others apart', () => {
    const said = [sure(0), sure(1), sure(0), sure(0), sure(0), sure(0)];
    const passes = [path({}, 0, 3), path({}, 3, 6)];
    const sweep = [path({ share: 0.7 }, 0, 3), path({ share: 0.4 }, 3, 6)];
    const pooled = collect([observed('a.png', 0, said, { groups: passes })]);
    expect(pooled.series).toHaveLength(1);
    expect(column(pooled, 'top1Change')).toEqual({ sum: [2], count: [4] });
    expect(column(pooled, 'accuracy'), 'once a picture, not once a pass').toEqual({ sum: [0], count: [1] });
    expect(column(pooled, 'everChanged')).toEqual({ sum: [1], count: [1] });
    expect(column(pooled, 'worstAccuracy')).toEqual({ sum: [0], count: [1] });
    const apart = collect([observed('a.png', 0, said, { groups: sweep })]);
    expect(apart.series.map(({ at }) => at)).toEqual([{ share: 0.7 }, { share: 0.4 }]);
    expect(column(apart, 'top1Change', 0)).toEqual({ sum: [2], count: [2] });
    expect(column(apart, 'top1Change', 1)).toEqual({ sum: [0], count: [2] });
    expect(column(apart, 'top1Change')).toEqual({ sum: [2], count: [4] });
  });

  it('keep series in the order of the first picture’s groups, whichever came first', () => {
    const said = [sure(0), sure(1), sure(0), sure(0)];
    const first = observed('a.png', 0, said, { groups: [path({ s: 2 }, 0, 2), path({ s: 1 }, 2, 4)] });
    const second = observed('b.png', 0, said, { groups: [path({ s: 1 }, 0, 2), path({ s: 2 }, 2, 4)] });
    const expectation = [{ s: 2 }, { s: 1 }];
    expect(collect([first, second]).series.map(({ at }) => at)).toEqual(expectation);
    expect(collect([second, first]).series.map(({ at }) => at)).toEqual(expectation);
  });

  it('refuse a second observation of a picture', () => {
    const one = observed('a.png', 0, [sure(0), sure(0)]);
    expect(() => collect([one, one])).toThrow(
      'Expected one observation of "a.png" but there are two. Measure again with --fresh, or remove one of the lines.',
    );
  });

  it('name the first hundred views without an answer, by picture', () => {
    const broken = (i: number) => observed(`p${String(i).padStart(3, '0')}`, 0, ['NaN logits', 'infinite logits']);
    const backwards = Array.from({ length: 400 }, (_, i) => broken(399 - i));
    const { invalid, counts } = collect(backwards);
    expect(counts.invalidViews).toBe(800);
    expect(invalid).toHaveLength(100);
    expect(invalid[0]).toEqual({ picture: 'p000', at: { dx: 0 }, reason: 'NaN logits' });
    expect(invalid[99]).toEqual({ picture: 'p049', at: { dx: 1 }, reason: 'infinite logits' });
  });
});

describe('order', () => {
  it('of pictures changes nothing, to the last bit', () => {
    const observations = noisy(150);
    const whole = (list: readonly Observation[]) => {
      const collected = collect(list);
      const models = ['a', 'b'].map((name) => ({ name, collected }));
      return JSON.stringify([estimatesOf(collected, { seed: 5 }), compareModels(models, { seed: 5 })]);
    };
    const expectation = whole(observations);
    expect(JSON.parse(expectation)[0].series).toHaveLength(2);
    const shuffled = fc.shuffledSubarray(observations, { minLength: 150, maxLength: 150 });
    fc.assert(
      fc.property(shuffled, (list) => {
        expect(whole(list)).toBe(expectation);
      }),
      { numRuns: 5 },
    );
  });
});

describe('means a view', () => {
  it('are given where all pictures have the same views', () => {
    const { views } = collect([
      observed('a.png', 0, [sure(0, 0.5), sure(0, 0.75), sure(1, 0.5)], { reference: 1 }),
      observed('b.png', 2, [sure(1, 0.5), sure(2, 0.25), 'NaN logits'], { reference: 1 }),
      observed('c.png', null, [sure(3), sure(3), sure(3)], { reference: 1 }),
    ]);
    expect(views).toEqual([
      { at: { dx: 0 }, pictures: 3, accuracy: 0.5, trueProbability: expect.closeTo(0.3, 8), agreement: 2 / 3 },
      { at: { dx: 1 }, pictures: 3, accuracy: 1, trueProbability: 0.5, agreement: 1 },
      { at: { dx: 2 }, pictures: 2, accuracy: 0, trueProbability: expect.closeTo(0.1, 8), agreement: 0.5 },
    ]);
  });
  it('have no accuracy without labels', () => {
    const { views } = collect([observed('a.png', null, [sure(0), sure(1)], { reference: 0 })]);
    expect(views[1]).toEqual({ at: { dx: 1 }, pictures: 1, accuracy: null, trueProbability: null, agreement: 0 });
  });
  it('average the passes of a repeated protocol', () => {
    const said = [sure(0), sure(1), sure(0), sure(0)];
    const at = [{ dx: 0 }, { dx: 1 }, { dx: 0 }, { dx: 1 }];
    const { views } = collect([observed('a.png', 0, said, { at, groups: [path({}, 0, 2), path({}, 2, 4)] })]);
    expect(views.map(({ pictures, agreement, accuracy }) => ({ pictures, agreement, accuracy }))).toEqual([
      { pictures: 1, agreement: 0.5, accuracy: 1 },
      { pictures: 1, agreement: 1, accuracy: 0.5 },
    ]);
  });
  it('are dropped where views differ, and beyond 5,000 coordinates', () => {
    const one = observed('a.png', 0, [sure(0), sure(0)]);
    const other = observed('b.png', 0, [sure(0), sure(0)], { at: [{ dx: 0 }, { dx: 7 }] });
    const more = observed('c.png', 0, [sure(0), sure(0), sure(0)]);
    expect(collect([one, other]).views).toEqual([]);
    expect(collect([one, more]).views).toEqual([]);
    expect(collect([more, one]).views).toEqual([]);
    const grid = (views: number) =>
      observed(
        'd.png',
        0,
        Array.from({ length: views }, () => sure(0)),
      );
    expect(collect([grid(5_000)]).views).toHaveLength(5_000);
    expect(collect([grid(5_001)]).views).toEqual([]);
    expect(collect([]).views).toEqual([]);
  });
  it('come in the order of the coordinates where pictures have their views in different orders', () => {
    const one = observed('a.png', 0, [sure(0), sure(1)], { at: [{ dx: 1 }, { dx: 0 }] });
    const other = observed('b.png', 0, [sure(0), sure(1)], { at: [{ dx: 0 }, { dx: 1 }] });
    for (const list of [
      [one, other],
      [other, one],
    ]) {
      expect(collect(list).views.map(({ at }) => at)).toEqual([{ dx: 0 }, { dx: 1 }]);
    }
  });
});
