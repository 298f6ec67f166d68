// What every shipped model folder holds, and that all which a run needs is found out of it.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { zooCards } from '../../src/models/card.js';
import { listZoo } from '../../src/models/find.js';
import { loadModel } from '../../src/models/load.js';
import { bytesBelow } from './bytes-below.js';
import { MODELS } from './logits.js';

const VARIANTS = [
  ...['adversarial', 'aps-blur', 'avgpool', 'background-biased', 'bagnet', 'blurpool', 'centred', 'dense', 'groupnorm'],
  ...['jigsaw', 'layernorm', 'maxpool', 'saliency-mix', 'stride', 'stride-circular', 'stylised', 'texture-biased'],
];
const CLASSES = ['t-shirt', 'trouser', 'pullover', 'dress', 'sandal', 'sneaker', 'bag', 'boot'];

/** Where it isn't the backbone's 16. */
const SUBSAMPLING: Readonly<Record<string, number>> = { dense: 1, bagnet: 4 };
const PADDING: Readonly<Record<string, string>> = {
  'aps-blur': 'circular',
  bagnet: 'none',
  dense: 'circular',
  'stride-circular': 'circular',
};

const cards = await zooCards();

test('the variants are those that the documents name', async () => {
  expect((await listZoo()).map(({ name }) => name)).toEqual(VARIANTS);
});

test('all models together have at most 8 MB', () => {
  expect(bytesBelow(MODELS)).toBeLessThanOrEqual(8_000_000);
});

test('partners are shipped, and only the baseline has none', () => {
  expect(cards.filter(({ partner }) => partner === null).map(({ name }) => name)).toEqual(['stride']);
  for (const { partner } of cards) if (partner !== null) expect(VARIANTS).toContain(partner);
  expect(cards.filter(({ honestNull }) => honestNull).map(({ name }) => name)).toEqual(['jigsaw', 'saliency-mix']);
});

describe('a folder is whole', () => {
  test.each(VARIANTS)('%s', async (name) => {
    const folder = path.join(MODELS, name);
    expect(readdirSync(folder).sort()).toEqual([
      ...['README.md', 'card.json', 'config.json', 'model.onnx', 'preprocessor_config.json'],
    ]);
    const sha256 = createHash('sha256')
      .update(readFileSync(path.join(folder, 'model.onnx')))
      .digest('hex');
    const model = await loadModel(folder);
    expect(model).toMatchObject({
      name,
      sha256,
      input: { name: 'pixel_values', width: 64, height: 64, layout: 'NCHW', type: 'float32', batch: null },
      output: { name: 'logits', classes: 8, kind: 'logits' },
      classes: CLASSES,
      preprocessing: {
        source: 'preprocessor_config.json',
        resize: { to: 'shortest-edge', size: 80, kernel: 'bilinear' },
        crop: { width: 64, height: 64 },
        mean: [0.5, 0.5, 0.5],
        std: [0.5, 0.5, 0.5],
        channels: 'rgb',
      },
    });
    const card = cards.find((one) => one.name === name);
    expect(card).toMatchObject({
      sha256,
      licence: 'MIT',
      subsamplingFactor: SUBSAMPLING[name] ?? 16,
      padding: PADDING[name] ?? 'zeros',
    });
    const { value, low, high, pictures } = card!.accuracy;
    expect(low).toBeLessThan(value);
    expect(value).toBeLessThan(high);
    expect(pictures).toBeGreaterThanOrEqual(1000);
  });
});
