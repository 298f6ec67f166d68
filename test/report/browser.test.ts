// The page in a real browser, as a reader meets it: nothing on the console, no request, no policy violation; links
// between its views, keys, downloads, theme; axe; widths; print.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPage } from '../../src/report/page.js';
import type { PageAssets } from '../../src/report/bundle.js';
import { axeViolations, openBrowser, openReport, type Opened } from '../support/browser.js';
import { pageAssets } from '../support/page-assets.js';
import { reportInput, type Synthetic } from '../support/report-input.js';

const folder = mkdtempSync(path.join(tmpdir(), 'invariance-report-'));
const written = new Map<string, string>();
let browser: Browser;
let assets: PageAssets;

beforeAll(async () => {
  assets = pageAssets();
  browser = await openBrowser();
}, 180_000);

afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

const two: Synthetic = { models: ['stride', 'blurpool'], pictures: 24 };

/** Opens the page of a synthetic run; each is built once. */
async function opened(run: Synthetic, options: BrowserContextOptions = {}): Promise<Opened> {
  const key = JSON.stringify(run) + String(run.id) + String(run.className);
  if (!written.has(key)) {
    const file = path.join(folder, `${written.size}.html`);
    writeFileSync(file, buildPage(await reportInput(run), assets));
    written.set(key, pathToFileURL(file).href);
  }
  return openReport(browser, written.get(key) ?? '', options);
}

const text = (page: Page, selector: string): Promise<string> => page.locator(selector).first().innerText();
const count = (page: Page, selector: string): Promise<number> => page.locator(selector).count();

/** What a page is looked at with. */
const LOOKS: [string, BrowserContextOptions][] = [
  ['light', {}],
  ['dark', { colorScheme: 'dark' }],
  ['a phone', { viewport: { width: 380, height: 800 }, isMobile: true, hasTouch: true }],
];

describe('a reader', () => {
  it('sees the answer, and another one for another model', async () => {
    const { page, faults, close } = await opened(two);
    const before = await text(page, '#answer-number');
    expect(before).toMatch(/^\d+(\.\d)?%$/);
    expect(await text(page, '#answer-sentence')).toBe('of one-pixel shifts change the answer of stride.');
    await page.locator('input[name=model][value="1"]').check();
    expect(await text(page, '#answer-sentence')).toBe('of one-pixel shifts change the answer of blurpool.');
    expect(await text(page, '#answer-number')).not.toBe(before);
    expect(await text(page, '#unstable .lead')).toContain('For blurpool');
    expect(faults).toEqual([]);
    await close();
  });

  it('chooses a cell of the heatmap and finds its film strip', async () => {
    const { page, faults, close } = await opened(two);
    await page.locator('#heat-left').scrollIntoViewIfNeeded();
    const before = await text(page, '#pair-text');
    const cell = page.locator('#heat-left .mark-rect path').nth(9 * 20 + 2);
    await cell.hover();
    expect(await page.locator('#tip').isVisible()).toBe(true);
    expect(await text(page, '#tip')).toMatch(/shift −2: \d+/);
    await cell.click();
    expect(await text(page, '#pair-text')).not.toBe(before);
    expect(await text(page, '#pair .where')).toBe('shift −2');
    expect(await text(page, '#heat-status')).toMatch(
      /^Selected: thing \d+ at shift −2, stride: “class [A-L]”, the true class/,
    );
    await page.locator('#heat-right .mark-rect path').nth(30).click();
    expect(await text(page, '#answer-sentence')).toContain('blurpool');
    await page.keyboard.press('Escape');
    expect(await page.locator('#tip').isVisible()).toBe(false);
    expect(faults).toEqual([]);
    await close();
  });

  it('moves by the keyboard alone', async () => {
    const { page, faults, close } = await opened(two);
    await page.keyboard.press('Tab');
    expect(await text(page, ':focus')).toBe('Skip to the answer');
    await page.locator('#frames [tabindex="0"]').focus();
    await page.keyboard.press('Home');
    expect(await text(page, '#pair .where')).toBe('shift −4');
    await page.keyboard.press('ArrowRight');
    expect(await text(page, '#pair .where')).toBe('shift −3');
    await page.keyboard.press('End');
    expect(await text(page, '#pair .where')).toBe('shift +3');
    expect(await page.locator('#frames :focus').count()).toBe(1);
    const chosen = (): Promise<string> => page.locator('#picture-select').inputValue();
    const before = await chosen();
    await page.locator('#heat-left').focus();
    await page.keyboard.press('ArrowDown');
    expect(await chosen()).not.toBe(before);
    await page.keyboard.press('ArrowUp');
    expect(await chosen()).toBe(before);
    await page.keyboard.press('ArrowLeft');
    expect(await text(page, '#pair .where')).toBe('shift +2');
    expect(faults).toEqual([]);
    await close();
  });

  it('goes from the gallery to the picture, through the pictures, and compares by blinking', async () => {
    const { page, close } = await opened(two);
    const card = page.locator('#gallery button').nth(5);
    const name = await card.locator('b').innerText();
    await card.click();
    expect(await page.locator('#picture-select option:checked').innerText()).toContain(`${name} (`);
    expect(await page.locator('#picture-select:focus').count()).toBe(1);
    await page.locator('#next').click();
    expect(await page.locator('#picture-select option:checked').innerText()).not.toContain(`${name} (`);
    await page.locator('#blink').click();
    expect(await page.locator('#blink').getAttribute('aria-pressed')).toBe('true');
    await page.locator('#pair.odd').waitFor();
    await page.keyboard.press('Escape');
    expect(await page.locator('#blink').getAttribute('aria-pressed')).toBe('false');
    await close();
  });

  it('sorts rows by each model and opens the table of cells', async () => {
    const { page, close } = await opened(two);
    await page.locator('#heat-data summary').click();
    await page.locator('#heat-table tbody tr').nth(23).waitFor({ state: 'attached' });
    expect(await count(page, '#heat-table tbody tr')).toBe(24);
    const first = await text(page, '#heat-table tbody th');
    await page.locator('#heat-left-model').selectOption('1');
    expect(await text(page, '#heat-table caption')).toContain('blurpool');
    expect(await text(page, '#heat-table tbody th')).not.toBe(first);
    await page.locator('input[name=order][value=own]').check();
    expect(await page.locator('input[name=order][value=own]').isChecked()).toBe(true);
    await close();
  });

  it('takes the numbers along', async () => {
    const { page, close } = await opened(two);
    const downloaded = async (button: string): Promise<{ name: string; content: string }> => {
      const [download] = await Promise.all([page.waitForEvent('download'), page.locator(button).click()]);
      return { name: download.suggestedFilename(), content: readFileSync(await download.path(), 'utf8') };
    };
    const result = await downloaded('#save-result');
    expect(result.name).toBe('result.json');
    expect(JSON.parse(result.content)).toMatchObject({ schema: 'invariance/result@1', pictures: { count: 24 } });
    const rows = await downloaded('#save-rows');
    expect(rows.name).toBe('observations.csv');
    expect(rows.content.trimEnd().split('\r\n')).toHaveLength(1 + 2 * 24 * 9);
    await close();
  });

  it('switches the theme, and the page remembers', async () => {
    const { page, close } = await opened(two);
    const ground = (): Promise<string> => page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    expect(await ground()).toBe('rgb(253, 253, 251)');
    await page.locator('input[name=theme][value=dark]').check({ force: true });
    expect(await ground()).toBe('rgb(19, 21, 25)');
    await page.reload();
    expect(await ground()).toBe('rgb(19, 21, 25)');
    await close();
  });

  it('sees the pixels of a small model as squares, and windows where they truly are', async () => {
    const { page, close } = await opened({ ...two, surround: 'cyclic' });
    expect(await count(page, '#pair .crop.pixels')).toBe(2);
    const style = await page.locator('#frames .crop').nth(5).getAttribute('style');
    expect(style).toContain('--m:64;--mh:64;--cw:64;--ch:64;--x:63;--y:63;');
    await close();
  });
});

describe('layers', () => {
  const inside: Synthetic = { models: ['stride', 'dense'], pictures: 12, layers: ['strided', 'dense'] };
  const drawnRows = (page: Page, chart: string): Promise<number> =>
    page.locator(`[data-chart="${chart}"] .mark-symbol path`).count();

  it('follow the model under study', async () => {
    const { page, faults, close } = await opened(inside);
    expect(await drawnRows(page, 'depth')).toBe(14);
    expect(await text(page, '#layers-finding')).toContain('loses most');
    expect(await text(page, '[data-chart="depth"]')).toContain('…features.14');
    await page.locator('input[name=model][value="1"]').check();
    expect(await drawnRows(page, 'depth')).toBe(11);
    expect(await text(page, '#layers-finding')).toContain('Nothing is lost');
    expect(await text(page, '#layers .panel figcaption')).toContain('Non-shiftable maps of dense');
    expect(await text(page, '[data-chart="depth"]')).toContain('block12/add');
    expect(await page.locator('[data-chart="depth"]').getAttribute('aria-label')).toContain('of dense');
    expect(await page.locator('#losses-block').isVisible()).toBe(false);
    expect(await page.locator('#local-figure').isVisible()).toBe(false);
    expect(await text(page, '#layers-local')).toContain('without a derivative (TopK)');
    await page.locator('input[name=model][value="0"]').check();
    expect(await page.locator('#local-figure').isVisible()).toBe(true);
    expect(faults).toEqual([]);
    await close();
  });

  it('tell what a point of a chart is', async () => {
    const { page, faults, close } = await opened(inside);
    await page.locator('[data-chart="depth"] .mark-symbol path').nth(3).hover();
    expect(await text(page, '#tip')).toMatch(/features\.3\/.*35\.\d.% not shiftable.*48 maps/s);
    await page.locator('[data-chart="losses"] .mark-symbol path').first().hover();
    expect(await text(page, '#tip')).toMatch(/Conv_output_3.*rise of \+34\.2 \[29\.2, 39\.2\] points/s);
    expect(faults).toEqual([]);
    await close();
  });

  it('show the chosen picture’s chosen maps', async () => {
    const { page, faults, close } = await opened(inside);
    const sheets = (): Promise<string | null> => page.locator('#film').getAttribute('style');
    expect(await count(page, '#film .crop')).toBe(9 * 7);
    expect(await count(page, '#film .filmcurve svg')).toBe(6);
    const seen = new Set([await sheets()]);
    await page.locator('input[name="film-map"][value="steadiest"]').check();
    seen.add(await sheets());
    expect(await page.locator('#film-table caption').textContent()).toContain('the steadiest map of each layer');
    await page.locator('#film-picture').selectOption({ index: 2 });
    seen.add(await sheets());
    await page.locator('input[name=model][value="1"]').check();
    seen.add(await sheets());
    expect(seen.size).toBe(4);
    expect(await text(page, '#film .filmhead >> nth=2')).toContain('block1/relu');
    expect(faults).toEqual([]);
    await close();
  });

  it('of a model that nothing was looked at in are said to be missing', async () => {
    const { page, faults, close } = await opened({ ...inside, layers: [null, 'strided'] });
    expect(await text(page, '#layers-finding')).toBe('Nothing inside stride was looked at.');
    expect(await page.locator('#layers-body').isVisible()).toBe(false);
    await page.locator('input[name=model][value="1"]').check();
    expect(await drawnRows(page, 'depth')).toBe(11);
    expect(faults).toEqual([]);
    await close();
  });

  it.each(LOOKS)('%s: axe finds nothing, nothing sticks out', async (_, options) => {
    const { page, faults, close } = await opened(inside, options);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    expect(await axeViolations(page)).toEqual([]);
    expect(faults).toEqual([]);
    await close();
  });

  it('a phone: the maps scroll under their row heads', async () => {
    const { page, close } = await opened(inside, { viewport: { width: 320, height: 700 } });
    await page.locator('.film-scroll').evaluate('(element) => { element.scrollLeft = 200; }');
    const head = await page.locator('#film .filmhead').nth(2).boundingBox();
    expect(head?.x).toBe(16);
    expect(await drawnRows(page, 'depth-narrow')).toBe(14);
    await close();
  });
});

describe('other runs', () => {
  it('a grid: positions are compared with the reference', async () => {
    const { page, faults, close } = await opened({ models: ['a', 'b'], pictures: 6, kind: 'grid', reach: 2 });
    const where = (): Promise<string[]> => page.locator('#pair .where').allInnerTexts();
    await page.locator('#picture-map .mark-rect path').nth(0).click();
    expect(await where()).toEqual(['position 0, 0', 'position −2, −2']);
    await page.locator('#picture-map').focus();
    await page.keyboard.press('ArrowRight');
    expect(await where()).toEqual(['position 0, 0', 'position −1, −2']);
    await page.locator('#map-left').hover();
    expect(await text(page, '#tip')).toMatch(/accuracy/);
    expect(faults).toEqual([]);
    await close();
  });

  it('random pairs: each pair of a picture can be chosen', async () => {
    const { page, faults, close } = await opened({ models: ['a', 'b'], pictures: 12, kind: 'random-pair' });
    const before = await page.locator('#pair .where').allInnerTexts();
    await page
      .locator('#pair-picker label')
      .nth((await page.locator('#pair-picker input').first().isChecked()) ? 1 : 0)
      .click();
    expect(await page.locator('#pair .where').allInnerTexts()).not.toEqual(before);
    expect(faults).toEqual([]);
    await close();
  });

  it('twelve models: a menu, and differences from the chosen one', async () => {
    const { page, faults, close } = await opened({
      models: 'abcdefghijkl'.split('').map((name) => `model-${name}`),
      pictures: 12,
    });
    const rows = (): Promise<string> => page.locator('[data-chart="differences-top1Change"] svg').innerHTML();
    expect(await rows()).not.toContain('>model-a<');
    await page.locator('#model-select').selectOption('2');
    expect(await text(page, '#answer-sentence')).toContain('model-c');
    expect(await rows()).toContain('>model-a<');
    expect(await rows()).not.toContain('>model-c<');
    expect(faults).toEqual([]);
    await close();
  });

  it.each<[string, Synthetic]>([
    ['views without answers', { models: ['a', 'b'], pictures: 9, invalidEvery: 3 }],
    ['no images', { models: ['a', 'b'], pictures: 8, images: false }],
    ['more pictures than rows', { models: ['a'], pictures: 600, side: 16 }],
  ])('%s: nothing goes wrong', async (_, run) => {
    const { page, faults, close } = await opened(run);
    for (const button of ['#next', '#previous']) await page.locator(button).click();
    await page.locator('#heat-left .mark-rect path').first().hover();
    expect(faults).toEqual([]);
    await close();
  });

  it.each<[string, Synthetic]>([
    ['one model, one picture', { models: ['a'], pictures: 1 }],
    ['no labels, no class names', { models: ['a', 'b'], pictures: 8, labelled: false, className: null }],
    ['a sweep', { models: ['a', 'b'], pictures: 6, kind: 'sweep', reach: 2 }],
    [
      'names with HTML in them',
      {
        models: ['</script><script>alert(1)</script>', '<img src=x onerror=alert(1)>'],
        pictures: 6,
        id: (i) => `<img src=x onerror=alert(${i})>.png`,
        className: (k) => `<img src=x onerror="alert('${k}')">`,
      },
    ],
  ])('%s: nothing goes wrong, and axe finds nothing', async (_, run) => {
    const { page, faults, close } = await opened(run);
    for (const button of ['#next', '#previous']) await page.locator(button).click();
    if ((await count(page, '#heat-left')) > 0) await page.locator('#heat-left .mark-rect path').first().hover();
    expect(await count(page, 'main img')).toBe(0);
    expect(await axeViolations(page)).toEqual([]);
    expect(faults).toEqual([]);
    await close();
  });
});

describe('a comparison', () => {
  const five: Synthetic = { models: ['stride', 'maxpool', 'blurpool', 'aps', 'dense'], pictures: 24, compare: 'macs' };

  it('is read from its answer on; pictures are those of the chosen model', async () => {
    const { page, faults, close } = await opened(five);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(page.url()).toMatch(/#compare$/);
    expect(await text(page, 'h1')).toMatch(/stride/);
    const before = await text(page, '#mended-pictures');
    expect(before).toMatch(/maxpool: (no|\d+) changes?/);
    expect(await count(page, '#mended-pictures .crop[data-side]')).toBeGreaterThan(0);
    await page.locator('input[name=mended][value="4"]').check();
    expect(await text(page, '#mended-pictures')).toMatch(/dense: (no|\d+) changes?/);
    expect(await text(page, '#mended-pictures')).not.toContain('maxpool');
    expect(faults).toEqual([]);
    await close();
  });

  it('tells the pointer what a dot and a cell are', async () => {
    const { page, faults, close } = await opened(five);
    await page.locator('[data-chart=tradeoff] .mark-symbol path').first().hover();
    expect(await text(page, '#tip')).toMatch(
      /^stride\naccuracy [\d.]+\u202f% .*\nP\(top-1 change\) .*\n2\.65 M multiply-accumulates$/,
    );
    await page.locator('[data-chart=flips] .mark-rect path').first().hover();
    expect(await text(page, '#tip')).toMatch(
      /^thing \d+\nstride: (no step changes|[\d.]+\u202f% of steps change) its answer$/,
    );
    expect(faults).toEqual([]);
    await close();
  });

  it.each(LOOKS)('%s: axe finds nothing, nothing sticks out', async (_, options) => {
    const { page, faults, close } = await opened(five, options);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    expect(await axeViolations(page)).toEqual([]);
    expect(faults).toEqual([]);
    await close();
  });
});

describe('every width and scheme', () => {
  it.each([320, 380, 640, 768, 1024, 1440, 1920])('%i pixels: nothing sticks out', async (width) => {
    const { page, faults, close } = await opened(two, { viewport: { width, height: 900 } });
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    expect(faults).toEqual([]);
    await close();
  });

  it.each(LOOKS)('%s: axe finds nothing with everything unfolded', async (_, options) => {
    const { page, close } = await opened(two, options);
    expect(await axeViolations(page)).toEqual([]);
    await close();
  });

  it('a phone: the strip scrolls to the chosen pair, its row heads stay', async () => {
    const { page, close } = await opened(two, { viewport: { width: 320, height: 700 } });
    await page.locator('#frames [tabindex="0"]').focus();
    await page.keyboard.press('End');
    const box = async (selector: string): Promise<{ x: number; width: number }> => {
      const found = await page.locator(selector).last().boundingBox();
      if (!found) throw new Error(`${selector} is not on the page`);
      return found;
    };
    const frame = await box('#frames .on');
    expect(frame.x).toBeGreaterThan(16);
    expect(frame.x + frame.width).toBeLessThanOrEqual(305);
    expect((await box('.rowhead.low')).x).toBe(16);
    await close();
  });

  it('paper: light on white, a section a sheet, definitions unfolded', async () => {
    const { page, close } = await opened(two, { colorScheme: 'dark' });
    const pdf = await page.pdf({ format: 'A4', margin: { top: '14mm', bottom: '14mm', left: '14mm', right: '14mm' } });
    const sheets = pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g) ?? [];
    expect(sheets.length).toBeGreaterThanOrEqual(6);
    expect(sheets.length).toBeLessThanOrEqual(10);
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate('getComputedStyle(document.documentElement).getPropertyValue("--paper")')).toBe('#fff');
    expect(await page.locator('.picker').isVisible()).toBe(false);
    expect(await page.locator('#def-top1Change p').isVisible()).toBe(true);
    await close();
  });
});

it('is drawn in 1.5 s and weighs 3 MB at most for 200 pictures and three models', async () => {
  const run: Synthetic = { models: ['a', 'b', 'c'], pictures: 200, side: 160 };
  const times: number[] = [];
  for (let i = 0; i < 3; i++) {
    const { page, close } = await opened(run);
    times.push(await page.evaluate<number>('Number(document.documentElement.dataset.ready)'));
    await close();
  }
  const file = path.join(folder, `${written.size - 1}.html`);
  expect(readFileSync(file).byteLength).toBeLessThan(3 * 1024 * 1024);
  expect(Math.min(...times)).toBeLessThan(1500);
});
