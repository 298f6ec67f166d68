// Estimates of layers from literals: ratios by hand, paired rises, shares of the local error, any order of pictures.
import { describe, expect, it } from 'vitest';
import { isEstimate } from '../../../src/core/estimate.js';
import type { LayerSums, ModelLayers, PictureTrace } from '../../../src/core/layers.js';
import { createLayersCollector } from '../../../src/metrics/layers/collect.js';
import { layerSentences, lossSentences } from '../../../src/metrics/layers/words.js';

const layer = (name: string, factor: number) => ({
  name,
  operator: 'Conv',
  channels: 10,
  rows: 8 / factor,
  columns: 8 / factor,
  factor: { y: factor, x: factor },
  field: { y: 3, x: 3 },
  selected: true,
  depth: null,
});

const inside: ModelLayers = {
  model: 'm',
  layers: [layer('first', 1), layer('second', 2), layer('third', 2)],
  subsamplings: [{ node: 'second', operator: 'Conv', before: 0, after: 1, stageEnd: 2 }],
  skipped: [],
  local: [
    { name: 'a', operator: 'Conv' },
    { name: 'b', operator: 'Relu' },
  ],
  localBytes: 0,
};

const sums = (changed: number, maps = 10): LayerSums => ({
  maps,
  changed,
  quiet: 10 - maps,
  spread: changed / 10,
  periodic: null,
});

/** A picture whose layers have so many changed maps. */
const trace = (first: number, second: number, third: number): PictureTrace => ({
  sums: [[sums(first), sums(second, 8), sums(third)]],
});

function resultOf(pictures: Readonly<Record<string, PictureTrace>>) {
  const collector = createLayersCollector(inside, true);
  for (const [picture, found] of Object.entries(pictures)) collector.add({ picture, trace: found });
  return collector.result(0);
}

describe('layers', () => {
  it('are ratios of sums over pictures, with the number of maps as n', () => {
    const { layers } = resultOf({ a: trace(0, 4, 9), b: trace(1, 8, 10) });
    expect(layers[0]?.estimates['nonShiftability']).toMatchObject({
      value: 1 / 20,
      n: 20,
      pictures: 2,
      unit: 'fraction',
    });
    expect(layers[1]?.estimates['nonShiftability']).toMatchObject({ value: 12 / 16, n: 16 });
    expect(layers[1]?.quiet).toBe(2);
    expect(layers[2]?.estimates['relativeSpread']).toMatchObject({ value: 0.95, unit: 'ratio' });
    expect(layers[0]?.estimates['periodicMaps']).toEqual({
      unavailable: 'no two views lie a multiple of the factor apart',
    });
    expect(layers[0]?.estimates['equivarianceErrorPixel']).toEqual({ unavailable: 'no whole maps were looked at' });
  });

  it('pool groups, skip sums that are no numbers, and take signs from any picture', () => {
    const { layers } = resultOf({
      a: {
        sums: [
          [sums(2), sums(1, 8), null],
          [sums(4), sums(3, 8), sums(5)],
        ],
      },
      b: {
        sums: [[sums(0), sums(0, 8), sums(0)]],
        equivariance: [
          { pixel: 0.5, factor: 0, negative: false },
          { pixel: 0.25, factor: null, negative: true },
          { pixel: null, factor: null, negative: false },
        ],
      },
    });
    expect(layers[0]?.estimates['nonShiftability']).toMatchObject({ value: 6 / 30 });
    expect(layers[2]?.estimates['nonShiftability']).toMatchObject({ value: 5 / 20 });
    expect(layers.map(({ negative }) => negative)).toEqual([false, true, false]);
    expect(layers[0]?.estimates['equivarianceErrorPixel']).toMatchObject({ value: 0.5 });
  });

  it('do not depend on the order of pictures', () => {
    const one = resultOf({ a: trace(0, 4, 9), b: trace(1, 8, 10), c: trace(3, 3, 3) });
    const other = resultOf({ c: trace(3, 3, 3), a: trace(0, 4, 9), b: trace(1, 8, 10) });
    expect(other).toEqual(one);
  });

  it('of a single picture have values without intervals', () => {
    const { layers, losses } = resultOf({ a: trace(1, 4, 9) });
    expect(layers[0]?.estimates['nonShiftability']).toEqual({
      unavailable: 'only one picture counts, and an interval over pictures needs two',
      value: 0.1,
    });
    expect(losses[0]?.rise).toMatchObject({ value: 0.4 });
    expect(lossSentences({ losses, shifts: true })[0]).toContain('second loses most: 10.0 % → 50.0 % (+40.0 points)');
  });
});

describe('losses', () => {
  it('are differences over the same pictures', () => {
    const pictures = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`p${i}`, trace(i % 2, (i % 2) + 4, 9)]));
    const { losses } = resultOf(pictures);
    const [loss] = losses;
    if (!isEstimate(loss?.rise)) throw new Error('no rise');
    expect(loss.rise.value).toBeCloseTo(4.5 / 8 - 0.05, 12);
    // Both sides rise and fall together, so the difference is narrower than either.
    expect(loss.rise.high - loss.rise.low).toBeLessThan(0.03);
    expect(loss.stageRise).toMatchObject({ value: 0.85 });
    expect(lossSentences({ losses, shifts: true })[1]).toContain(
      'the stage that second begins loses most: 5.0 % → 90.0 %',
    );
  });

  it('that intervals don’t settle are said not to be', () => {
    const pictures = Object.fromEntries(
      Array.from({ length: 10 }, (_, i) => [`p${i}`, trace(i % 3, (i + 1) % 3, (i + 2) % 3)]),
    );
    expect(lossSentences(resultOf(pictures))).toEqual([
      'At no change of the factor, nor within a stage, does the share of non-shiftable maps rise by more than chance.',
    ]);
  });
});

it('other changes than shifts are not blamed on strides', () => {
  const collector = createLayersCollector(inside, false);
  for (const picture of ['a', 'b']) collector.add({ picture, trace: trace(1, 8, 9) });
  const result = collector.result(0);
  expect(result.shifts).toBe(false);
  expect(lossSentences(result)).toEqual([expect.stringContaining('not those of strides alone')]);
});

describe('the local equivariance error', () => {
  const local = (a: number, b: number) => ({
    ...trace(0, 0, 0),
    local: {
      total: 2,
      steps: [
        { all: a, padding: a / 2, sampling: a / 2 },
        { all: b, nonLinearity: b },
      ],
      unexplained: 0.1,
    },
  });

  it('has shares of the sum over steps and over causes', () => {
    const found = resultOf({ a: local(1, 3), b: local(3, 1), c: local(1, 1) }).local;
    if ('unavailable' in found) throw new Error(found.unavailable);
    expect(found.pictures).toBe(3);
    expect(found.total).toMatchObject({ value: 2 });
    expect(found.causes.padding).toMatchObject({ value: 0.25 });
    expect(found.causes.nonLinearity).toMatchObject({ value: 0.5 });
    expect(found.steps.map(({ share }) => isEstimate(share) && share.value)).toEqual([0.5, 0.5]);
    expect(found.steps[0]?.causes).toEqual({ padding: 0.25, sampling: 0.25 });
    expect(found.unexplained).toBeCloseTo(0.1, 12);
  });

  it('says so where there is none, or none was looked at', () => {
    expect(resultOf({ a: trace(0, 0, 0) }).local).toEqual({ unavailable: 'no picture was looked at' });
    const still = resultOf({ a: local(0, 0), b: local(0, 0) }).local;
    if ('unavailable' in still) throw new Error(still.unavailable);
    expect(still.steps[0]?.share).toEqual({ unavailable: 'no error at all, so there are no shares of it' });
  });
});

it('sentences name signed and quiet layers', () => {
  const result = resultOf({
    a: {
      ...trace(0, 0, 0),
      equivariance: [0, 1, 0].map((negative) => ({ pixel: 0, factor: 0, negative: negative === 1 })),
    },
  });
  expect(layerSentences(result)).toEqual([
    '± 1 layer with negative values: their sums can nearly cancel, so that the criterion fires sooner; compare like with like.',
    'Quiet maps left out: second 2.0 of 10 (mean a picture).',
  ]);
});
