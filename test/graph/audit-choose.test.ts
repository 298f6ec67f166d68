// Which layers are chosen, by what names they go, and what wrong selections are told.
import { describe, expect, it } from 'vitest';
import { auditGraph } from '../../src/graph/audit/audit.js';
import { chooseLayers } from '../../src/graph/audit/choose.js';
import type { LayerSelection } from '../../src/graph/audit/choose.js';
import type { OnnxModel } from '../../src/graph/read.js';
import { inceptionV3, mobilenetV2, network, resnet50, vgg16, vitB16 } from './audit-networks.js';

const chosen = (onnx: OnnxModel, selection?: LayerSelection): string[] =>
  chooseLayers(auditGraph(onnx), selection).layers.map(({ name }) => name);

describe('the default', () => {
  it('is each block of ResNet-50, and the last layer before each stride', () => {
    const names = chosen(resnet50('3x3'));
    expect(names.slice(0, 5)).toEqual(['relu1', 'pool1', 'layer1.0/relu', 'layer1.1/relu', 'layer1.2/relu']);
    expect(names).toHaveLength(18);
    expect(names.at(-1)).toBe('layer4.2/relu');
  });

  it('is each block of MobileNetV2, and the last layer before each stride, inside blocks too', () => {
    const names = chosen(mobilenetV2());
    expect(names.slice(0, 5)).toEqual([
      'stem/relu6',
      'block0/project/bn',
      'block1/expand/relu6',
      'block1/project/bn',
      'block2/add',
    ]);
    expect(names.slice(-2)).toEqual(['block16/project/bn', 'head/relu6']);
    expect(names.length).toBeLessThanOrEqual(40);
  });

  it('is the end of each stage of VGG-16, before and behind its pool', () => {
    expect(chosen(vgg16())).toEqual(
      [2, 2, 3, 3, 3].flatMap((count, i) => [`conv${i + 1}_${count}/relu`, `pool${i + 1}`]),
    );
  });

  it('is the concatenation of each Inception block', () => {
    const names = chosen(inceptionV3());
    expect(names.filter((name) => name.startsWith('Mixed'))).toEqual(
      ['5b', '5c', '5d', '6a', '6b', '6c', '6d', '6e', '7a', '7b', '7c'].map((block) => `Mixed_${block}/concat`),
    );
  });

  it('is each block of ViT-B/16, as tokens, the last behind the final normalisation', () => {
    const names = chosen(vitB16());
    expect(names.filter((name) => name.startsWith('blocks.'))).toEqual(
      Array.from({ length: 11 }, (_, i) => `blocks.${i}/add2`),
    );
    expect(names.at(-1)).toBe('norm');
  });

  it('is at most 40 layers, spread over the depth', () => {
    const net = network(['N', 3, 32, 32]);
    let at = 'pixels';
    for (let i = 0; i < 90; i++) at = net.conv(at, `unit${i}/conv`, [3, 3], { kernel: 3, pad: 1 });
    const names = chosen(net.finish(at));
    expect(names).toHaveLength(40);
    expect(names.at(-1)).toBe('unit89/conv');
  });
});

describe('selections', () => {
  it('take globs, within a scope and across', () => {
    expect(chosen(resnet50('3x3'), 'layer1.*/relu')).toEqual(['layer1.0/relu', 'layer1.1/relu', 'layer1.2/relu']);
    expect(chosen(resnet50('3x3'), '*')).toEqual(['conv1', 'relu1', 'pool1']);
    expect(chosen(resnet50('3x3'), 'layer{1,2}.0/**').length).toBeGreaterThan(10);
    expect(chosen(vgg16(), 'pool?')).toEqual(['pool1', 'pool2', 'pool3', 'pool4', 'pool5']);
  });

  it('take lists of names and globs, and give them in data order', () => {
    expect(chosen(vgg16(), ['pool3', 'conv1_1', 'pool1'])).toEqual(['conv1_1', 'pool1', 'pool3']);
  });

  it('take all layers, and say which have no places', () => {
    const { layers, skipped } = chooseLayers(auditGraph(vgg16()), 'all');
    expect(layers).toHaveLength(13 * 2 + 5);
    expect(skipped.map(({ layer }) => layer.name)).toEqual(['fc6', 'fc7', 'fc8']);
  });

  it('skip layers without spatial axes, and say so', () => {
    const { layers, skipped } = chooseLayers(auditGraph(vgg16()), ['pool5', 'fc8']);
    expect(layers.map(({ name }) => name)).toEqual(['pool5']);
    expect(skipped.map(({ layer, reason }) => [layer.name, reason])).toEqual([['fc8', 'it has no spatial axes']]);
  });

  it.each([
    ['conv5_4', /^Unknown layer "conv5_4"\. Did you mean "conv1_\d"|"conv5_\d"/],
    [
      'stage*/relu',
      /^Expected a pattern that fits a layer's name but "stage\*\/relu" fits none of 34\. .*A \* stays within a scope \(up to the next \/\), \*\* crosses scopes\.$/,
    ],
    ['fc*', /^Expected at least one layer with spatial axes but "fc\*" names only layers without: fc6, fc7, fc8\. /],
  ])('refuse %s', (selection, message) => {
    expect(() => chosen(vgg16(), selection)).toThrow(message);
  });
});

describe('names', () => {
  const renamed = (name: (i: number, op: string) => string, weights = (weight: string) => weight): string[] => {
    const net = network(['N', 3, 32, 32]);
    let at = net.conv('pixels', 'features.0', [3, 4], { kernel: 3 });
    at = net.add('Relu', [at], 'relu0');
    at = net.conv(at, 'features.3.conv', [4, 4], { kernel: 3, stride: 2 });
    at = net.add('Relu', [at], 'relu1');
    const onnx = net.finish(at);
    for (const [i, node] of onnx.graph.node.entries()) {
      node.name = name(i, node.opType);
      node.input = node.input.map(weights);
    }
    for (const weight of onnx.graph.initializer) weight.name = weights(weight.name);
    return auditGraph(onnx).layers.map((layer) => layer.name);
  };

  it('are the nodes’ own without leading slashes', () => {
    expect(renamed((i, op) => `/features/${i}/${op}`)).toEqual([
      'features/0/Conv',
      'features/1/Relu',
      'features/2/Conv',
      'features/3/Relu',
    ]);
  });

  it.each([
    ['empty', () => ''],
    ['numbers', (i: number) => String(i + 40)],
    ['counted operators', (i: number, op: string) => `${op}_${i}`],
    ['counted nodes', (i: number) => `node_${i}`],
  ])('are those of the weights where nodes’ are %s', (_, name) => {
    expect(renamed(name)).toEqual([
      'features.0 (Conv)',
      'features.0 (Relu)',
      'features.3.conv (Conv)',
      'features.3.conv (Relu)',
    ]);
  });

  it('are operators and their count where weights have no names either', () => {
    const anonymous = (weight: string) =>
      weight === 'pixels' || !weight.endsWith('weight') ? weight : `onnx::Conv_${weight.length}`;
    expect(renamed(() => '', anonymous)).toEqual(['Conv 1', 'Relu 1', 'Conv 2', 'Relu 2']);
  });
});
