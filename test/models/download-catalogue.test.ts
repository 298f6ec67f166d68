// The catalogue: the facts as they were published, and for every entry a preprocessing that our own reader understands.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CATALOGUE, catalogueEntry, filterCatalogue } from '../../src/models/catalogue/catalogue.js';
import { FAMILIES, PUBLISHED_TOP1 } from '../../src/models/catalogue/families.js';
import { modelFileTexts } from '../../src/models/catalogue/model-files.js';
import { huggingFacePreprocessing } from '../../src/models/huggingface.js';
import { labelsIn } from '../../src/models/labels.js';
import type { Preprocessing } from '../../src/core/model.js';
import { shared } from '../support/shared.js';

const facts = shared('facts', 'onnx-model-zoo.json');

function texts(name: string): Readonly<Record<string, string | null>> {
  const entry = catalogueEntry(name);
  if (entry === undefined) expect.fail(`no entry ${name}`);
  return modelFileTexts({ ...entry, url: `https://models.example/${entry.path}` });
}

/** The preprocessing as a probe would read it back. */
function readBack(name: string): Preprocessing {
  const content = JSON.parse(texts(name)['preprocessor_config.json'] ?? '') as Record<string, unknown>;
  const { preprocessing, findings } = huggingFacePreprocessing({ name: 'preprocessor_config.json', content }, 'file');
  expect(findings).toEqual({});
  return preprocessing;
}

describe('the published models', () => {
  it.skipIf(!existsSync(facts))('are those of ../shared/facts/onnx-model-zoo.json, byte for byte', () => {
    const { models } = JSON.parse(readFileSync(facts, 'utf8')) as { models: unknown[] };
    expect(CATALOGUE.map(({ name, path, sha256, bytes }) => ({ name, path, sha256, bytes }))).toEqual(models);
  });

  it('are 94, named once, with a checksum each', () => {
    expect(CATALOGUE).toHaveLength(94);
    expect(new Set(CATALOGUE.map(({ name }) => name)).size).toBe(94);
    for (const { sha256, bytes } of CATALOGUE) {
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(bytes).toBeGreaterThan(0);
    }
    const one = catalogueEntry('resnet18-v1-7');
    expect(one?.path).toBe('validated/vision/classification/resnet/model/resnet18-v1-7.onnx');
    expect(one?.bytes).toBe(46_820_737);
    expect(one?.top1).toBe(0.6993);
  });

  it('belong to a family each, and every accuracy to a model', () => {
    for (const family of FAMILIES) {
      for (const member of family.members) {
        expect(CATALOGUE.some(({ name, family: own }) => own === family && name.startsWith(`${member}-`))).toBe(true);
      }
      expect(family.source).toMatch(/github\.com\//);
    }
    for (const name of Object.keys(PUBLISHED_TOP1)) expect(catalogueEntry(name), name).toBeDefined();
  });

  it('are found by parts of name and task', () => {
    expect(filterCatalogue('RESNET18').map(({ name }) => name)).toEqual(['resnet18-v1-7', 'resnet18-v2-7']);
    expect(filterCatalogue('mnist grey')).toHaveLength(4);
    expect(filterCatalogue('')).toHaveLength(94);
    expect(filterCatalogue('resnext')).toEqual([]);
  });
});

describe('what is written beside a model', () => {
  it('is read back as the family’s preprocessing, for every entry that has one', () => {
    for (const { name, family } of CATALOGUE) {
      if ('unknown' in family.preprocessing) {
        expect(texts(name)['preprocessor_config.json']).toBeNull();
        expect(texts(name)['config.json']).toBeNull();
        expect(texts(name)['README.md']).toContain(family.preprocessing.unknown);
      } else {
        expect(readBack(name)).toEqual({ source: 'file', ...family.preprocessing });
      }
    }
  });

  it('names ImageNet’s classes in the order of their WordNet ids', () => {
    const content = JSON.parse(texts('mobilenetv2-12')['config.json'] ?? '') as Record<string, unknown>;
    const names = labelsIn({ name: 'config.json', content });
    expect(names).toHaveLength(1000);
    expect([names?.[0], names?.[6], names?.[999]]).toEqual(['tench', 'stingray', 'toilet tissue']);
  });

  // A pixel (red 255, green 128, blue 0) as each family's source prepares it, worked out by hand.
  it.each([
    // (255/255 − 0.485)/0.229, (128/255 − 0.456)/0.224, (0 − 0.406)/0.225
    ['resnet50-v1-7', [2.24891, 0.20518, -1.80444]],
    // Blue first: 0 − 103.939, 128 − 116.779, 255 − 123.68
    ['bvlcalexnet-12', [-103.939, 11.221, 131.32]],
    ['squeezenet1.0-12', [-103.939, 11.221, 131.32]],
    ['vgg19-caffe2-9', [-103.939, 11.221, 131.32]],
    // Blue first, times 0.017: −103.94 · 0.017, 11.22 · 0.017, 131.32 · 0.017
    ['densenet-12', [-1.76698, 0.19074, 2.23244]],
    // (255 − 127)/128, (128 − 127)/128, −127/128
    ['efficientnet-lite4-11', [1, 0.0078125, -0.9921875]],
    // Blue first: −103.53/57.375, (128 − 116.28)/57.12, (255 − 123.675)/58.395
    ['resnet50-caffe2-v1-9', [-1.80444, 0.20518, 2.24891]],
  ])('%s prepares a pixel as its source says', (name, prepared) => {
    const { scale, offset, mean, std, channels } = readBack(name);
    const pixel = channels === 'bgr' ? [0, 128, 255] : [255, 128, 0];
    pixel.forEach((value, c) => {
      expect((value * scale + offset - (mean[c] ?? NaN)) / (std[c] ?? NaN)).toBeCloseTo(prepared[c] ?? NaN, 4);
    });
  });

  it('says source, licence and checksum', () => {
    const text = texts('googlenet-12')['README.md'];
    expect(text).toContain('https://models.example/validated/');
    expect(text).toContain('c99c507058eaf41de8723408fdda7db8325cb57f0a89f2ee07a716d6e963e14e');
    expect(text).toContain('BSD-3-Clause');
    expect(text).toContain('67.78 %');
    expect(text).toContain('Blue comes first');
  });
});
