// Every chart of every kind of run compiles without a warning, leaves its input as it was, and draws.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as vega from 'vega';
import type { Comparison } from '../../src/core/estimate.js';
import { fractionDomain, labelledPlaces, roundDomain } from '../../src/report/charts/axes.js';
import { bandDrawing } from '../../src/report/charts/band-lines.js';
import { differenceRows } from '../../src/report/charts/differences.js';
import { placeLabels, spreadLabels, type Dot } from '../../src/report/charts/label-places.js';
import { charts } from '../../src/report/charts/registry.js';
import { curveRows, heatCells } from '../../src/report/charts/rows.js';
import { compiled } from '../../src/report/compile.js';
import { factsOf } from '../../src/report/facts.js';
import { reportInput, type Synthetic } from '../support/report-input.js';

const cases: Record<string, Synthetic> = {
  path: { models: ['a', 'b', 'c'], pictures: 12, images: false },
  single: { models: ['a'], pictures: 1, images: false },
  unlabelled: { models: ['a', 'b'], pictures: 8, labelled: false, images: false },
  twelve: { models: 'abcdefghijkl'.split(''), pictures: 8, images: false },
  sweep: { models: ['a', 'b'], pictures: 6, kind: 'sweep', images: false },
  grid: { models: ['a', 'b'], pictures: 6, kind: 'grid', reach: 2, images: false },
  pairs: { models: ['a', 'b'], pictures: 8, kind: 'random-pair', images: false },
  layers: { models: ['a', 'b', 'c'], pictures: 8, images: false, layers: ['strided', 'dense', null] },
  depth: { models: ['a'], pictures: 8, images: false, layers: ['strided'], depth: 140 },
  comparison: { models: 'abcdefghijkl'.split(''), pictures: 12, images: false, compare: 'macs' },
  deeper: { models: ['a', 'b'], pictures: 8, images: false, compare: 'depth' },
  gaps: { models: ['a'], pictures: 8, invalidEvery: 2, images: false },
};

describe.each(Object.entries(cases))('%s', (_, options) => {
  it('compiles and draws', async () => {
    const input = await reportInput(options);
    const before = JSON.stringify(input);
    const facts = factsOf(input);
    for (const chart of charts) {
      for (const { id, spec, data, signals } of chart.drawings(facts)) {
        const view = new vega.View(vega.parse(compiled(id, spec)), { renderer: 'none', logLevel: vega.Warn });
        for (const [name, rows] of Object.entries(data)) view.data(name, [...rows]);
        for (const [name, value] of Object.entries(signals ?? {})) view.signal(name, value);
        const svg = await view.toSVG();
        expect(svg, id).not.toMatch(/NaN|undefined|null/);
      }
    }
    expect(JSON.stringify(input)).toBe(before);
  });
});

it('says which chart a warning is of', () => {
  const spec = {
    data: { values: [] },
    mark: 'bar',
    encoding: { x: { field: 'a', type: 'quantitative', stack: 'zero', scale: { type: 'log' } } },
  };
  expect(() => compiled('mine', spec)).toThrow(/The chart "mine" has a fault; Vega-Lite says:/);
});

describe('rows', () => {
  it('of a curve tell right from wrong from nothing', () => {
    const rows = curveRows({ focus: 2, p: [0.5, 0.2, null], q: [0.5, 0.6, null], top: [2, 7, null] });
    expect(rows.map(({ state }) => state)).toEqual(['right', 'wrong', 'none']);
  });

  it('of a heatmap mark changes of answer, and none across a gap', () => {
    const cells = heatCells([0], [{ p: [0.5, 0.2, null, 0.1], top: [2, 7, null, 8] }]);
    expect(cells.map(({ flip }) => flip)).toEqual([false, true, false, false]);
  });

  it('of differences from one model are turned to "other minus it"', () => {
    const row: Comparison = {
      metric: 'top1Change',
      a: 'mine',
      b: 'other',
      difference: { value: 0.1, low: 0.05, high: 0.2, n: 1, pictures: 1, unit: 'fraction', method: 'Wilson' },
      p: 0.01,
      pHolm: 0.02,
      test: 't',
    };
    expect(differenceRows([row], 'top1Change', 'mine')).toEqual([
      {
        pair: 'other',
        words: 'other minus mine',
        value: -0.1,
        low: -0.2,
        high: -0.05,
        clear: true,
        side: 'left',
        label: '−10.0',
      },
    ]);
    expect(differenceRows([row], 'top1Change', null)).toMatchObject([
      { pair: 'mine|minus other', value: 0.1, side: 'right' },
    ]);
    expect(differenceRows([row], 'top1Change', 'third')).toEqual([]);
  });
});

describe('axes', () => {
  it.each([
    [roundDomain(0, 0.31), [0, 0.4], [0, 0.1, 0.2, 0.3, 0.4]],
    [roundDomain(-0.13, 0.24), [-0.2, 0.3], [-0.2, -0.1, 0, 0.1, 0.2, 0.3]],
    [roundDomain(0, 0), [0, 0.05], [0, 0.01, 0.02, 0.03, 0.04, 0.05]],
    [fractionDomain(0.93, 0.99, 5, 0.1), [0.9, 1], [0.9, 0.95, 1]],
  ])('%j', ({ domain, ticks }, wanted, wantedTicks) => {
    expect(domain).toEqual(wanted);
    expect(ticks).toEqual(wantedTicks);
  });

  it('holds what it is made for', () => {
    const fraction = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fraction, fraction, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const { domain, ticks } = fractionDomain(low, high);
        expect(domain[0]).toBeLessThanOrEqual(low + 1e-9);
        expect(domain[1]).toBeGreaterThanOrEqual(high - 1e-9);
        expect(domain[1] - domain[0]).toBeGreaterThan(0.009);
        expect(ticks.length).toBeLessThanOrEqual(7);
      }),
    );
  });

  it('labels the ends, evenly where it can', () => {
    expect(labelledPlaces(9)).toEqual([0, 2, 4, 6, 8]);
    expect(labelledPlaces(17)).toEqual([0, 4, 8, 12, 16]);
    expect(labelledPlaces(4)).toEqual([0, 1, 2, 3]);
    expect(labelledPlaces(31)).toEqual([0, 5, 10, 15, 20, 25, 30]);
  });
});

describe('labels', () => {
  const dot = fc.record({ x: fc.integer({ min: 20, max: 540 }), y: fc.integer({ min: 20, max: 260 }) });

  it('of up to twelve models never cover each other', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(dot, { minLength: 2, maxLength: 12, selector: ({ x, y }) => `${x},${y}` }),
        (points) => {
          const dots: Dot[] = points.map(({ x, y }, i) => ({
            x,
            y,
            left: x - 30,
            right: x + 30,
            top: y - 15,
            bottom: y + 15,
            text: `model-number-${i}`,
          }));
          const boxes = placeLabels(dots, 560, 280).map(({ dx, dy, align }, i) => {
            const { x, y, text } = dots[i] as Dot;
            const width = 7.2 * text.length;
            const left = align === 'left' ? x + dx : x + dx - width;
            return { left, right: left + width, top: y + dy - 7.5, bottom: y + dy + 7.5 };
          });
          boxes.forEach((a, i) =>
            boxes.slice(i + 1).forEach((b) => {
              const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
              expect(apart).toBe(true);
            }),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  it('in a column keep their order and their distance', () => {
    expect(spreadLabels([100, 20, 102], 15, 200)).toEqual([expect.closeTo(93.5), 20, expect.closeTo(108.5)]);
    const places = spreadLabels([199, 199, 199], 15, 200);
    expect(Math.max(...places)).toBeLessThanOrEqual(200.01);
  });
});

describe.each([true, false])('a band of lines, other models drawn: %s', (others) => {
  it('has the names at the ends of the lines', async () => {
    const row = { model: 'net', line: 'neighbours', low: 0.1, high: 0.3 };
    const drawing = bandDrawing({
      ...{ id: 'band', title: 'Change', subtitle: '', subject: 'net', others },
      rows: [1, 2].map((at) => ({ ...row, at, value: at / 10 })),
      axis: { values: [1, 2], labels: ['1', '2'], title: 'size' },
    });
    const view = new vega.View(vega.parse(compiled('band', drawing!.spec)), { renderer: 'none', logLevel: vega.Warn });
    for (const [name, rows] of Object.entries(drawing!.data)) view.data(name, [...rows]);
    view.signal('subject', 'net');
    const svg = await view.toSVG();
    expect(svg).toContain('>neighbours<');
    expect(svg).not.toMatch(/NaN|undefined/);
  });
});
