// The page of a comparison: its answer first, one table with costs and times, who flips where, what is mended.
import { beforeAll, describe, expect, it } from 'vitest';
import * as vega from 'vega';
import type { PageAssets } from '../../src/report/bundle.js';
import { choosePictures, type PictureSummary } from '../../src/report/choose.js';
import { dotRows } from '../../src/report/charts/labelled-dots.js';
import { tradeoff, tradeoffDots } from '../../src/report/charts/tradeoff.js';
import { compiled } from '../../src/report/compile.js';
import { factsOf } from '../../src/report/facts.js';
import { buildPage } from '../../src/report/page.js';
import { pageAssets } from '../support/page-assets.js';
import { reportInput, type Synthetic } from '../support/report-input.js';

const three: Synthetic = { models: ['stride', 'blurpool', 'dense'], pictures: 12, images: false, compare: 'depth' };

let assets: PageAssets;
beforeAll(() => {
  assets = pageAssets();
});

async function pageOf(options: Synthetic): Promise<string> {
  const page = buildPage(await reportInput(options), assets);
  return page
    .slice(page.indexOf('<main>'), page.indexOf('</main>'))
    .replace(/[ \n]+/g, ' ')
    .replaceAll('> <', '><');
}

describe('the page', () => {
  it('begins with what tells the models apart', async () => {
    const text = await pageOf(three);
    const ids = [...text.matchAll(/<section id="(\w+)"/g)].map(([, id]) => id);
    expect(ids).toEqual([
      ...['compare', 'against', 'flips', 'mended'],
      ...['answer', 'picture', 'all', 'unstable', 'protocol'],
    ]);
    expect(text.match(/<h1>/g)).toHaveLength(1);
    expect(text.indexOf('<h1>')).toBeLessThan(text.indexOf('id="answer"'));
    expect(text).toContain('<h2>Each model by itself</h2>');
    expect(text).toMatch(/More accurate than|Less accurate than|Not settled in accuracy against/);
  });

  it('has one table of answers, differences, costs and times; what can’t be told has its reason', async () => {
    const text = await pageOf(three);
    const table = text.slice(text.indexOf('<table class="comparison">'), text.indexOf('</table>'));
    const rows = [...table.matchAll(/<tr>(.*?)<\/tr>/g)].slice(2).map(([, row = '']) => row);
    expect(rows).toHaveLength(3);
    expect(rows[0]).toContain('<span class="soft">reference</span>');
    expect(rows[0]).not.toContain('class="difference"');
    expect(rows[1]?.match(/class="difference"/g)).toHaveLength(4);
    expect(rows[1]).toContain('7.96 M<span>3.00 ×</span>');
    expect(rows[1]).toContain('97.3 k<span>1.01 ×</span>');
    expect(rows[1]).toContain('2.00<span>1.80 to 2.60</span><span>2.00 × [2.00 to 2.00]</span>');
    expect(rows[1]).toContain('a node is not known');
    expect(rows[2]).toContain('its file is gone');
    expect(text).toContain('one thread on a test; no engine');
    expect(text).toContain('medians over 7 rounds');
  });

  it('says the rank correlations, or why there are none', async () => {
    expect(await pageOf(three)).toContain(
      'no rank correlation (a rank correlation needs at least 4 models, there are 3)',
    );
    const five = await pageOf({ ...three, models: 'abcde'.split('') });
    expect(five).toMatch(/Spearman’s rank correlation [−\d.]+ over 5 models, p = [\d.]+ by an exact permutation test/);
  });

  it('says who flips where without its script', async () => {
    const text = await pageOf(three);
    expect(text).toContain('Cohen’s kappa');
    expect(text).toMatch(/<th scope="row">stride, blurpool<\/th><td>\d+<\/td><td>[\d.]+<\/td>/);
    expect(text).toMatch(/<th scope="row">(all|none)<\/th>/);
  });

  it('of a run with several models has the same sections behind what each answers', async () => {
    const { compare: _, ...run } = three;
    const text = await pageOf(run);
    expect(text).toContain('<h2>Which model is steadier</h2>');
    expect(text).toContain('<table class="comparison">');
    expect(text).not.toContain('ms an answer');
    expect(text.indexOf('id="answer"')).toBeLessThan(text.indexOf('id="compare"'));
  });
});

describe('the front', () => {
  it('goes from edge to edge by way of the models that none beats, and larger dots cost more', async () => {
    const facts = factsOf(await reportInput({ ...three, models: ['a', 'b', 'c', 'd'] }));
    const [drawing] = tradeoff.drawings(facts);
    const dots = tradeoffDots(facts)!;
    const front = drawing!.data['front'] as { x: number; y: number }[];
    expect(front[0]?.x).toBe(dots.x.domain[0]);
    expect(front.at(-1)?.y).toBe(dots.y.domain[1]);
    for (const [i, corner] of front.entries()) {
      expect(corner.x).toBeGreaterThanOrEqual(front[i - 1]?.x ?? -Infinity);
      expect(corner.y).toBeGreaterThanOrEqual(front[i - 1]?.y ?? -Infinity);
    }
    for (const { x, y } of dots.points) {
      // No model lies strictly beyond the line.
      expect(front.some((corner) => corner.x >= x && corner.y <= y)).toBe(true);
    }
    const radii = dots.points.map(({ radius }) => radius);
    expect(radii).toEqual(radii.toSorted((a, b) => a - b));
    expect(new vega.View(vega.parse(compiled('tradeoff', drawing!.spec)))).toBeDefined();
  });

  it('places dots on a logarithmic axis where they are', () => {
    const axis = { domain: [1, 100] as const, ticks: null, log: true };
    const dot = { model: 'm', x: 10, y: 0.5, yLow: 0.4, yHigh: 0.6, radius: 5, words: [] };
    const [row] = dotRows({ points: [dot], x: axis, y: { domain: [0, 1], ticks: null } }, 200) as unknown as [
      { leaderX: number; dx: number; align: string },
    ];
    // A tenth of the way more is a factor of 100^(1/10); a leader ends 3 pixels before its text.
    const end = row.dx + (row.align === 'right' ? 3 : -3);
    expect(row.leaderX).toBeCloseTo(10 * 100 ** (end / 200), 9);
  });
});

describe('pictures that are mended and broken', () => {
  const summary = (picture: string, changes: number, mean: number): PictureSummary => ({
    ...{ picture, changes, mean, label: 0, range: 0.1, views: 9, path: true, strip: 0 },
    step: { pair: 0, kind: 1, size: 0.1 },
  });
  const costs = ['a', 'b'].map((model) => ({ model, canvas: 'one', pixels: 100 }));

  it('are those that change at fewer or more steps, most first, the surer of the steadier model first', () => {
    const { changed, pictures } = choosePictures(
      {
        a: ['p', 'q', 'r', 's', 't'].map((id, i) => summary(id, [3, 5, 3, 0, 1][i]!, 0.5)),
        b: ['p', 'q', 'r', 's', 't'].map((id, i) => summary(id, [0, 4, 0, 2, 1][i]!, [0.2, 0.5, 0.9, 0.5, 0.5][i]!)),
      },
      costs,
    );
    expect(changed).toEqual({ b: { mended: ['r', 'p', 'q'], broken: ['s'], counts: { mended: 3, broken: 1 } } });
    expect(pictures).toEqual(expect.arrayContaining(['p', 'q', 'r', 's']));
  });

  it('are at most four of each, counted all', () => {
    const many = Array.from({ length: 20 }, (_, i) => `p${i}`);
    const { changed, embedded } = choosePictures(
      { a: many.map((id) => summary(id, 2, 0.5)), b: many.map((id) => summary(id, 0, 0.5)) },
      costs,
    );
    expect(changed['b']?.mended).toHaveLength(4);
    expect(changed['b']?.counts).toEqual({ mended: 20, broken: 0 });
    expect(embedded['a']).toEqual(expect.arrayContaining([...(changed['b']?.mended ?? [])]));
  });
});
