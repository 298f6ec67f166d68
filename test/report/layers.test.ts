// What the page says and draws of the insides of networks: words from literals, rows of charts, film strips.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LayersResult, MapStrip } from '../../src/core/layers.js';
import { depthHeight, depthRows } from '../../src/report/charts/depth-rows.js';
import { localRows } from '../../src/report/charts/local-rows.js';
import { lossRows } from '../../src/report/charts/loss-rows.js';
import { factsOf } from '../../src/report/facts.js';
import { filmLimit, filmPoints, sumText } from '../../src/report/film-rows.js';
import { ratio, ratioText } from '../../src/report/format.js';
import {
  courseSentence,
  cutName,
  fieldText,
  findingSentences,
  localSentence,
  riseText,
  shortNames,
  sidesText,
} from '../../src/report/layer-words.js';
import { stripBytes, stripsOf } from '../../src/report/strips.js';
import { estimate, layersResult } from '../support/layers-sample.js';
import { reportInput } from '../support/report-input.js';

const strided = layersResult('strided');
const dense = layersResult('dense');
const [loss] = strided.losses;
if (!loss || 'unavailable' in strided.local) throw new Error('the sample has lost its losses');
const { local } = strided;

describe('names', () => {
  it('lose their middles, and before that what they share', () => {
    expect(cutName('abcdefghij', 10)).toBe('abcdefghij');
    expect(cutName('abcdefghijk', 10)).toBe('abcd…ghijk');
    expect(shortNames(['a/b/c', 'a/b/d'], 5)).toEqual(['a/b/c', 'a/b/d']);
    expect(shortNames(['net/stage1/relu', 'net/stage2/relu'], 12)).toEqual(['…stage1/relu', '…stage2/relu']);
    expect(shortNames(['net_a_conv', 'net_a_relu'], 6)).toEqual(['…conv', '…relu']);
    expect(shortNames(['net/', 'net/a/conv'], 6), 'no name is left empty').toEqual(['net/', 'ne…onv']);
    expect(shortNames(['a-very-long-name-of-one'], 9)).toEqual(['a-ve…-one']);
  });

  it('are never longer than asked for, and the first and last letters stay', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 5, max: 40 }),
        (names, most) => {
          const short = shortNames(names, most);
          expect(short).toHaveLength(names.length);
          short.forEach((name, i) => {
            expect(name.length).toBeLessThanOrEqual(most);
            expect(name.at(-1)).toBe(names[i]?.at(-1));
          });
        },
      ),
    );
  });
});

describe('words', () => {
  it('of sides, fields, ratios and rises', () => {
    expect(sidesText({ y: 16, x: 16 })).toBe('16');
    expect(sidesText({ y: 16, x: 8 })).toBe('16\u202f×\u202f8');
    expect(sidesText({ y: 1 / 3, x: 1 / 3 })).toBe('0.3333');
    expect(fieldText(null)).toBe('all');
    expect([0, 0.00001, 0.1236, 1.0546, 12.34, -0.5].map(ratio)).toEqual([
      '0',
      '<\u202f0.001',
      '0.124',
      '1.05',
      '12.3',
      '−0.5',
    ]);
    expect(ratioText({ value: 0.1236, low: 0.1, high: 0.2 })).toBe('0.124 [0.1 to 0.2]');
    expect(riseText({ ...estimate(0.35), low: 0.3, high: 0.4 })).toBe('+35.0 [30.0, 40.0]');
    expect(riseText({ ...estimate(0.021), low: -0.01, high: 0.05 })).toBe('+2.1 [−1.0, 5.0]');
  });

  it('name the step that loses most, in the page’s typography', () => {
    const [first = '', ...others] = findingSentences(strided);
    expect(first).toBe(
      'Across a single node mobilenet/features.3/conv/conv.2/Conv_output_3 loses most: 19.4\u202f% → 53.6\u202f% (+34.2 points [+29.2, +39.2]) of the maps are non-shiftable.',
    );
    expect(others.join(' ')).toContain('the stage that mobilenet/features.6/');
  });

  it('say when no rise is settled, when nothing is lost, when nothing is known', () => {
    const open = { ...loss, rise: { ...estimate(0.02), low: -0.01 }, stageRise: { ...estimate(0.03), low: -0.01 } };
    expect(findingSentences({ ...strided, losses: [open] }).join(' ')).toContain('by more than chance');
    expect(findingSentences(dense)).toEqual([
      'Nothing is lost: at none of the layers looked at does any map’s sum leave its mean.',
    ]);
    expect(courseSentence(dense)).toBe('');
    expect(findingSentences({ ...strided, losses: [] })[0]).toContain('isn’t lost by subsampling');
    const unknown = { ...loss, rise: { unavailable: 'two pictures' }, stageRise: { unavailable: 'two pictures' } };
    expect(findingSentences({ ...strided, losses: [unknown] })).toEqual([
      'What its subsampling steps lose is not known.',
    ]);
    expect(findingSentences({ ...strided, layers: [] })).toEqual(['The non-shiftability of its layers is not known.']);
  });

  it('tell how it goes from the first layer to the last', () => {
    expect(courseSentence(strided)).toBe(
      'Over its layers without negative values it goes from 2.0\u202f% at the first to 95.0\u202f% at the last, and first passes one half at mobilenet/features.6/conv…atchNormalization_output_6.',
    );
    const unsigned = { ...strided, layers: strided.layers.map((layer) => ({ ...layer, negative: false })) };
    expect(courseSentence(unsigned)).toMatch(/^Over its layers it goes from 2\.0\u202f% at the first/);
  });

  it('name the largest cause of the local error', () => {
    const causes = { padding: estimate(0.1), sampling: estimate(0.7), nonLinearity: estimate(0.2) };
    const steps = [
      { name: 'a', operator: 'Conv', share: estimate(0.3), causes: {} },
      { name: 'b', operator: 'Conv', share: estimate(0.6), causes: {} },
    ];
    expect(localSentence({ ...local, causes, steps })).toBe(
      'Most of it comes from subsampling: 70.0\u202f% (non-linearities 20.0\u202f% and padding 10.0\u202f%). The largest single part is that of b: 60.0\u202f%.',
    );
  });
});

describe('depth', () => {
  const models = [
    { name: 'strided', layers: strided },
    { name: 'dense', layers: dense },
    { name: 'closed', layers: null },
  ];

  it('puts the model’s layers on rows, and those of others at equal steps of their own depth', () => {
    const { layers = [], others = [], ends = [], stages = [] } = depthRows(models, 0, 'wide');
    expect(layers).toHaveLength(14);
    expect(layers.map(({ at }) => Number(at))).toEqual(layers.map((_, i) => (i + 0.5) / 14));
    expect(others.every(({ model }) => model === 'dense')).toBe(true);
    expect(Number(others[0]?.['on'])).toBeCloseTo(0.5 / 14);
    expect(Number(others.at(-1)?.['on'])).toBeCloseTo(13.5 / 14);
    expect(ends.map(({ model, subject }) => [model, subject])).toEqual([
      ['dense', false],
      ['strided', true],
    ]);
    expect(stages).toHaveLength(6);
    expect(layers.filter(({ coarser }) => coarser)).toHaveLength(5);
  });

  it('draws other models without their signed layers, unless hardly another is left', () => {
    const seen = (layers: LayersResult): number =>
      depthRows([models[1]!, { name: 'x', layers }], 0, 'wide')['others']?.length ?? 0;
    const signed = (negative: boolean | null): LayersResult => ({
      ...strided,
      layers: strided.layers.map((layer) => ({ ...layer, negative })),
    });
    const chosen = strided.layers.filter(({ selected }) => selected);
    expect(seen(strided)).toBe(chosen.filter(({ negative }) => !negative).length);
    expect(seen(signed(true))).toBe(chosen.length);
    expect(seen(signed(null))).toBe(chosen.length);
  });

  it('shows only layers that were asked for, hollow where they are signed', () => {
    const { layers = [] } = depthRows(models, 0, 'wide');
    const chosen = strided.layers.filter(({ selected }) => selected);
    expect(layers.map(({ name }) => name)).toEqual(chosen.map(({ name }) => name));
    expect(layers.map(({ signed }) => signed)).toEqual(chosen.map(({ negative }) => negative));
  });

  it('names every row up to 60 layers, beyond that where the factor changes and what fits between', () => {
    const named = (count: number): number => {
      const { layers = [] } = depthRows([{ name: 'deep', layers: layersResult('strided', count) }], 0, 'wide');
      expect(layers.filter(({ coarser }) => coarser).every(({ short }) => short !== '')).toBe(true);
      return layers.filter(({ short }) => short !== '').length;
    };
    expect(named(46)).toBe(40);
    expect(named(140)).toBeGreaterThan(35);
    expect(named(140)).toBeLessThan(60);
    expect(depthHeight(layersResult('strided', 46), 'wide')).toBeLessThan(800);
  });

  it('leaves a gap where a layer has no estimate', () => {
    const holed: LayersResult = {
      ...strided,
      layers: strided.layers.map((layer, i) =>
        i === 3 ? { ...layer, estimates: { nonShiftability: { unavailable: 'all maps quiet' } } } : layer,
      ),
    };
    const { layers = [] } = depthRows([{ name: 'holed', layers: holed }], 0, 'wide');
    expect(layers[3]).toMatchObject({ value: null, label: '–', reason: 'all maps quiet' });
  });
});

describe('losses and causes', () => {
  it('stand in the order of the rises', () => {
    const rows = lossRows(strided, 'wide');
    expect(rows.map(({ factor }) => factor)).toEqual(['2 → 4', '4 → 8', '8 → 16', '1 → 2', '16 → 32']);
    expect(rows[0]).toMatchObject({ values: '19\u202f% → 54\u202f%', rise: '+34.2 [29.2, 39.2]', settled: true });
    expect(rows.at(-1)).toMatchObject({ settled: false });
    expect(lossRows(dense, 'wide')).toEqual([]);
    expect(lossRows(null, 'narrow')).toEqual([]);
  });

  it('stack to each step’s share, the steps beyond ten as one', () => {
    const { rows = [], bars = [] } = localRows(strided, 'wide');
    expect(rows).toHaveLength(3 + 10 + 1);
    expect(rows.at(-1)).toMatchObject({ name: '6 other steps' });
    const sum = (list: typeof bars): number => list.reduce((total, { share }) => total + Number(share), 0);
    const names = new Set(rows.slice(3).map(({ name }) => name));
    expect(sum(bars.filter(({ name }) => names.has(name)))).toBeCloseTo(1);
    expect(sum(bars.filter(({ name }) => !names.has(name)))).toBeCloseTo(1);
    expect(localRows(dense, 'wide')).toEqual({ rows: [], bars: [] });
  });
});

describe('film strips', () => {
  const map = (sums: number[]): MapStrip['layers'][number]['maps'][number] => ({
    channel: 3,
    sheet: 'data:image/png;base64,AAAA',
    kind: 'middle',
    sums,
    deviation: 0,
  });

  it('draw sums relative to their mean, cut at the scale’s edge', () => {
    expect(filmPoints(map([90, 100, 110]), 0.5)).toEqual([expect.closeTo(-0.1), 0, expect.closeTo(0.1)]);
    expect(filmPoints(map([0, 0, 300]), 1)).toEqual([-1, -1, 1]);
    expect(filmPoints(map([-90, -110]), 1)).toEqual([expect.closeTo(0.1), expect.closeTo(-0.1)]);
    expect(filmPoints(map([-1, 1]), 1)).toEqual([0, 0]);
  });

  it('share a scale that holds the band and the widest curve', () => {
    const layer = (sums: number[]): MapStrip['layers'][number] => ({
      layer: 0,
      width: 1,
      height: 1,
      maps: [map(sums)],
    });
    expect(filmLimit({ layers: [layer([100, 100])] }, 'middle', 0.2)).toBeCloseTo(0.3);
    expect(filmLimit({ layers: [layer([100, 100]), layer([50, 150])] }, 'middle', 0.2)).toBeCloseTo(0.55);
    expect(filmLimit({ layers: [layer([0, 0, 900])] }, 'middle', 0.2)).toBe(1);
  });

  it('write sums shortly', () => {
    expect([12345.6, -12345.6, 123.4, 0.12345, 0].map(sumText)).toEqual(['12,346', '−12,346', '123', '0.123', '0']);
  });

  it('have a column a view, and no sheet that isn’t an image', async () => {
    const input = await reportInput({ models: ['a'], pictures: 6, images: false, layers: ['strided'] });
    const [strips = []] = stripsOf(factsOf(input));
    expect(strips).toHaveLength(6);
    expect(strips[0]?.columns.map(({ place }) => place)).toEqual(['−4', '−3', '−2', '−1', '0', '+1', '+2', '+3', '+4']);
    const observations = (input.observations['a'] ?? []).map((observation) => {
      const strip = observation.trace?.strip;
      if (!strip) return observation;
      const layers = strip.layers.map((layer) => ({
        ...layer,
        maps: layer.maps.map((one) => ({ ...one, sheet: 'https://example.org/x.png' })),
      }));
      return { ...observation, trace: { sums: [], strip: { ...strip, layers } } };
    });
    expect(stripsOf(factsOf({ ...input, observations: { a: observations } }))).toEqual([[]]);
    expect(stripBytes({ ...(observations[0] as (typeof observations)[number]), trace: { sums: [] } })).toBe(0);
  });
});
