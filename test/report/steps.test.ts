// Sections of sizes, box crops and averaged views: their sentences say what the estimates say, and their charts compile.
import { describe, expect, it } from 'vitest';
import type { Estimate } from '../../src/core/estimate.js';
import type { Json } from '../../src/core/protocol.js';
import type { Estimates, Series } from '../../src/core/result.js';
import { drawingsOf, figuresOf } from '../../src/report/charts/registry.js';
import { compiled } from '../../src/report/compile.js';
import { factsOf, type Facts } from '../../src/report/facts.js';
import type { PageInput } from '../../src/report/input.js';
import { boxCrop } from '../../src/report/sections/box-crop.js';
import { scale } from '../../src/report/sections/scale.js';
import type { SectionMaker } from '../../src/report/sections/section.js';
import { tta } from '../../src/report/sections/tta.js';
import { reportInput } from '../support/report-input.js';

function estimate(value: number, half = 0.05): Estimate {
  return {
    value,
    low: value - half,
    high: value + half,
    n: 40,
    pictures: 20,
    unit: 'fraction',
    method: 'bootstrap over pictures',
  };
}

/** Facts of a run of two models whose probe and estimates are others. */
async function factsWith(
  probe: { name: string; options: Json },
  series: (model: number) => readonly Series[],
  estimates: Estimates,
  change: (input: PageInput) => PageInput = (input) => input,
): Promise<Facts> {
  const input = await reportInput({ models: ['first', 'other'], pictures: 12 });
  const protocol = { ...input.result.protocol, probe };
  const models = input.result.models.map((model, m) => ({
    ...model,
    series: series(m),
    estimates: { ...model.estimates, ...estimates },
  }));
  return factsOf(change({ ...input, result: { ...input.result, protocol, models } }));
}

function textOf(maker: SectionMaker, facts: Facts): string {
  const section = maker(facts, new Map(drawingsOf(facts).map((drawing) => [drawing.id, drawing])));
  const text = (section?.content.html ?? '').replaceAll(/<[^>]+>/g, '');
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\u202f\u00a0]/g, ' ');
}

function ids(facts: Facts, prefix: string): string[] {
  const drawn = drawingsOf(facts).filter(({ id }) => id.startsWith(prefix));
  for (const { id, spec } of drawn) expect(() => compiled(id, spec)).not.toThrow();
  const figures = figuresOf(facts).filter(({ id }) => id.startsWith(prefix));
  expect(figures.map(({ id }) => id)).toEqual(drawn.map(({ id }) => id));
  return drawn.map(({ id }) => id);
}

describe('sizes', () => {
  const options = { of: 'picture', sizes: [0.25, 1, 2], reference: 1, half: 0.5, surround: 'mean', canvas: 'model' };
  const size = (at: number, accuracy: number, lost: number, flips: number | null): Series => ({
    at: { scale: at },
    estimates: {
      accuracy: estimate(accuracy),
      trueProbability: estimate(accuracy - 0.1),
      top1Change: flips === null ? { unavailable: 'no pair' } : estimate(flips),
    },
    against: { accuracy: estimate(accuracy - 0.8), accuracyLost: estimate(lost, 0.1) },
  });
  const series = () => [
    size(0.25, 0.2, 0.75, 0.5),
    size(1, 0.8, 0, 0.3),
    size(2, 0.6, 0.25, null),
    size(0.5, 0.3, 0.625, null),
  ];
  const probe = { name: 'scale', options };

  it('say what half the size costs, and how often the next size changes the answer', async () => {
    const facts = await factsWith(probe, series, { accuracy: estimate(0.8), top1Change: estimate(0.4) });
    const text = textOf(scale, facts);
    expect(text).toContain(
      'At half the size first loses 50.0 points [45.0, 55.0] of accuracy, 63 % of it [53 to 73 %]: 80.0 % become 30.0 %.',
    );
    expect(text).toContain('From one size to the next the answer changes in 40.0 % [35.0 to 45.0 %] of all steps.');
    expect(text).toContain('At half the size other loses');
    expect(text).toContain('Half the size was measured beside the others');
  });

  it('draw changes between the sizes along the path, and half the size on its place', async () => {
    const facts = await factsWith(probe, series, {});
    expect(ids(facts, 'scale-')).toEqual(['scale-accuracy', 'scale-probability', 'scale-flips']);
    const drawing = (id: string) => drawingsOf(facts).find((one) => one.id === id)!;
    const places = (id: string) =>
      drawing(id)
        .data['steps']?.filter((row) => row['model'] === 'first')
        .map((row) => row['at']);
    expect(places('scale-accuracy')).toEqual([0.25, 0.5, 1, 2]);
    expect(places('scale-flips')).toEqual([0.5, Math.sqrt(2)]);
  });

  it('say why where there is nothing to say', async () => {
    const none = { accuracy: { unavailable: 'no labels' } };
    const unlabelled = () => series().map((one) => ({ ...one, estimates: none, against: none }));
    expect(textOf(scale, await factsWith(probe, unlabelled, none))).toContain('Without labels there is no accuracy');
    const without = { name: 'scale', options: { ...options, half: null } };
    const three = () => series().slice(0, 3);
    expect(textOf(scale, await factsWith(without, three, {}))).toContain('Half of size 1 is not among the sizes');
    const shift = await factsWith({ name: 'shift', options: {} }, () => [], {});
    for (const maker of [scale, boxCrop, tta]) expect(maker(shift, new Map())).toBeNull();
    expect(ids(shift, 'scale')).toEqual([]);
  });
});

describe('box crops', () => {
  const options = { margin: 0.1, small: 'skip', path: 'diagonal', reach: 4, step: 1 };
  const boxes = (small: number, large: number) => (): Series[] =>
    [
      [45, large],
      [32, small],
    ].map(([boxFrom = 0, value = 0]) => ({
      at: { boxFrom },
      estimates: { jaggedness: estimate(value), top1Change: estimate(value), accuracy: estimate(0.7) },
    }));
  const sized = (input: PageInput): PageInput => ({
    ...input,
    observations: Object.fromEntries(
      Object.entries(input.observations).map(([name, list]) => [
        name,
        list.map((observation, i) => ({
          ...observation,
          views: observation.views.map((view) => ({ ...view, at: { ...view.at, box: 60 - i } })),
        })),
      ]),
    ),
  });

  it('compare the smallest with the largest boxes', async () => {
    const probe = { name: 'box-crop', options };
    const settled = textOf(boxCrop, await factsWith(probe, boxes(0.3, 0.1), {}));
    expect(settled).toContain('Jaggedness of first is 30.0 % [25.0 to 35.0 %] for the smallest boxes (from 32 px)');
    expect(settled).toContain('smaller objects are answered less steadily');
    expect(textOf(boxCrop, await factsWith(probe, boxes(0.1, 0.15), {}))).toContain('no difference by size is settled');
  });

  it('sort the heatmap by size, smallest first', async () => {
    const facts = await factsWith({ name: 'box-crop', options }, boxes(0.3, 0.1), {}, sized);
    expect(ids(facts, 'box-crop-')).toEqual([
      'box-crop-jaggedness',
      'box-crop-top1Change',
      'box-crop-accuracy',
      'box-crop-heat',
    ]);
    const heat = drawingsOf(facts).find(({ id }) => id === 'box-crop-heat')!;
    const sizes = (heat.data['cells'] ?? [])
      .filter((cell) => cell['view'] === 0)
      .map((cell) => Number(facts.tracks[0]?.[Number(cell['picture'])]?.at[0]?.['box']));
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    expect(sizes).toHaveLength(12);
  });
});

describe('averaged views', () => {
  const over = (along: string) => ({
    over: [{ kind: 'shift', count: 4, along }, { kind: 'flip' }],
    canvas: 'model',
    reach: 4,
    step: 1,
  });
  const series = (): Series[] =>
    [1, 2, 4, 8].flatMap((views) =>
      ['diagonal', 'horizontal', 'random pairs'].map((path, p) => ({
        at: { views, path },
        estimates: { top1Change: estimate((0.4 + 0.1 * p) / views), accuracy: estimate(0.7) },
        against: { accuracy: { ...estimate(0.01), unit: 'difference of fractions' } },
      })),
    );

  it('say what they buy on every path, and what they cost', async () => {
    const facts = await factsWith({ name: 'tta', options: over('around') }, series, {});
    const text = textOf(tta, facts);
    expect(text).toContain(
      'Averaging eight views, first changes its answer on 5.0 % [0.0 to 10.0 %] of diagonal steps instead of 40.0 %, 6.3 % [1.2 to 11.3 %] of horizontal steps instead of 50.0 % and 7.5 % [2.5 to 12.5 %] of random pairs instead of 60.0 %.',
    );
    expect(text).toContain(
      'That takes eight times the computing; accuracy doesn’t change measurably (+1.0 points [−4.0, +6.0]).',
    );
    expect(text).toContain('with f = 32, 2,048 times');
    expect(text).not.toContain('which flatters them there');
    expect(ids(facts, 'tta-')).toEqual(['tta-paths', 'tta-change', 'tta-accuracy']);
  });

  it('warn where the averaged shifts lie on the path that they are judged on', async () => {
    const facts = await factsWith({ name: 'tta', options: over('diagonal') }, series, {});
    expect(textOf(tta, facts)).toContain('which flatters them there');
  });

  it('count what training would take by the network’s own subsampling', async () => {
    const layer = {
      name: 'last',
      operator: 'Conv',
      channels: 1,
      rows: 8,
      columns: 8,
      field: null,
      selected: true,
      depth: 1,
    };
    const layers = {
      model: 'first',
      layers: [{ ...layer, factor: { y: 8, x: 8 } }],
      subsamplings: [],
      skipped: [],
      local: [],
      localBytes: 0,
    };
    const withLayers = (input: PageInput): PageInput => ({ ...input, run: { ...input.run, layers: [layers] } });
    const facts = await factsWith({ name: 'tta', options: over('around') }, series, {}, withLayers);
    expect(textOf(tta, facts)).toContain('first subsamples by 8, so that each picture would be needed 128 times.');
  });
});
