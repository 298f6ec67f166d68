// Attribution from literals: paired differences from the original, one family of tests, rankings and their words.
import { describe, expect, it } from 'vitest';
import type { AttributionPlan, AttributionResult } from '../../src/core/attribution.js';
import { isEstimate } from '../../src/core/estimate.js';
import { attributionOf, type AttributedModel } from '../../src/metrics/attribution.js';
import {
  attributionSentence,
  costLabel,
  fromTheLast,
  orderSentence,
  rankedSites,
  siteLabel,
} from '../../src/metrics/attribution-words.js';
import { holmAdjusted } from '../../src/metrics/holm.js';
import { estimateOf } from './results.js';

const site = (index: number, nodes: readonly string[]) => ({
  ...{ index, nodes, stride: 2 },
  ...{ before: 2 ** index, after: 2 ** (index + 1) },
});

const plan: AttributionPlan = {
  reference: 'net',
  layer: 'last',
  sites: [site(0, ['stem']), site(1, ['block', 'shortcut'])],
  variants: [
    { sites: [0], how: 'phases', model: 'phases-0', macsRatio: 4, leftOut: null },
    { sites: [1], how: 'phases', model: 'phases-1', macsRatio: 1.44, leftOut: null },
    { sites: [0, 1], how: 'dense', model: null, macsRatio: 41.7, leftOut: 'it costs 42 times the original' },
  ],
};

const PICTURES = 20;
const ids = Array.from({ length: PICTURES }, (_, i) => String(i).padStart(2, '0'));

/** A model of which each picture has `changes` changed pairs of 8. */
function modelOf(name: string, changes: (picture: number) => number, maps: number): AttributedModel {
  const column = (sum: (picture: number) => number, count: number) => ({
    pictures: ids,
    column: { sum: Float64Array.from(ids, (_, i) => sum(i)), count: new Float64Array(PICTURES).fill(count) },
  });
  const known: Record<string, ReturnType<typeof column>> = {
    top1Change: column(changes, 8),
    nonShiftability: column(() => maps, 10),
    accuracy: column((i) => Number(i < 15), 1),
  };
  return { name, labelled: PICTURES, tallies: (metric) => known[metric] ?? null };
}

const near = attributionOf(
  plan,
  [modelOf('net', () => 4, 9), modelOf('phases-0', (i) => i % 2, 5), modelOf('phases-1', () => 4, 6)],
  { seed: 0 },
);

describe('attribution', () => {
  it('takes each variant minus the original over the same pictures', () => {
    const differences = near.effects.map(({ model, metric, difference }) => [
      model,
      metric,
      isEstimate(difference) ? Number(difference.value.toFixed(4)) : difference,
    ]);
    // Half of the pictures change at 1 of 8 pairs against 4 of 8 of all: 1/16 − 1/2. Maps: 5/10 and 6/10 against 9/10.
    expect(differences).toEqual([
      ['phases-0', 'top1Change', -0.4375],
      ['phases-1', 'top1Change', 0],
      ['phases-0', 'nonShiftability', -0.4],
      ['phases-1', 'nonShiftability', -0.3],
      ['phases-0', 'accuracy', 0],
      ['phases-1', 'accuracy', 0],
    ]);
    expect(near.original['top1Change']).toMatchObject({ value: 0.5 });
  });

  it('adjusts all tests of a displacement together', () => {
    const adjusted = holmAdjusted(near.effects.map(({ p }) => p));
    expect(near.effects.map(({ pHolm }) => pHolm)).toEqual(adjusted);
    // Equal answers of every picture: nothing to tell apart.
    expect(near.effects.find(({ model, metric }) => model === 'phases-1' && metric === 'top1Change')?.p).toBe(1);
  });

  it('leaves out metrics that some model lacks', () => {
    const lacking = { ...modelOf('phases-1', () => 4, 6), tallies: () => null };
    const found = attributionOf(plan, [modelOf('net', () => 4, 9), modelOf('phases-0', () => 1, 5), lacking], {
      seed: 0,
    });
    expect(found.effects).toEqual([]);
  });

  it('compares over the pictures that all have', () => {
    const half = modelOf('phases-0', () => 0, 5);
    const fewer: AttributedModel = {
      ...half,
      tallies: (metric) => {
        const all = half.tallies(metric);
        return (
          all && {
            pictures: ids.slice(0, 10),
            column: { sum: all.column.sum.slice(0, 10), count: all.column.count.slice(0, 10) },
          }
        );
      },
    };
    const found = attributionOf(
      plan,
      [modelOf('net', (i) => (i < 10 ? 2 : 8), 9), fewer, modelOf('phases-1', () => 4, 6)],
      { seed: 0 },
    );
    expect(found.original['top1Change']).toMatchObject({ value: 0.25, pictures: 10 });
  });
});

/** An attribution of given differences in top-1 change, each with its p; and how often each stride comes first. */
function found(
  ...[stem, block, shares = []]: [stem: [number, number], block: [number, number], shares?: readonly number[]]
): AttributionResult {
  const estimate = (value: number) => estimateOf(value, value - 0.01, value + 0.01);
  const effects = [stem, block].map(([difference, p], i) => ({
    ...{ model: `phases-${i}`, metric: 'top1Change', value: estimate(0.5 + difference) },
    ...{ difference: estimate(difference), p, pHolm: p, test: 'given' },
  }));
  const first = shares.map((share, i) => ({ model: `phases-${i}`, share }));
  return { ...plan, original: { top1Change: estimate(0.5) }, effects, first };
}

describe('first place', () => {
  it('is shared where resamples tie, and sure where one variant is always steadier', () => {
    expect(near.first).toEqual([{ model: 'phases-0', share: 1 }]);
    const tied = attributionOf(
      plan,
      [modelOf('net', () => 4, 9), modelOf('phases-0', () => 1, 5), modelOf('phases-1', () => 1, 6)],
      { seed: 0 },
    );
    expect(tied.first).toEqual([
      { model: 'phases-0', share: 0.5 },
      { model: 'phases-1', share: 0.5 },
    ]);
    const far = attributionOf(
      plan,
      [modelOf('net', () => 4, 9), modelOf('phases-0', () => 4, 9), modelOf('phases-1', () => 1, 6)],
      { seed: 0 },
    );
    expect(orderSentence(far, tied)).toBe(
      'For neighbouring positions a later stride comes first (1 block +1) than for random pairs (0 stem), but which comes first is not settled: first in 100 % and 50 % of resamples of the pictures.',
    );
  });
});

describe('words', () => {
  it('name sites and costs', () => {
    expect(plan.sites.map(siteLabel)).toEqual(['0 stem', '1 block +1']);
    expect(plan.variants.map(costLabel)).toEqual(['4×', '1.4×', '42×']);
  });

  it('rank the strides and follow them from the last on', () => {
    expect(rankedSites(near).map(({ variant }) => variant.model)).toEqual(['phases-0', 'phases-1']);
    expect(fromTheLast(near).map(({ variant }) => variant.sites)).toEqual([[1], [0, 1]]);
  });

  it('say which stride matters, no more than is settled', () => {
    expect(attributionSentence(near, 'Near')).toBe(
      'Near: 50.0 % of answers change; without stride 0 stem it is 43.8 points less, the most of all (it alone is settled).',
    );
    const none = attributionOf(
      plan,
      [modelOf('net', () => 4, 9), modelOf('phases-0', () => 4, 9), modelOf('phases-1', () => 4, 9)],
      { seed: 0 },
    );
    expect(attributionSentence(none, 'Near')).toMatch(
      /^Near: 50.0 % of answers change; no stride's part in it is settled/,
    );
    expect(orderSentence(near, none)).toBe(
      'Whether other strides matter for neighbouring positions than for random ones is not settled with these pictures.',
    );
    const far = attributionOf(
      plan,
      [modelOf('net', () => 4, 9), modelOf('phases-0', () => 4, 9), modelOf('phases-1', () => 1, 6)],
      { seed: 0 },
    );
    expect(orderSentence(near, far)).toBe(
      'For neighbouring positions an earlier stride comes first (0 stem) than for random pairs (1 block +1): first in 100 % and 100 % of resamples of the pictures.',
    );
    expect(orderSentence(near, near)).toBe('For both displacements the stride that matters most is 0 stem.');
  });

  it('name the largest of all only where it is settled', () => {
    expect(attributionSentence(found([-0.2, 0.2], [-0.05, 0.001]), 'Near')).toBe(
      'Near: 50.0 % of answers change; without stride 1 block +1 it is 5.0 points less, the most of those settled (it alone is settled); not settled with these pictures: 20.0 points less without 0 stem.',
    );
    expect(attributionSentence(found([-0.2, 0.2], [0.05, 0.001]), 'Near')).toBe(
      'Near: 50.0 % of answers change, and taking off no stride makes that less beyond chance; not settled with these pictures: 20.0 points less without 0 stem.',
    );
    expect(attributionSentence(found([0.2, 0.2], [0.05, 0.001]), 'Near')).toBe(
      'Near: 50.0 % of answers change, and taking off no stride makes that less.',
    );
    // What makes more answers change is none of the strides whose part is settled to be less.
    expect(attributionSentence(found([-0.2, 0.001], [0.05, 0.001]), 'Near')).toBe(
      'Near: 50.0 % of answers change; without stride 0 stem it is 20.0 points less, the most of all (it alone is settled).',
    );
    expect(attributionSentence(found([-0.2, 0.001], [-0.05, 0.2]), 'Near')).toMatch(
      /20\.0 points less, the most of all \(it alone is settled\)\.$/,
    );
  });

  it('call a first place that both displacements share sure only where resamples hold it', () => {
    const close = found([-0.06, 0.001], [-0.05, 0.001], [0.52, 0.48]);
    expect(orderSentence(close, close)).toBe(
      'For both displacements the same stride comes first of those settled (0 stem), but that it matters most is not settled: first in 52 % and 52 % of resamples of the pictures.',
    );
    const sure = found([-0.06, 0.001], [-0.01, 0.001], [0.99, 0.01]);
    expect(orderSentence(sure, sure)).toBe('For both displacements the stride that matters most is 0 stem.');
    expect(orderSentence(sure, close)).toMatch(/not settled: first in 99 % and 52 %/);
  });
});
