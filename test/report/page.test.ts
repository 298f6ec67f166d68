// The page as text: one safe, self-contained file, readable without its script, for any kind of run.
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { InputError, RunError } from '../../src/core/errors.js';
import { builtAssets, type PageAssets } from '../../src/report/bundle.js';
import type { PageInput } from '../../src/report/input.js';
import { buildPage } from '../../src/report/page.js';
import { pageAssets } from '../support/page-assets.js';
import { reportInput, type Synthetic } from '../support/report-input.js';

let assets: PageAssets;
let input: PageInput;
beforeAll(async () => {
  assets = pageAssets();
  input = await reportInput({ models: ['stride', 'blurpool'], pictures: 12 });
});

/** The page's content with line breaks and indentation as single spaces, none next to tags. */
const textOf = (page: string): string =>
  page
    .slice(page.indexOf('<main>'), page.indexOf('</main>'))
    .replace(/[ \n]+/g, ' ')
    .replaceAll('> <', '><');

describe('the file', () => {
  it('names its one script by hash and forbids everything else', () => {
    const page = buildPage(input, assets);
    const [, script = ''] = /<script>([\s\S]*)<\/script>\s*<\/body>/.exec(page) ?? [];
    const hash = createHash('sha256').update(script).digest('base64');
    expect(page).toContain(`default-src &#39;none&#39;; script-src &#39;sha256-${hash}&#39;`);
    expect(page.match(/<script>/g)).toHaveLength(1);
    expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
  });

  it('is the same for the same input', () => {
    expect(buildPage(input, assets)).toBe(buildPage(input, assets));
  });

  it('carries the whole result', () => {
    const [, json = ''] = /id="result">([\s\S]*?)<\/script>/.exec(buildPage(input, assets)) ?? [];
    expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(input.result)));
  });

  it('lists images that models share once', () => {
    const [, json = ''] = /id="images">([\s\S]*?)<\/script>/.exec(buildPage(input, assets)) ?? [];
    expect(JSON.parse(json)).toHaveLength(12);
  });
});

describe('without its script', () => {
  it('says the answer, the estimates and the differences', () => {
    const text = textOf(buildPage(input, assets));
    expect(text).toMatch(/class="big">[\d.]+<span class="unit">%/);
    expect(text).toMatch(/of one-pixel shifts change the answer of <span class="mn">stride<\/span>\./);
    for (const title of ['P(top-1 change)', 'Jaggedness', 'Accuracy, worst view']) expect(text).toContain(title);
    expect(text).toMatch(
      /<th scope="row">P\(top-1 change\)<\/th><td>[\d.]+\u202f% \[[\d.]+ to [\d.]+\u202f%\], n = 96<\/td>/,
    );
    expect(text).toContain('Paired differences over the same pictures');
  });

  it('says how it was measured', () => {
    const text = textOf(buildPage(input, assets));
    expect(text).toContain('--model &#39;stride&#39; \\ --model');
    expect(text).toContain('22 November 2026');
    expect(text).toContain('bootstrap over pictures');
    expect(text.replaceAll('<wbr>', '')).toContain(input.result.protocol.hash);
  });
});

describe('sections', () => {
  const ids = (page: string): string[] => [...page.matchAll(/<section id="(\w+)"/g)].map(([, id = '']) => id);

  it.each([
    ['a path, two models', {}, ['answer', 'picture', 'all', 'compare', 'flips', 'mended', 'unstable', 'protocol']],
    ['one picture, one model', { models: ['a'], pictures: 1 }, ['answer', 'picture', 'protocol']],
    [
      'a grid',
      { kind: 'grid', reach: 1 },
      ['answer', 'picture', 'positions', 'shift', 'compare', 'flips', 'mended', 'unstable', 'protocol'],
    ],
    [
      'random pairs',
      { kind: 'random-pair' },
      ['answer', 'picture', 'compare', 'flips', 'mended', 'unstable', 'protocol'],
    ],
    [
      'layers',
      { layers: ['strided', null] },
      ['answer', 'picture', 'all', 'compare', 'flips', 'mended', 'layers', 'unstable', 'protocol'],
    ],
    [
      'a sweep',
      { kind: 'sweep', reach: 1 },
      ['answer', 'picture', 'all', 'sweep', 'compare', 'flips', 'mended', 'unstable', 'protocol'],
    ],
  ] as const)('of %s', async (_, options, expected) => {
    const run = await reportInput({ models: ['a', 'b'], pictures: 6, images: false, ...options });
    expect(ids(buildPage(run, assets))).toEqual(expected);
  });
});

describe('layers', () => {
  const inside: Synthetic = { models: ['stride', 'dense'], pictures: 6, layers: ['strided', 'dense'], images: false };

  it('are there without the script: criterion, finding, tables', async () => {
    const text = textOf(buildPage(await reportInput(inside), assets));
    expect(text).toContain('leaves its mean over the shifts by more than 20\u202f% (all maps of a layer)');
    expect(text).toContain('Conv_output_3 loses most: 19.4\u202f% → 53.6\u202f% (+34.2 points [+29.2, +39.2])');
    expect(text).toContain('it does not rank models');
    expect(text).toContain('compare filled with filled');
    expect(text).toMatch(
      /<th scope="row">mobilenet\/features\.14\/[^<]*<\/th><td>Add<\/td><td>96<\/td><td>2\u202f×\u202f2<\/td><td>32<\/td>/,
    );
    expect(text).toMatch(/<td>0\.\d+ \[0\.\d+ to 0\.\d+\]<\/td>/);
    expect(text).toContain('no two views lie a multiple of the factor apart');
    expect(text).toContain('it has no spatial axes');
    expect(text).toContain('Most of it comes from subsampling');
  });

  it('say which maps were drawn, that nothing is lost, and why a number is missing', async () => {
    const run = await reportInput({ ...inside, models: ['dense', 'stride'], layers: ['dense', 'strided'] });
    const { protocol } = run.result;
    const layers = { ...(protocol.layers as NonNullable<typeof protocol.layers>), maps: 10, threshold: 0.1 };
    const text = textOf(buildPage({ ...run, result: { ...run.result, protocol: { ...protocol, layers } } }, assets));
    expect(text).toContain('by more than 10\u202f% (10 maps of each layer, drawn at random)');
    expect(text).toContain('Nothing is lost');
    expect(text).toContain('Not measured: the graph has an operator without a derivative (TopK).');
  });

  it('weigh what their strips weigh', async () => {
    const run = await reportInput({ ...inside, pictures: 12 });
    const plain = buildPage(await reportInput({ ...inside, pictures: 12, layers: [null, null] }), assets).length;
    expect(buildPage(run, assets).length - plain).toBeLessThan(900_000);
  });
});

describe('what is missing', () => {
  it('has its reason: no labels', async () => {
    const run = await reportInput({ models: ['a'], pictures: 6, labelled: false, className: null, images: false });
    const text = textOf(buildPage(run, assets));
    expect(text).toContain('Not shown: Accuracy and Jaggedness (no labels).');
    expect(text).toContain('The pictures have no labels');
    expect(text).toContain('<span class="soft">no labels</span>');
    expect(text).not.toContain('the true class;');
  });

  it('is said where views have no answer, pictures were skipped and checks failed', () => {
    const [model] = input.result.models;
    const result = {
      ...input.result,
      pictures: { ...input.result.pictures, skipped: [{ picture: 'bad.jpg', reason: 'zero bytes' }] },
      models: [
        {
          ...(model as NonNullable<typeof model>),
          pictures: { measured: 12, labelled: 12, invalidViews: 3 },
          invalid: [{ picture: 'x.jpg', at: { dx: 1, dy: 1 }, reason: 'logit 4 is NaN' }],
        },
        ...input.result.models.slice(1),
      ],
      thresholds: [
        { expression: 'top1Change > 0.05', model: 'stride', value: 0.21, holds: true },
        { expression: 'accuracy < 0.5', model: 'stride', value: 0.9, holds: false },
      ],
    };
    const text = textOf(buildPage({ ...input, result }, assets));
    expect(text).toContain('stride gave no finite numbers for 3 views (the first: x.jpg); they are left out');
    expect(text).toContain('1 picture could not be used and is left out');
    expect(text).toContain('zero bytes');
    expect(text).toContain('logit 4 is NaN');
    expect(text).toContain('Check failed for stride: top1Change &gt; 0.05 (it is 0.21).');
    expect(text).toContain('1 check passed.');
  });

  it('is said where not all pictures are rows', async () => {
    const run = await reportInput({ models: ['a', 'b'], pictures: 600, images: false });
    const text = textOf(buildPage(run, assets));
    expect(text).toContain('Shown are 540 of 600 pictures, evenly spaced in the order of a');
    expect(text).toContain('observations.parquet beside the page holds all 600');
  });
});

it('keeps names inert', async () => {
  const run = await reportInput({
    models: ['</script><script>alert(1)</script>', '<!--'],
    pictures: 4,
    id: (i) => `<img src=x onerror=alert(${i})>.png`,
    className: (k) => `<img src=x onerror="alert('${k}')">`,
  });
  const page = buildPage(run, assets);
  expect(page).not.toMatch(/<img/i);
  expect(page.match(/<script[ >]/g)).toHaveLength(5);
  expect(page.match(/<\/script>/g)).toHaveLength(5);
});

it('stays within 3 MB for 200 pictures and three models, whatever the images weigh', async () => {
  const run = await reportInput({ models: ['a', 'b', 'c'], pictures: 200, side: 32 });
  let serial = 0;
  const images = Object.fromEntries(
    Object.entries(run.images).map(([model, pictures]) => [
      model,
      Object.fromEntries(
        Object.entries(pictures).map(([id, picture]) => [
          id,
          { ...picture, dataUrl: `data:,${serial++}${'x'.repeat(30_000)}` },
        ]),
      ),
    ]),
  );
  expect(Buffer.byteLength(buildPage({ ...run, images }, assets))).toBeLessThan(3 * 1024 * 1024);
});

it('says what is wrong with a run without models, and with a package that was not built', () => {
  expect(() => buildPage({ ...input, result: { ...input.result, models: [] } }, assets)).toThrow(InputError);
  expect(() => builtAssets()).toThrow(RunError);
  expect(() => builtAssets()).toThrow(/page\.js is missing .* Run "npm run build"\./);
});
