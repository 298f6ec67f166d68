// Who flips where: counts by hand, Cohen's kappa against the textbook, its interval from the same resamples as estimates.
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../src/core/observation.js';
import { flipsOf, kappaOf } from '../../src/metrics/agreement.js';
import { randomFor } from '../../src/core/random.js';
import { bootstrapRatios, percentileInterval } from '../../src/metrics/bootstrap.js';
import { createCollector } from '../../src/metrics/collect.js';
import { metrics } from '../../src/metrics/registry.js';
import { column, observed, sure } from './observing.js';

function model(name: string, observations: readonly Observation[]) {
  const collector = createCollector(metrics);
  for (const observation of observations) collector.add(observation);
  return { name, collected: collector.collected() };
}

/** A picture of five views, four pairs, of which so many change the answer. */
function picture(id: string, changes: number): Observation {
  return observed(
    id,
    null,
    Array.from({ length: 5 }, (_, v) => sure(v <= changes ? v % 2 : changes % 2)),
  );
}

const ids = 'abcdefghij'.split('');
/** Flips by model and picture: the first model flips a–d, the second b–f, the third b. */
const first = [1, 2, 1, 4, 0, 0, 0, 0, 0, 0];
const second = [0, 1, 1, 1, 1, 3, 0, 0, 0, 0];
const third = [0, 4, 0, 0, 0, 0, 0, 0, 0, 0];
const three = [first, second, third].map((changes, m) =>
  model(
    ['one', 'two', 'three'][m] ?? '',
    ids.map((id, i) => picture(id, changes[i] ?? 0)),
  ),
);

describe('kappa', () => {
  it('is the textbook’s', () => {
    // 50 cases, 20 + 15 agreed; chance .5 · .6 + .5 · .4 = .5; (.7 − .5) / .5.
    expect(kappaOf({ both: 20, onlyA: 5, onlyB: 10, neither: 15 })).toBeCloseTo(0.4, 12);
    expect(kappaOf({ both: 3, onlyA: 0, onlyB: 0, neither: 7 })).toBe(1);
    expect(kappaOf({ both: 0, onlyA: 5, onlyB: 5, neither: 0 })).toBe(-1);
    // 40 % and 50 % independent of each other: 20 % both.
    expect(kappaOf({ both: 20, onlyA: 20, onlyB: 30, neither: 30 })).toBeCloseTo(0, 12);
    expect(kappaOf({ both: 0, onlyA: 0, onlyB: 0, neither: 9 })).toBeNaN();
  });
});

describe('who flips where', () => {
  const flips = flipsOf(three, { seed: 3 });

  it('counts pictures by hand', () => {
    expect(flips).toMatchObject({ pictures: 10, flippedBy: [4, 3, 2, 1] });
    expect(flips?.pairs.map(({ a, b, both, onlyA, onlyB, neither }) => [a, b, both, onlyA, onlyB, neither])).toEqual([
      ['one', 'two', 3, 1, 2, 4],
      ['one', 'three', 1, 3, 0, 6],
      ['two', 'three', 1, 4, 0, 5],
    ]);
    // (.7 − (.4 · .5 + .6 · .5)) / (1 − .5)
    expect(flips?.pairs[0]?.kappa.value).toBeCloseTo(0.4, 12);
  });

  it('lists pictures of most models first, with the share of their pairs that change', () => {
    expect(flips?.rows.map(({ picture: id }) => id)).toEqual(['b', 'd', 'c', 'f', 'a', 'e']);
    expect(flips?.rows[0]?.shares).toEqual([0.5, 0.25, 1]);
    expect(flips?.rows[1]?.shares).toEqual([1, 0.25, 0]);
  });

  it('sums pictures up by the models that flip them', () => {
    expect(flips?.patterns[0]).toEqual({ models: [], pictures: 4 });
    expect(flips?.patterns).toContainEqual({ models: ['one', 'two'], pictures: 2 });
    expect(flips?.patterns).toContainEqual({ models: ['one', 'two', 'three'], pictures: 1 });
    expect(flips?.patterns.reduce((sum, { pictures }) => sum + pictures, 0)).toBe(10);
  });

  it('draws the pictures that estimates draw', () => {
    const one = (yes: (i: number) => boolean) => column(ids.map((_, i) => [Number(yes(i)), 1]));
    const [both, a, b] = bootstrapRatios(
      [one((i) => first[i]! > 0 && second[i]! > 0), one((i) => first[i]! > 0), one((i) => second[i]! > 0)],
      3,
    ) as [Float64Array, Float64Array, Float64Array];
    const kappas = both.map((p, r) => {
      const [pA, pB] = [a[r]!, b[r]!];
      const chance = pA * pB + (1 - pA) * (1 - pB);
      return (1 + 2 * p - pA - pB - chance) / (1 - chance);
    });
    const expected = percentileInterval(kappas);
    const kappa = flips?.pairs[0]?.kappa as { low: number; high: number };
    expect(kappa.low).toBeCloseTo(expected!.low, 9);
    expect(kappa.high).toBeCloseTo(expected!.high, 9);
  });

  it('has no kappa where neither flips any, and none of it for one model', () => {
    const still = [0, 1].map((m) =>
      model(
        `still ${m}`,
        ids.map((id) => picture(id, 0)),
      ),
    );
    expect(flipsOf(still, { seed: 1 })?.pairs[0]?.kappa).toEqual({ unavailable: 'neither flips any' });
    expect(flipsOf([three[0]!, still[1]!], { seed: 1 })?.pairs[0]).toMatchObject({
      ...{ both: 0, onlyA: 4, onlyB: 0, neither: 6 },
      kappa: { unavailable: 'one of them flips none' },
    });
    expect(flipsOf(three.slice(0, 1), { seed: 1 })).toBeNull();
  });

  it('counts only pictures that every model has', () => {
    const less = model(
      'less',
      ids.slice(0, 4).map((id) => picture(id, 1)),
    );
    expect(flipsOf([three[0]!, less], { seed: 1 })).toMatchObject({ pictures: 4, flippedBy: [0, 0, 4] });
    expect(flipsOf([three[0]!, model('other', [picture('z', 1)])], { seed: 1 })).toBeNull();
  });

  it('keeps 100 of many pictures, evenly spaced', () => {
    const many = Array.from({ length: 1_000 }, (_, i) => picture(`p${String(i).padStart(4, '0')}`, i % 5));
    const flips = flipsOf([model('a', many), model('b', many)], { seed: 1 });
    expect(flips?.rows).toHaveLength(100);
    expect(flips?.rows[0]?.shares).toEqual([1, 1]);
    expect(flips?.rows.at(-1)?.shares).toEqual([0.25, 0.25]);
    expect(flips?.flippedBy).toEqual([200, 0, 800]);
  });

  it('says why there is no interval where most resamples have no kappa', () => {
    // Of two pictures both models flip one: half of all resamples hold the one or the other twice.
    const one = (name: string) => model(name, [picture('a', 1), picture('b', 0)]);
    const kappas = Array.from({ length: 8 }, (_, seed) => flipsOf([one('x'), one('y')], { seed })?.pairs[0]?.kappa);
    expect(kappas).toContainEqual({
      unavailable: 'in most resamples neither flips any picture, or both flip all',
      value: 1,
    });
  });

  it('takes seconds for many models on many pictures', () => {
    const { uniform } = randomFor(1, 'flips');
    const many = Array.from({ length: 5_000 }, (_, i) => `p${i}`);
    const models = Array.from({ length: 16 }, (_, m) => ({
      name: `m${m}`,
      collected: {
        ...three[0]!.collected,
        pictures: many,
        columns: metrics.map(() => column(many.map(() => [Number(uniform() < 0.4), 8]))),
      },
    }));
    const began = performance.now();
    expect(flipsOf(models, { seed: 1 })?.pairs).toHaveLength(120);
    expect(performance.now() - began).toBeLessThan(8_000);
  });
});
