// Published numbers of published networks, from graphs without weights. Receptive fields, strides and paddings:
// google-research/receptive_field's table (Araujo, Norris & Sim, Distill 2019), computed there on TF-Slim's models.
// Parameters and multiply-accumulates: the papers, and torchvision's model pages where the papers round.
import { describe, expect, it } from 'vitest';
import { auditGraph } from '../../src/graph/audit/audit.js';
import type { GraphAudit, LayerAudit } from '../../src/graph/audit/layer.js';
import { inceptionV3, mobilenetV2, resnet50, vgg16, vitB16 } from './audit-networks.js';

function layer({ layers }: GraphAudit, name: string): LayerAudit {
  const found = layers.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no layer ${name}`);
  return found;
}

const square = (side: number) => ({ y: side, x: side });

describe('VGG-16', () => {
  const audit = auditGraph(vgg16());

  it('has 138,357,544 parameters and 15.47 billion multiply-accumulates', () => {
    expect(audit.parameters).toBe(138_357_544);
    expect(audit.macs).toBe(15_470_264_320);
  });

  it('sees 196 pixels at conv5_3 and 212 at pool5, with stride 32 and padding 90', () => {
    expect(layer(audit, 'conv5_3').field?.size).toEqual(square(196));
    expect(layer(audit, 'pool5')).toMatchObject({
      shape: ['N', 512, 7, 7],
      factor: square(32),
      field: { size: square(212), paddingBefore: square(90), paddingAfter: square(90), start: square(15.5) },
    });
  });

  it('leaves 1/1024 of all translations and needs 1024 pictures a view, times scales and rotations', () => {
    expect(audit.unchangedShare).toBe(1 / 1024);
    expect(audit.augmentation.pictures).toBe(1024);
    expect(auditGraph(vgg16(), { scales: 5, rotations: 8 }).augmentation).toEqual({
      translations: 1024,
      scales: 5,
      rotations: 8,
      pictures: 40_960,
    });
  });
});

describe('ResNet-50', () => {
  it('of the paper sees 483 pixels; 25,557,032 parameters, 3.86 billion multiply-accumulates', () => {
    const audit = auditGraph(resnet50('1x1'));
    expect(audit.parameters).toBe(25_557_032);
    expect((audit.macs ?? 0) / 1e9).toBeCloseTo(3.86, 2);
    expect(layer(audit, 'layer4.2/relu')).toMatchObject({
      factor: square(32),
      field: { size: square(483) },
      reach: 'local',
    });
  });

  it('with strides in the 3×3 convolutions sees 427 pixels; 4.09 billion multiply-accumulates', () => {
    // By hand: 11 behind pool1, +3·8, +8+3·16, +16+5·32, +32+2·64.
    const audit = auditGraph(resnet50('3x3'));
    expect(audit.parameters).toBe(25_557_032);
    expect((audit.macs ?? 0) / 1e9).toBeCloseTo(4.09, 2);
    expect(layer(audit, 'layer4.2/relu').field?.size).toEqual(square(427));
  });
});

describe('MobileNetV2', () => {
  it('has 3,504,872 parameters, 0.30 billion multiply-accumulates, a field of 491 and stride 32', () => {
    const audit = auditGraph(mobilenetV2());
    expect(audit.parameters).toBe(3_504_872);
    expect((audit.macs ?? 0) / 1e9).toBeCloseTo(0.3, 2);
    expect(layer(audit, 'head/relu6')).toMatchObject({
      shape: ['N', 1280, 7, 7],
      factor: square(32),
      field: { size: square(491) },
    });
  });
});

describe('Inception-v3', () => {
  it('sees 1311 pixels with stride 32 and padding 618; 23,834,568 parameters without the auxiliary head', () => {
    const audit = auditGraph(inceptionV3());
    expect(layer(audit, 'Mixed_7c/concat')).toMatchObject({
      shape: ['N', 2048, 8, 8],
      factor: square(32),
      field: { size: square(1311), paddingBefore: square(618) },
    });
    expect(audit.parameters).toBe(23_834_568);
    expect((audit.macs ?? 0) / 1e9).toBeCloseTo(5.71, 2);
  });
});

describe('ViT-B/16', () => {
  const audit = auditGraph(vitB16());

  it('has 86,567,656 parameters and 17.56 billion multiply-accumulates, attention included', () => {
    expect(audit.parameters).toBe(86_567_656);
    expect((audit.macs ?? 0) / 1e9).toBeCloseTo(17.56, 2);
  });

  it('has 197 tokens 16 pixels apart, one of them the class token', () => {
    expect(layer(audit, 'blocks.11/add2')).toMatchObject({
      shape: ['N', 197, 768],
      places: { layout: 'tokens', axes: [1], classTokens: { before: 1, after: 0 } },
      factor: square(16),
      field: { size: square(16), paddingBefore: square(0), paddingAfter: square(0) },
      reach: 'joined',
    });
    expect(audit.factor).toEqual(square(16));
    expect(audit.notes).toEqual([
      'From blocks.0/add1 on, a branch that saw the whole picture joins in; fields are those of the local path.',
    ]);
  });

  it('takes the class token as no place of the picture', () => {
    expect(layer(audit, 'head')).toMatchObject({ shape: ['N', 1000], places: null, reach: 'global' });
  });
});
