// The data set's page in a real browser, its figures, and its sentences.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DatasetResult } from '../../src/core/dataset.js';
import { measureDataset } from '../../src/dataset/measure.js';
import { chartRows, densityTop } from '../../src/report/dataset/charts.js';
import { buildDatasetFigures } from '../../src/report/dataset/figures.js';
import { buildDatasetPage } from '../../src/report/dataset/page.js';
import { biasOf, byBias, datasetNotices, datasetSentences, differing } from '../../src/report/dataset/words.js';
import { axeViolations, openBrowser, openReport } from '../support/browser.js';
import { root } from '../support/cli.js';
import { pageAssets } from '../support/page-assets.js';

const folder = mkdtempSync(path.join(tmpdir(), 'invariance-dataset-'));
let browser: Browser;
let centred: DatasetResult;

beforeAll(async () => {
  centred = await measureDataset(path.join(root, 'fixtures', 'boxes', 'centred.csv'));
  browser = await openBrowser();
}, 180_000);

afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

const input = (result: DatasetResult) => ({ result, command: 'invariance dataset boxes.csv', version: '1.2.3' });

describe('the page', () => {
  it('draws, follows the chosen class, and breaks no rule', async () => {
    const file = path.join(folder, 'report.html');
    const hostile = { ...centred, source: { ...centred.source, name: '</script><script>alert(1)</script>' } };
    writeFileSync(file, buildDatasetPage({ ...input(hostile), shown: 'dog' }, pageAssets('dataset')));
    const { page, faults, close } = await openReport(browser, pathToFileURL(file).href);
    const text = (selector: string): Promise<string> => page.locator(selector).first().innerText();
    expect(await text('#answer .big')).toBe('4');
    expect(await text('#answer-sentence')).toBe('of 4 classes are not uniform in position.');
    expect(await text('#shown-words')).toMatch(/^dog: 130 boxes; 73\.8/);
    expect(await page.locator('[data-chart] svg').count()).toBe(3);
    const cells = (): Promise<string> => page.locator('[data-chart=density] svg').first().innerHTML();
    const before = await cells();
    await page.locator('#class-select').selectOption({ label: 'rare (12)' });
    expect(await text('#shown-words')).toContain('Not tested: only 12 to count, and a test needs 25.');
    expect(await cells()).not.toBe(before);
    expect(await axeViolations(page)).toEqual([]);
    expect(faults).toEqual([]);
    await close();
  });

  it('has no wider sheet than a phone', async () => {
    const file = path.join(folder, 'narrow.html');
    writeFileSync(file, buildDatasetPage(input(centred), pageAssets('dataset')));
    const { page, faults, close } = await openReport(browser, pathToFileURL(file).href, {
      viewport: { width: 360, height: 700 },
      colorScheme: 'dark',
    });
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    expect(faults).toEqual([]);
    await close();
  });
});

describe('figures', () => {
  it('are two maps and a histogram of all, and of the shown class', async () => {
    const files = await buildDatasetFigures({ ...input(centred), shown: 'cat' });
    expect(files.map(({ name }) => name)).toEqual([
      'density-all',
      'density-cropped-all',
      'extents-all',
      'density-cat',
      'density-cropped-cat',
      'extents-cat',
    ]);
    for (const { name, svg } of files) expect(svg, name).not.toMatch(/var\(--|NaN|undefined/);
  });

  it('show densities whose mean is 1, on one scale', () => {
    const rows = chartRows(centred.overall, centred);
    const cells = rows['density']?.data['cells'] ?? [];
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(cells.map(({ density }) => Number(density)))).toBeCloseTo(1, 12);
    expect(Math.max(...cells.map(({ shade }) => Number(shade)))).toBe(1);
    expect(mean((rows['extents']?.data['bins'] ?? []).map(({ cropped }) => Number(cropped)))).toBeCloseTo(1, 12);
    expect(densityTop(centred.overall)).toBe(Math.max(...cells.map(({ density }) => Number(density))));
  });
});

describe('words', () => {
  it('count classes as people do', () => {
    expect(differing({ tested: 5, notUniform: 4, untested: 0 })).toBe('4 of 5 tested classes differ');
    expect(differing({ tested: 1200, notUniform: 1100, untested: 0 })).toBe('1,100 of 1,200 tested classes differ');
    expect(differing({ tested: 5, notUniform: 1, untested: 0 })).toBe('1 of 5 tested classes differs');
    expect(differing({ tested: 5, notUniform: 0, untested: 0 })).toBe('none of 5 tested classes differs');
    expect(differing({ tested: 1, notUniform: 1, untested: 0 })).toBe('the one tested class differs');
  });

  it('say what was found and what limits it', async () => {
    expect(datasetSentences(centred).slice(0, 4)).toEqual([
      'In position 4 of 4 tested classes differ from uniform over the picture (p < 0.05 after Holm).',
      "A large box can't have its centre near an edge: against the range that each box has, 4 of 4 tested classes differ.",
      'In height 4 of 4 tested classes differ from uniform.',
      '72.4 % [68.4, 76.0] of all centres lie in the middle ninth of the picture, where a uniform distribution has 11.1 %.',
    ]);
    expect(datasetNotices(centred)[0]).toBe('1 class with fewer than 25 boxes is not tested.');
    const few = await measureDataset(path.join(root, 'fixtures', 'boxes', 'voc'));
    expect(datasetSentences(few)[0]).toBe(
      'No class can be tested: a test needs 25 boxes, and the largest class has 12.',
    );
    const crowded = { ...centred, source: { ...centred.source, pictureClasses: 266 } };
    expect(datasetNotices(crowded).join(' ')).toContain('A picture has 2.0 boxes of a class on average');
  });

  it('put the most biased class first, untested ones last', () => {
    const order = byBias(centred.classes);
    expect(order.at(-1)?.name).toBe('rare');
    const biases = order.slice(0, 4).map(biasOf);
    expect(biases).toEqual([...biases].sort((a, b) => b - a));
  });
});
