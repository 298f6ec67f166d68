// The charts as files: valid SVG without tokens, PNG of twice the size, one of each for what the run has.
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { buildFigures } from '../../src/report/figures.js';
import { reportInput, type Synthetic } from '../support/report-input.js';

const names = async (options: Partial<Synthetic>): Promise<string[]> => {
  const files = await buildFigures(await reportInput({ models: ['a', 'b'], pictures: 6, images: false, ...options }));
  return files.map(({ name }) => name);
};

describe('buildFigures', () => {
  it('draws what the run has data for', async () => {
    const metrics = ['top1Change', 'meanAbsoluteChange', 'jaggedness', 'accuracy'];
    const compared = ['top1Change', 'meanAbsoluteChange', 'accuracy'];
    const before = await names({});
    expect(before).toEqual([
      ...metrics.map((metric) => `estimates-${metric}`),
      'curve',
      'heatmap-a',
      'heatmap-b',
      ...compared.map((metric) => `differences-${metric}`),
      'tradeoff',
      'flips',
    ]);
    expect(await names({ kind: 'sweep', reach: 1 })).toEqual(
      expect.arrayContaining(compared.map((metric) => `sweep-${metric}`)),
    );
    expect(await names({ kind: 'grid', reach: 1 })).toEqual(
      expect.arrayContaining(['position-map-a', 'position-map-b']),
    );
    const inside = (await names({ layers: ['strided', 'dense'] })).filter((name) => !before.includes(name));
    expect(inside).toEqual(['depth-a', 'depth-b', 'losses-a', 'film-strip', 'local-a']);
    expect(await names({ models: ['a'], pictures: 1 })).toEqual(['curve', 'heatmap-a']);
  });

  it('replaces tokens by colours and keeps names inert', async () => {
    const input = await reportInput({ models: ['<script>x</script>'], pictures: 6, images: false });
    for (const { name, svg } of await buildFigures(input)) {
      expect(svg, name).not.toMatch(/var\(--|NaN|undefined|<script/);
      expect(svg, name).toMatch(/^<svg[^>]* viewBox="0 0 \d+ \d+"/);
      expect(svg, name).toContain('#fdfdfb');
    }
  });

  it('draws PNG at twice the size, with ink in it', async () => {
    const input = await reportInput({ models: ['a', 'b'], pictures: 6, images: false });
    for (const { name, svg, png } of await buildFigures(input)) {
      const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [];
      const { channels } = await sharp(png).stats();
      expect(await sharp(png).metadata(), name).toMatchObject({
        format: 'png',
        width: 2 * Number(width),
        height: 2 * Number(height),
      });
      expect(channels[0]?.min, name).toBeLessThan(100);
      expect(channels[0]?.max, name).toBe(0xfd);
    }
  });

  it.each<Partial<Synthetic>>([
    {},
    { kind: 'sweep', reach: 1 },
    { kind: 'grid', reach: 1 },
    { layers: ['strided', 'dense'], images: true },
  ])('leaves a margin of paper above the title %j', async (options) => {
    const input = await reportInput({ models: ['a', 'b'], pictures: 6, images: false, ...options });
    for (const { name, svg, png } of await buildFigures(input)) {
      const { width } = await sharp(png).metadata();
      const darkest = async (top: number): Promise<number> =>
        Math.min(...(await sharp(png).extract({ left: 0, top, width, height: 20 }).extractChannel(0).raw().toBuffer()));
      expect(await darkest(0), name).toBe(0xfd);
      expect(await darkest(20), `${name}: the title`).toBeLessThan(100);
      expect(svg, 'the canvas has no such family').not.toContain('system-ui');
    }
  });
});
